"""What raters make of a rectification: rows beside the rating, which the database refuses to alter."""

from django.db import migrations, models

REFUSE = """CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON ratings_verdict
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();"""
ALLOW = "DROP TRIGGER unalterable ON ratings_verdict;"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0010_named_cases")]
    operations = [
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rating_id", models.UUIDField()),
                ("answers", models.SmallIntegerField()),
                ("answer", models.CharField(blank=True, max_length=60)),
                ("satisfied", models.BooleanField()),
                ("sets_off", models.CharField(max_length=20)),
                ("silent", models.BooleanField()),
                ("received_at", models.DateTimeField()),
                ("submission", models.BinaryField(null=True)),
                ("clause", models.CharField(max_length=200)),
                ("profile", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rating_id", "answers"), name="verdict_once_an_answer"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", ""), ("silent", True), ("submission__isnull", True)
                        )
                        | (
                            models.Q(("silent", False), ("submission__isnull", False))
                            & models.Q(("answer", ""), _negated=True)
                        ),
                        name="verdict_said_or_silent",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
