"""What 0003 left for a process of the version before goes: alarms have waited in the one outbox since."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0009_set_off")]
    operations = [migrations.RunSQL("DROP TABLE oversight_alarmnotice", migrations.RunSQL.noop)]
