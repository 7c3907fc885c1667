"""Online channels are asked of organisations, those on the spot of halls: each index has the ratings it is asked for, and a rating
is in one at most. Made and dropped while ratings come in."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

ONLINE, ON_THE_SPOT = (1, 2), (3, 4, 5)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ratings", "0015_narrow")]
    operations = [
        AddIndexConcurrently(
            "rating",
            models.Index(
                condition=models.Q(channel__in=ONLINE),
                fields=["organisation_id", "channel", "service_day"],
                name="rating_came_online",
            ),
        ),
        AddIndexConcurrently(
            "rating",
            models.Index(
                condition=models.Q(channel__in=ON_THE_SPOT, hall_id__isnull=False),
                fields=["hall_id", "channel", "service_day"],
                name="rating_on_the_spot",
            ),
        ),
        RemoveIndexConcurrently("rating", "rating_of_organisation"),
        RemoveIndexConcurrently("rating", "rating_in_hall"),
    ]
