"""What came in within a span of time: for samples of ratings."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ratings", "0013_staff_level_corrected")]
    operations = [
        migrations.AddIndex("rating", BrinIndex(fields=["received_at"], name="rating_received")),
        migrations.AddIndex("defaultrating", BrinIndex(fields=["defaulted_at"], name="default_arisen")),
    ]
