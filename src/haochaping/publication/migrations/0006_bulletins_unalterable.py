"""What was made stays: the database itself refuses to alter or remove it."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_bulletin
    FOR EACH STATEMENT EXECUTE FUNCTION publication_refuse();
"""
ALLOW = "DROP TRIGGER unalterable ON publication_bulletin;"


class Migration(migrations.Migration):
    dependencies = [("publication", "0005_bulletin")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
