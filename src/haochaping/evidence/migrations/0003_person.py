"""Who was rated himself brings evidence in his own name."""

from django.db import migrations, models

SIDES = ("rated", "person", "authority")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_video")]
    operations = [
        migrations.AlterField(
            "evidencefile", "side", models.CharField(choices=[(each, each) for each in SIDES], max_length=10)
        ),
    ]
