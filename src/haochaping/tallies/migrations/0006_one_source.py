"""Doors of before 2026-12 are gone, and nothing reads what they appended. Their tables stay for a worker of the version before,
which folds out of them as well, and go in the next release."""

from django.db import migrations

# Dropped unseen it would be missing in every count.
FOLDED = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM tallies_delta) OR EXISTS (SELECT FROM tallies_staffdelta) OR EXISTS (SELECT FROM tallies_stale) THEN
        RAISE EXCEPTION 'changes of an earlier version wait to be folded: let its worker run until haochaping_fold_backlog is 0';
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("tallies", "0005_corrections")]
    operations = [
        migrations.RunSQL(FOLDED, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(each) for each in ("Delta", "StaffDelta", "Stale")]
        ),
    ]
