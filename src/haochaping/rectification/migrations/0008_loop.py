"""The whole way of an order: what is said with an act, the class of a bad rating, and the limit of every step."""

import django.db.models.deletion
from django.db import migrations, models

STATES = (
    "opened",
    "returned",
    "taken",
    "verified",
    "explained",
    "rectified",
    "drafted",
    "answered",
    "closed",
)

# The limits of open orders, as the orders themselves told them until now.
KEEP = """
INSERT INTO rectification_orderdeadline
    (order_id, step, organisation_id, due_at, provisional, clause, met_at, lapses, untold)
SELECT o.id, 'rectification', o.organisation_id, o.due_at, o.due_provisional, o.due_clause,
       CASE WHEN o.state IN ('rectified', 'answered') THEN (
           SELECT max(s.at) FROM rectification_orderstep s WHERE s.order_id = o.id AND s.act = 'rectify') END,
       false, false
FROM rectification_workorder o WHERE o.due_at IS NOT NULL AND o.state <> 'closed'
"""


class Migration(migrations.Migration):
    dependencies = [("rectification", "0007_escalations")]
    operations = [
        migrations.AlterField(
            "workorder",
            "state",
            models.CharField(choices=[(state, state) for state in STATES], max_length=20),
        ),
        migrations.AddField("workorder", "reasonable", models.BooleanField(null=True)),
        migrations.AddField(
            "workorder", "bad_class", models.CharField(blank=True, db_default="", max_length=40)
        ),
        migrations.AddField("orderstep", "official_id", models.UUIDField(null=True)),
        migrations.AddField("orderstep", "said", models.JSONField(db_default={}, default=dict)),
        migrations.CreateModel(
            name="OrderDeadline",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id", "step", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.CharField(max_length=40)),
                ("organisation_id", models.IntegerField()),
                ("due_at", models.DateTimeField(null=True)),
                ("provisional", models.BooleanField()),
                ("clause", models.CharField(blank=True, max_length=200)),
                ("met_at", models.DateTimeField(null=True)),
                ("lapses", models.BooleanField()),
                ("untold", models.BooleanField()),
                ("was_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="rectification.workorder",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lapses", True), ("met_at__isnull", True), ("provisional", False)),
                        fields=["due_at"],
                        name="deadline_lapsing",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
