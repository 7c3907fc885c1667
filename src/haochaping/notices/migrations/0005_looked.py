"""That somebody has looked at who a person is, is told as well."""

from django.db import migrations, models

KINDS = ("nearing", "overdue", "escalated", "given", "contestable", "looked", "alarm", "video")


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_kinds")]
    operations = [
        migrations.AlterField(
            "notice", "kind", models.CharField(choices=[(each, each) for each in KINDS], max_length=20)
        ),
    ]
