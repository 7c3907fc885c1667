"""A report of pressure that is taken is a work order of the authority's own: number, further states, what is laid down."""

from django.db import migrations, models

STATES = ("received", "taken", "verified", "decided", "measured", "answered", "closed")


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_revisits")]
    operations = [
        migrations.AlterField(
            "pressurereport",
            "state",
            models.CharField(choices=[(state, state) for state in STATES], max_length=20),
        ),
        migrations.AddField("pressurereport", "order_number", models.CharField(db_default="", max_length=20)),
        migrations.AddField("pressurereport", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("pressurereport", "due_provisional", models.BooleanField(db_default=False)),
        migrations.AddField("pressurereport", "due_clause", models.CharField(db_default="", max_length=200)),
        migrations.AddConstraint(
            "pressurereport",
            models.UniqueConstraint(
                condition=models.Q(("order_number", ""), _negated=True),
                fields=("order_number",),
                name="pressure_order_once",
            ),
        ),
    ]
