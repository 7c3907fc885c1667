"""Numbers the steps of an order: two in one instant, or a clock set back, must not change their order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0003_inbox_retries")]
    operations = [
        migrations.AddField("orderstep", "revision", models.IntegerField(default=0), preserve_default=False),
        migrations.AddConstraint(
            "orderstep", models.UniqueConstraint(fields=["order", "revision"], name="step_once")
        ),
    ]
