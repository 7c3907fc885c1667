"""A rating that follows a default does not take its place everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_quarantine")]

    operations = [
        migrations.AddField(
            model_name="waiting", name="default_stays", field=models.BooleanField(db_default=False)
        ),
    ]
