"""The desk: views that officials keep, the channel of the rating, indexes of lists."""

from django.db import migrations, models
from django.db.models.functions import TruncDate

from haochaping.foundation.clock import CN

OPEN = ~models.Q(state="closed")
CLOSED = models.Q(state="closed")
ENTERED = models.Q(act__in=["plan", "ask_extension"])


class Migration(migrations.Migration):
    dependencies = [("rectification", "0014_rated")]
    operations = [
        migrations.CreateModel(
            "SavedView",
            [
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("official_id", models.UUIDField()),
                ("name", models.CharField(max_length=20)),
                ("query", models.CharField(blank=True, max_length=300)),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            "savedview", models.UniqueConstraint(fields=("official_id", "name"), name="view_once")
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(
                fields=("official_id",), condition=models.Q(is_default=True), name="view_default"
            ),
        ),
        migrations.AddField("workorder", "channel", models.SmallIntegerField(null=True)),
        migrations.AddIndex(
            "workorder", models.Index(fields=["organisation_id"], condition=OPEN, name="order_open")
        ),
        migrations.AddIndex(
            "workorder",
            models.Index(
                TruncDate("closed_at", tzinfo=CN).desc(), "number", condition=CLOSED, name="order_ended"
            ),
        ),
        migrations.AddIndex(
            "orderstep", models.Index(fields=["order"], condition=ENTERED, name="step_ledger")
        ),
    ]
