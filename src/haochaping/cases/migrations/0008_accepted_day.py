"""The day of the acceptance lies with the occasion, for rules that want old cases judged by old rules."""

from django.db import migrations, models

KNOWN = """
UPDATE cases_serviceoccasion AS o SET accepted_day = (c.accepted_at AT TIME ZONE 'Asia/Shanghai')::date
FROM cases_case AS c WHERE c.id = o.case_id;
"""


class Migration(migrations.Migration):

    dependencies = [("cases", "0007_coverage")]

    operations = [
        migrations.AddField(
            model_name="serviceoccasion", name="accepted_day", field=models.DateField(null=True)
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
