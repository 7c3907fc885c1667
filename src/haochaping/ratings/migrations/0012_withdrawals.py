"""Ratings that their raters took back: rows beside them, which the database refuses to alter."""

from django.db import migrations, models

REFUSE = """CREATE TRIGGER unalterable BEFORE UPDATE OR DELETE OR TRUNCATE ON ratings_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION ratings_refuse();"""
ALLOW = "DROP TRIGGER unalterable ON ratings_withdrawal;"
SETTLED = ("matched", "several", "taken", "unfit", "voided", "withdrawn", "unmatched")


class Migration(migrations.Migration):
    dependencies = [("ratings", "0011_verdicts")]
    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("rating_id", models.UUIDField(primary_key=True, serialize=False)),
                ("withdrawn_at", models.DateTimeField()),
                ("effect", models.CharField(max_length=20)),
                ("silence_level", models.SmallIntegerField(null=True)),
                ("silence_at", models.DateTimeField(null=True)),
                ("silence_provisional", models.BooleanField()),
                ("profile", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("silence_at__isnull", False)),
                        fields=["silence_at"],
                        name="withdrawal_silence",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effect__in", ["unrated", "not_counted"])),
                        name="withdrawal_effect",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.AlterField(
            "namedcase",
            "outcome",
            models.CharField(
                blank=True,
                choices=[(each, each) for each in SETTLED],
                db_default="",
                max_length=10,
            ),
        ),
    ]
