"""A rating is what the citizen said: the database itself refuses to alter or remove it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ratings_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% may not be changed: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON ratings_rating
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();
"""
ALLOW = """
DROP TRIGGER unalterable ON ratings_rating;
DROP FUNCTION ratings_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
