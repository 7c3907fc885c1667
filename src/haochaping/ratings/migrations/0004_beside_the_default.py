"""A rating that follows a default does not take its place everywhere: then it is kept beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("ratings", "0003_after_the_default")]

    operations = [
        migrations.AddField(
            model_name="defaultrating", name="default_stays", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(
            model_name="defaultrating", name="followed_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="rating", name="beside_default", field=models.BooleanField(db_default=False)
        ),
    ]
