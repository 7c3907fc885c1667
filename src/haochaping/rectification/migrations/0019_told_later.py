"""From when somebody is told of what the rater's own instant brought about, and of which end of a part it was told."""

from django.db import migrations, models

RUNNING = models.Q(state__in=["waiting", "taken"], due_provisional=False)


class Migration(migrations.Migration):
    dependencies = [("rectification", "0018_desk_at_size")]
    operations = [
        migrations.AddField("workorder", "tell_staff_at", models.DateTimeField(null=True)),
        migrations.AddField("orderpart", "tell_at", models.DateTimeField(null=True)),
        migrations.AddField("orderpart", "late_for", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "workorder",
            models.Index(
                fields=["tell_staff_at"],
                name="order_untold",
                condition=models.Q(tell_staff_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "orderpart",
            models.Index(
                fields=["tell_at"], name="part_untold", condition=models.Q(tell_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "orderpart", models.Index(fields=["due_at"], name="part_running", condition=RUNNING)
        ),
    ]
