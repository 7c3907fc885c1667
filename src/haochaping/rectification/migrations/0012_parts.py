"""Joint orders: the part of each organisation beside the one that leads, with its history."""

import django.db.models.deletion
from django.db import migrations, models

STATES = ("waiting", "taken", "done", "released")
REFUSE = """
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON rectification_partstep
    FOR EACH STATEMENT EXECUTE FUNCTION rectification_refuse();
"""
ALLOW = "DROP TRIGGER unalterable ON rectification_partstep"


class Migration(migrations.Migration):
    dependencies = [("rectification", "0011_report_form")]
    operations = [
        migrations.CreateModel(
            name="OrderPart",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("organisation_id", models.IntegerField()),
                (
                    "state",
                    models.CharField(choices=[(state, state) for state in STATES], max_length=20),
                ),
                ("asked", models.TextField(blank=True)),
                ("until", models.DateField(null=True)),
                ("finding", models.CharField(blank=True, max_length=20)),
                ("verified", models.TextField(blank=True)),
                ("rectified", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_provisional", models.BooleanField(default=False)),
                ("due_clause", models.CharField(blank=True, max_length=200)),
                ("revision", models.IntegerField(default=0)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="rectification.workorder",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "organisation_id"), name="part_once")
                ],
                "indexes": [models.Index(fields=["organisation_id", "state"], name="part_desk")],
            },
        ),
        migrations.CreateModel(
            name="PartStep",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=20)),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("actor", models.CharField(max_length=200)),
                ("official_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("revision", models.IntegerField()),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="rectification.orderpart",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("part", "revision"), name="part_step_once")
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
