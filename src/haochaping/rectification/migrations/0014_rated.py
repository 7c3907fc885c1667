"""An order tells whose rating it is about, also when another organisation handles it."""

from django.db import migrations, models

# As their ratings have it.
FILL = """
UPDATE rectification_workorder o SET rated_id = r.organisation_id FROM ratings_rating r WHERE r.id = o.subject_id
"""


class Migration(migrations.Migration):
    dependencies = [("rectification", "0013_escalations_of_steps"), ("ratings", "0001_initial")]
    operations = [
        migrations.AddField("workorder", "rated_id", models.IntegerField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "workorder", models.Index(fields=["rated_id", "-week"], name="order_rated")
        ),
    ]
