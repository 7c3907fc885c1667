"""What the rules set off is planned for the limit of each step, and each tells for which end; decisions on objections have
limits among them."""

from django.db import migrations, models

# Undecided objections whose body has a limit.
DECISIONS = """
INSERT INTO rectification_orderdeadline
    (order_id, step, organisation_id, due_at, provisional, clause, met_at, lapses, untold)
SELECT order_id, CASE kind WHEN 'appeal' THEN 'appeal_decision' ELSE 'decision' END, body_id, due_at, due_provisional,
       due_clause, NULL, false, false
FROM rectification_objection WHERE state IN ('filed', 'accepted', 'proposed') AND due_at IS NOT NULL
ON CONFLICT DO NOTHING
"""
# What was planned is planned anew, by the limits themselves.
UNPLAN = "DELETE FROM rectification_escalation WHERE state = 'planned' AND same = ''"


class Migration(migrations.Migration):
    dependencies = [("rectification", "0012_parts")]
    operations = [
        migrations.AddField("orderdeadline", "planned_for", models.DateTimeField(null=True)),
        migrations.AddField(
            "orderdeadline", "edition", models.CharField(blank=True, db_default="", max_length=64)
        ),
        migrations.AlterField("plannedlimit", "provisional", models.BooleanField(db_default=False)),
        migrations.AddIndex(
            "orderdeadline",
            models.Index(
                condition=models.Q(("met_at__isnull", True), ("provisional", False)),
                fields=["due_at"],
                name="deadline_running",
            ),
        ),
        migrations.RunSQL(DECISIONS, migrations.RunSQL.noop),
        migrations.RunSQL(UNPLAN, migrations.RunSQL.noop),
    ]
