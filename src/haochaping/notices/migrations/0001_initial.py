"""The outbox of notices and the preferences of officials."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("cause", models.CharField(max_length=100)),
                (
                    "channel",
                    models.CharField(
                        choices=[("console", "console"), ("email", "email"), ("sms", "sms"), ("alarm", "alarm")],
                        max_length=10,
                    ),
                ),
                ("official_id", models.UUIDField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nearing", "nearing"),
                            ("overdue", "overdue"),
                            ("escalated", "escalated"),
                            ("alarm", "alarm"),
                        ],
                        max_length=20,
                    ),
                ),
                ("action", models.CharField(blank=True, max_length=60)),
                ("superior", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=20)),
                ("reference", models.UUIDField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("clause", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sent", "sent"),
                            ("given_up", "given_up"),
                            ("withheld", "withheld"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["channel", "due_at"], name="notice_waiting", condition=Q(state="waiting")
                    ),
                    models.Index(
                        fields=["official_id", "-created_at"],
                        name="notice_of_official",
                        condition=Q(channel="console"),
                    ),
                    models.Index(
                        fields=["official_id"],
                        name="notice_unread",
                        condition=Q(channel="console", read_at__isnull=True),
                    ),
                    models.Index(
                        fields=["channel", "-tried_at"],
                        name="notice_tried",
                        condition=Q(tried_at__isnull=False),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("official_id", models.UUIDField(primary_key=True, serialize=False)),
                ("email", models.BinaryField(null=True)),
                ("phone", models.BinaryField(null=True)),
                (
                    "email_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "sms_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
