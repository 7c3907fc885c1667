"""An order says that it came about by what was said of the member of staff."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0009_verdicts")]
    operations = [migrations.AddField("workorder", "about_staff", models.BooleanField(db_default=False))]
