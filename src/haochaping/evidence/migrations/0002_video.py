"""Cameras at windows, and who looked at their record for what."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Camera",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("window_id", models.IntegerField()),
                ("code", models.CharField(max_length=100)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("entered_by", models.CharField(max_length=200)),
                ("entered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(valid_to__isnull=True), fields=("window_id",), name="camera_running_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                        name="camera_ends_after_it_began",
                    ),
                ],
                "indexes": [models.Index(fields=["window_id", "valid_from"], name="camera_of_window")],
            },
        ),
        migrations.CreateModel(
            name="VideoLook",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("matter_id", models.UUIDField()),
                ("number", models.CharField(max_length=20)),
                ("official_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=100)),
                ("camera", models.CharField(max_length=100)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["matter_id"], name="video_look_of_matter")]},
        ),
    ]
