"""The case that a rater by a static code names, and the claim that his rating takes for it."""

import django.contrib.postgres.fields
from django.db import migrations, models

REFUSE = """CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON ratings_match
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();"""
ALLOW = "DROP TRIGGER unalterable ON ratings_match;"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0009_voiding")]
    operations = [
        migrations.CreateModel(
            name="Match",
            fields=[
                ("service_day", models.DateField()),
                ("division_id", models.IntegerField()),
                ("organisation_id", models.IntegerField()),
                ("hall_id", models.IntegerField(null=True)),
                ("window_id", models.IntegerField(null=True)),
                ("staff_id", models.IntegerField(null=True)),
                ("item_id", models.IntegerField(null=True)),
                ("weight", models.SmallIntegerField(db_default=1)),
                (
                    "shared_with",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), null=True, size=None
                    ),
                ),
                ("profile", models.CharField(max_length=40)),
                ("rating_id", models.UUIDField(primary_key=True, serialize=False)),
                ("claim_id", models.UUIDField(unique=True)),
                ("occasion_id", models.UUIDField()),
                ("beside", models.BooleanField()),
                ("matched_at", models.DateTimeField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="NamedCase",
            fields=[
                ("rating_id", models.UUIDField(primary_key=True, serialize=False)),
                ("window_id", models.IntegerField()),
                ("day", models.DateField()),
                ("number", models.TextField(blank=True)),
                ("look_at", models.DateTimeField()),
                ("looks", models.SmallIntegerField(db_default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("matched", "matched"),
                            ("several", "several"),
                            ("taken", "taken"),
                            ("unfit", "unfit"),
                            ("voided", "voided"),
                            ("unmatched", "unmatched"),
                        ],
                        db_default="",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "")), fields=["look_at"], name="named_case_waiting"
                    )
                ]
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(
                condition=models.Q(("occasion_id__isnull", True)),
                fields=["service_day", "organisation_id"],
                name="rating_without_case",
            ),
        ),
    ]
