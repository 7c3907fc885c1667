"""A default knows until when a rating is in time before it, and whether one may follow it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("ratings", "0002_unalterable")]

    operations = [
        migrations.AddField(
            model_name="defaultrating", name="in_time_until", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(
            "UPDATE ratings_defaultrating SET in_time_until = due_at", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="defaultrating", name="in_time_until", field=models.DateTimeField()
        ),
        migrations.AddField(
            model_name="defaultrating", name="after_default", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(
            model_name="defaultrating", name="after_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="defaultrating", name="after_provisional", field=models.BooleanField(db_default=False)
        ),
        migrations.AddIndex(
            model_name="defaultrating",
            index=models.Index(
                condition=models.Q(
                    ("after_at__isnull", False), ("after_default", True), ("superseded_at__isnull", True)
                ),
                fields=["after_at"],
                name="default_followed_until",
            ),
        ),
    ]
