"""Forms (报告单) that were made of orders."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0010_about_staff")]
    operations = [
        migrations.CreateModel(
            name="ReportForm",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("kind", models.CharField(max_length=8)),
                ("revision", models.IntegerField()),
                ("content_digest", models.BinaryField()),
                ("file_digest", models.BinaryField()),
                ("template", models.CharField(blank=True, max_length=64)),
                ("with_rater", models.BooleanField()),
                ("official_id", models.UUIDField()),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="rectification.workorder",
                    ),
                ),
            ],
        ),
    ]
