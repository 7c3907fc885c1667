"""A rating's row without what most ratings have: no tags, the citizen himself, and its rules by a code. No row is rewritten."""

import django.contrib.postgres.fields
from django.db import migrations, models

ORIGINS = (
    *("citizen", "device", "client", "client_of_rated", "paper_entry", "hotline_entry"),
    *("upper_platform", "import", "simulation"),
)


class Migration(migrations.Migration):
    dependencies = [("ratings", "0014_by_time")]
    operations = [
        migrations.CreateModel(
            name="Ruleset",
            fields=[
                ("code", models.BigIntegerField(primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField("rating", "ruleset", models.BigIntegerField(null=True)),
        migrations.AlterField("rating", "profile", models.CharField(max_length=40, null=True)),
        migrations.AlterField(
            "rating",
            "origin",
            models.CharField(choices=[(each, each) for each in ORIGINS], max_length=20, null=True),
        ),
        migrations.AlterField(
            "rating",
            "tags",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(), null=True, size=None
            ),
        ),
    ]
