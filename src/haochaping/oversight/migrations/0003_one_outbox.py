"""Alarms are told out of the outbox of notices. What was not told yet goes there under an id of its own; the old table stays
for a process of the last version, which finds nothing left in it to send, and goes in a later release."""

from django.db import migrations

MOVE = """
INSERT INTO notices_notice (id, cause, channel, official_id, kind, action, superior, subject, reference, last_day, clause, body,
                            created_at, state, due_at, attempts, tried_at, ended_at, last_error)
SELECT encode(substr(sha256(convert_to('alarm:' || id || ':alarm:', 'UTF8')), 1, 16), 'hex')::uuid, 'alarm:' || id, 'alarm',
       NULL, 'alarm', '', false, '', NULL, NULL, '', body, created_at,
       CASE WHEN given_up_at IS NULL THEN 'waiting' ELSE 'given_up' END, due_at, attempts,
       CASE WHEN attempts > 0 THEN created_at END, given_up_at, last_error
FROM oversight_alarmnotice WHERE sent_at IS NULL
ON CONFLICT (id) DO NOTHING;
UPDATE oversight_alarmnotice SET given_up_at = now() WHERE sent_at IS NULL AND given_up_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_pressure_reports"), ("notices", "0001_initial")]
    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("AlarmNotice")]),
    ]
