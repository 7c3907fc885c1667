"""A notice tells which step's limit it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_video")]
    operations = [migrations.AddField("notice", "step", models.CharField(blank=True, db_default="", max_length=40))]
