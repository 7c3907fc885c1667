"""What was set off by a revisit that is about no order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0008_late_reports")]
    operations = [
        migrations.AddField("revisit", "set_off", models.CharField(blank=True, db_default="", max_length=20)),
    ]
