import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0005_pressure_orders")]

    operations = [
        migrations.CreateModel(
            name="RevisitAnswer",
            fields=[
                (
                    "revisit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="oversight.revisit",
                    ),
                ),
                ("satisfied", models.BooleanField()),
                ("answers", models.BinaryField(null=True)),
                ("submission", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_at__isnull", True)),
                        fields=["received_at"],
                        name="revisit_answer_waits",
                    )
                ],
            },
        ),
    ]
