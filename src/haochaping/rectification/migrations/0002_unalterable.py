"""The steps of an order are its history: the database itself refuses to alter or remove them."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION rectification_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% may not be changed: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON rectification_orderstep
    FOR EACH STATEMENT EXECUTE FUNCTION rectification_refuse();
"""
ALLOW = """
DROP TRIGGER unalterable ON rectification_orderstep;
DROP FUNCTION rectification_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
