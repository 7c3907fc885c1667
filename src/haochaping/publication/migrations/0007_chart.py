from django.db import migrations, models

# What was drawn stays. Of a publication for good; a day's pictures go when its figures are taken anew.
REFUSE = """
CREATE TRIGGER unalterable BEFORE UPDATE OR TRUNCATE ON publication_chart
    FOR EACH STATEMENT EXECUTE FUNCTION publication_refuse();
CREATE TRIGGER published BEFORE DELETE ON publication_chart
    FOR EACH ROW WHEN (OLD.subject LIKE 'GB%') EXECUTE FUNCTION publication_refuse();
"""
ALLOW = """
DROP TRIGGER published ON publication_chart;
DROP TRIGGER unalterable ON publication_chart;
"""


class Migration(migrations.Migration):
    dependencies = [("publication", "0006_bulletins_unalterable")]

    operations = [
        migrations.CreateModel(
            name="Chart",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=20)),
                ("place", models.IntegerField()),
                ("name", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                ("svg", models.TextField()),
                ("told", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "name", "language"), name="one_chart_of_a_name"
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
