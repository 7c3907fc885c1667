"""The desk's order of lines and its classes are read from indexes, however many orders there are."""

from datetime import date

from django.db import migrations, models
from django.db.models import Case, DateField, Value, When
from django.db.models.functions import Coalesce, TruncDate

from haochaping.foundation.clock import CN

OPEN = ~models.Q(state="closed")
CLASSED = ~models.Q(bad_class="")
PRESSES = Coalesce(
    Case(
        When(state__in=("opened", "taken", "verified", "explained"), then=TruncDate("due_at", tzinfo=CN)),
        output_field=DateField(),
    ),
    Value(date.max),
    output_field=DateField(),
)


class Migration(migrations.Migration):
    dependencies = [("rectification", "0017_times")]
    operations = [
        migrations.AddIndex(
            "workorder", models.Index(PRESSES, "week", "number", condition=OPEN, name="order_urgency")
        ),
        migrations.AddIndex(
            "workorder",
            models.Index(
                fields=["division_id", "bad_class", "organisation_id", "state"],
                condition=CLASSED,
                name="order_class",
            ),
        ),
    ]
