"""A receipt's number is looked up whole. Django's second index on it serves LIKE where a locale sorts otherwise than bytes, and
cost every rating an entry at a random place."""

from django.db import migrations

DROP = "DROP INDEX IF EXISTS ratings_receipt_number_4b8706a8_like"
MAKE = "CREATE INDEX ratings_receipt_number_4b8706a8_like ON ratings_receipt (number varchar_pattern_ops)"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0007_later_words")]
    operations = [migrations.RunSQL(DROP, MAKE)]
