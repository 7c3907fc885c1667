"""What the rated say against a rating, beside its order; the steps are history, which the database refuses to alter."""

import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON rectification_objectionstep
    FOR EACH STATEMENT EXECUTE FUNCTION rectification_refuse();
"""
ALLOW = "DROP TRIGGER unalterable ON rectification_objectionstep;"
KINDS = ["objection", "appeal"]
BY = ["rated_organisation", "rated_person"]
STATES = ["filed", "accepted", "proposed", "decided", "voiding", "restoring", "withdrawn"]
PENDING = ["accepted", "filed", "proposed"]


def _chosen(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Migration(migrations.Migration):
    dependencies = [("rectification", "0005_later_words")]
    operations = [
        migrations.AddField("workorder", "stands_still", models.BooleanField(db_default=False)),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=_chosen(KINDS), max_length=20)),
                ("by", models.CharField(choices=_chosen(BY), max_length=20)),
                ("ground", models.CharField(max_length=80)),
                ("reasons", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("organisation_id", models.IntegerField()),
                ("body_id", models.IntegerField()),
                ("filed_by", models.UUIDField()),
                ("filed_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("state", models.CharField(choices=_chosen(STATES), max_length=20)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("found", models.CharField(blank=True, max_length=80)),
                ("findings", models.TextField(blank=True)),
                ("heard", models.TextField(blank=True)),
                ("reply", models.TextField(blank=True)),
                ("proposed_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("by_silence", models.BooleanField(default=False)),
                ("effect", models.CharField(blank=True, max_length=20)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_provisional", models.BooleanField(default=False)),
                ("due_clause", models.CharField(blank=True, max_length=200)),
                ("silence", models.CharField(blank=True, max_length=20)),
                ("revision", models.IntegerField(default=0)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="rectification.workorder",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["body_id", "state", "due_at"], name="objection_desk")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", PENDING)),
                        fields=("order",),
                        name="objection_one_pending",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionStep",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=20)),
                ("actor", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("clause", models.CharField(blank=True, max_length=200)),
                ("revision", models.IntegerField()),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="rectification.objection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("objection", "revision"), name="objection_step_once")
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
