"""Decisions that a rating does not count, or counts again: rows beside the rating, which the database refuses to alter."""

from django.db import migrations, models
from django.db.models import F, Q

REFUSE = """
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON ratings_voiding
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();
"""
ALLOW = "DROP TRIGGER unalterable ON ratings_voiding;"
EFFECTS = ["", "not_counted", "unrated", "default"]


class Migration(migrations.Migration):
    dependencies = [("ratings", "0008_one_index_of_receipts")]
    operations = [
        migrations.CreateModel(
            name="Voiding",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rating_id", models.UUIDField()),
                ("ordinal", models.SmallIntegerField()),
                (
                    "effect",
                    models.CharField(
                        blank=True, choices=[(effect, effect) for effect in EFFECTS], max_length=20
                    ),
                ),
                ("level", models.SmallIntegerField(null=True)),
                ("ground", models.CharField(blank=True, max_length=80)),
                ("clause", models.CharField(blank=True, max_length=200)),
                ("proposed_by", models.CharField(max_length=100)),
                ("confirmed_by", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rating_id", "ordinal"), name="voiding_in_order"),
                    models.CheckConstraint(
                        condition=Q(("proposed_by", F("confirmed_by")), _negated=True), name="voiding_by_two"
                    ),
                    models.CheckConstraint(condition=Q(("effect__in", EFFECTS)), name="voiding_effect"),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("effect", "default"), ("level__isnull", False)),
                            Q(Q(("effect", "default"), _negated=True), ("level__isnull", True)),
                            _connector="OR",
                        ),
                        name="voiding_level",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
