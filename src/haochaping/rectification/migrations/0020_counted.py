"""Whether a verified order was counted for the rules about repeated bad ratings stands on the order, so that a sweep finds those
that were not in an index, however many were. The table that said it stays for a worker of the version before, and goes in the
next release: what that worker counts meanwhile is counted once more, which changes nothing."""

from django.db import migrations, models

COUNTED = """
UPDATE rectification_workorder o SET counted = true FROM rectification_plannedlimit p WHERE p.order_id = o.id
"""
# Nothing empties that table any more, and it is not to keep an order from being taken away.
LET_GO = """
DO $$ DECLARE held text; BEGIN
    SELECT conname INTO STRICT held FROM pg_constraint WHERE contype = 'f' AND conrelid = 'rectification_plannedlimit'::regclass;
    EXECUTE format('ALTER TABLE rectification_plannedlimit DROP CONSTRAINT %I', held);
END $$
"""
UNCOUNTED = models.Q(exclusion="", counted=False) & ~models.Q(finding="")


class Migration(migrations.Migration):
    dependencies = [("rectification", "0019_told_later")]
    operations = [
        migrations.AddField("workorder", "counted", models.BooleanField(db_default=False)),
        migrations.AddIndex(
            "workorder", models.Index(fields=["id"], name="order_uncounted", condition=UNCOUNTED)
        ),
        migrations.RunSQL(LET_GO, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("PlannedLimit")]),
    ]
