"""Parts of joint orders and ratings of oneself are told as well."""

from django.db import migrations, models

KINDS = ("nearing", "overdue", "escalated", "given", "contestable", "alarm", "video")


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_step")]
    operations = [
        migrations.AlterField(
            "notice", "kind", models.CharField(choices=[(each, each) for each in KINDS], max_length=20)
        ),
    ]
