"""Evidence files. What was brought is never replaced: the database itself refuses to change anything but a withdrawal, once."""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND to_jsonb(NEW) - '{withdrawn_at,withdrawer,withdrawal}'::text[]
            = to_jsonb(OLD) - '{withdrawn_at,withdrawer,withdrawal}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% may not be changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER unalterable BEFORE UPDATE ON evidence_file FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
"""
LET = """
DROP TRIGGER unalterable ON evidence_file;
DROP FUNCTION evidence_refuse();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("matter_id", models.UUIDField()),
                ("part_id", models.UUIDField(null=True)),
                ("number", models.CharField(max_length=20)),
                ("side", models.CharField(choices=[("rated", "rated"), ("authority", "authority")], max_length=10)),
                ("organisation_id", models.IntegerField()),
                ("added_by", models.UUIDField()),
                ("adder", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("pdf", "pdf"),
                            ("jpeg", "jpeg"),
                            ("png", "png"),
                            ("docx", "docx"),
                            ("xlsx", "xlsx"),
                            ("text", "text"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.BinaryField()),
                ("note", models.BinaryField(null=True)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawer", models.CharField(blank=True, max_length=200)),
                ("withdrawal", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "evidence_file",
                "indexes": [models.Index(fields=["matter_id", "added_at"], name="evidence_of_matter")],
            },
        ),
        migrations.RunSQL(KEEP, LET),
    ]
