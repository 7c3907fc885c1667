"""What the rules set off about an order, and for which end of its limit it was planned."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rectification", "0006_objections")]
    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=60)),
                ("happened", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=60)),
                ("body", models.CharField(blank=True, max_length=60)),
                ("clause", models.CharField(blank=True, max_length=200)),
                ("step", models.CharField(blank=True, max_length=40)),
                ("same", models.CharField(blank=True, max_length=60)),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("set_off", "set_off"), ("lapsed", "lapsed"), ("counted", "counted")],
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("persons", models.SmallIntegerField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="rectification.workorder",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="escalation_planned", condition=Q(state="planned")),
                    models.Index(
                        fields=["-settled_at"], name="escalation_set_off", condition=Q(state="set_off")
                    ),
                    models.Index(
                        fields=["same", "rule", "at"], name="escalation_counted", condition=~Q(same="")
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "rule", "step", "due_at"), name="escalation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedLimit",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="rectification.workorder",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("provisional", models.BooleanField()),
                ("edition", models.CharField(max_length=64)),
            ],
        ),
    ]
