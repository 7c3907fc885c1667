"""What raters say later, and what they no longer consent to: rows beside the rating, which the database refuses to alter."""

import django.contrib.postgres.fields
from django.db import migrations, models

REFUSE = "\n".join(
    f"""CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();"""
    for table in ("ratings_laterword", "ratings_withdrawnconsent")
)
ALLOW = """
DROP TRIGGER unalterable ON ratings_laterword;
DROP TRIGGER unalterable ON ratings_withdrawnconsent;
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0006_units")]
    operations = [
        migrations.CreateModel(
            name="LaterWord",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rating_id", models.UUIDField()),
                ("ordinal", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correction", "correction"),
                            ("supplement", "supplement"),
                            ("follow_up", "follow_up"),
                        ],
                        max_length=20,
                    ),
                ),
                ("level", models.SmallIntegerField(null=True)),
                ("bad", models.BooleanField()),
                ("counts", models.BooleanField()),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("norm_version", models.SmallIntegerField()),
                ("received_at", models.DateTimeField()),
                ("submission", models.BinaryField()),
                ("profile", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rating_id", "ordinal"), name="later_word_in_order"),
                    models.UniqueConstraint(fields=("rating_id", "submission"), name="later_word_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="later_word_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counts", False), ("level__isnull", False), _connector="OR"),
                        name="later_word_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["correction", "supplement", "follow_up"])),
                        name="later_word_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WithdrawnConsent",
            fields=[
                ("rating_id", models.UUIDField(primary_key=True, serialize=False)),
                ("withdrawn_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
