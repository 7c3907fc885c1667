"""An order takes in what its rater says later; one whose rating was a mistake is closed for that stated reason."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0004_step_revision")]
    operations = [
        migrations.AddField(
            "workorder",
            "additions",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], size=None
            ),
        ),
        migrations.AddField("workorder", "words_seen", models.SmallIntegerField(db_default=0)),
        migrations.AddField(
            "workorder", "exclusion", models.CharField(blank=True, db_default="", max_length=20)
        ),
    ]
