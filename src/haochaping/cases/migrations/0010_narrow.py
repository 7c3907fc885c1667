"""What stands elsewhere is not kept with an occasion again: the first version has its id, the instant of its report is that of
the id and of the version, and the services of a case are found by their natural keys.

`reported_at` stays as long as processes of the release before may write it: the next release drops it.
"""

import django.db.models.deletion
from django.db import migrations, models

OPTIONAL = "ALTER TABLE cases_serviceoccasion ALTER COLUMN reported_at DROP NOT NULL"


class Migration(migrations.Migration):

    dependencies = [("cases", "0009_units")]

    operations = [
        migrations.AlterField(
            model_name="serviceoccasion", name="version_id", field=models.UUIDField(null=True)
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OPTIONAL, migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveField(model_name="serviceoccasion", name="reported_at")],
        ),
        migrations.AlterField(
            model_name="serviceoccasion",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="occasions",
                to="cases.case",
            ),
        ),
    ]
