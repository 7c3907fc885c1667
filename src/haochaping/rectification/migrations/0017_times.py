"""What is counted over several orders when its instant has come (逾期三次的……)."""

from django.db import migrations, models

STATES = ["planned", "set_off", "lapsed", "uncounted", "counted"]


class Migration(migrations.Migration):
    dependencies = [("rectification", "0016_objections_in_order")]
    operations = [
        migrations.AlterField(
            "escalation", "state", models.CharField(choices=[(each, each) for each in STATES], max_length=10)
        ),
        migrations.AddIndex(
            "escalation",
            models.Index(
                fields=["at"], condition=models.Q(state="uncounted"), name="escalation_uncounted"
            ),
        ),
    ]
