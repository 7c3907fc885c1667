"""A correction says the level of the member of staff anew as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ratings", "0012_withdrawals")]
    operations = [migrations.AddField("laterword", "staff_level", models.SmallIntegerField(null=True))]
