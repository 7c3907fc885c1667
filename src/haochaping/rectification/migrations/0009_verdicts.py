"""An order takes in what its rater makes of the answer, and waits for it as long as the rules say."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0008_loop")]
    operations = [
        migrations.AddField("workorder", "verdicts_seen", models.SmallIntegerField(db_default=0)),
        migrations.AddField(
            "workorder", "verdict", models.CharField(blank=True, db_default="", max_length=20)
        ),
        migrations.AddField(
            "workorder", "set_off", models.CharField(blank=True, db_default="", max_length=20)
        ),
        migrations.AddField("workorder", "silence_at", models.DateTimeField(null=True)),
        migrations.AddField("workorder", "silence_provisional", models.BooleanField(db_default=False)),
        migrations.AddIndex(
            "workorder",
            models.Index(
                condition=models.Q(("silence_at__isnull", False), ("silence_provisional", False)),
                fields=["silence_at"],
                name="order_silence",
            ),
        ),
    ]
