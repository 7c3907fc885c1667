"""Values from outside that an official enters: with the date of the document, and confirmed by another person."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_editions")]

    operations = [
        migrations.AddField("enteredvalue", "documented_on", models.DateField(null=True)),
        migrations.AddField("enteredvalue", "division_id", models.IntegerField(null=True)),
        migrations.AddField("enteredvalue", "entered_by_id", models.UUIDField(null=True)),
        migrations.AddField("enteredvalue", "confirmed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "enteredvalue",
            "decided_by",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField("enteredvalue", "decided_by_id", models.UUIDField(null=True)),
        migrations.AddField("enteredvalue", "decided_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "enteredvalue",
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("entered_by_id")),
                name="entered_value_by_two",
            ),
        ),
    ]
