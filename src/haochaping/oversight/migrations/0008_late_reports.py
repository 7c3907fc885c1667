"""Of which end of an order of the authority's own it was told that it has passed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0007_revisits_of_ratings")]
    operations = [migrations.AddField("pressurereport", "late_for", models.DateTimeField(null=True))]
