"""What was published stays: the database itself refuses to alter or remove it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION publication_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% may not be changed: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_publication
    FOR EACH STATEMENT EXECUTE FUNCTION publication_refuse();
"""
ALLOW = """
DROP TRIGGER unalterable ON publication_publication;
DROP FUNCTION publication_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("publication", "0003_publication")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
