"""Revisits of ratings (全部评价, 默认评价, 好评), drawn from frames that have numbers of their own.

Periods that were drawn before this release are over: nothing of their ratings is drawn afterwards.
"""

import django.db.models.deletion
from django.db import migrations, models

DRAWN_BEFORE = "UPDATE oversight_revisitperiod SET ratings_drawn_at = closed_at WHERE closed_at IS NOT NULL"
OF_AN_ORDER = models.Q(of="", order_id__isnull=False, rating_id__isnull=True)
OF_A_RATING = ~models.Q(of="") & models.Q(order_id__isnull=True, rating_id__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0006_revisit_answers")]
    operations = [
        migrations.AddField("revisitperiod", "ratings_drawn_at", models.DateTimeField(null=True)),
        migrations.RunSQL(DRAWN_BEFORE, migrations.RunSQL.noop),
        migrations.AlterField("revisit", "order_id", models.UUIDField(null=True)),
        migrations.AddField("revisit", "rating_id", models.UUIDField(null=True)),
        migrations.AddField("revisit", "of", models.CharField(blank=True, db_default="", max_length=10)),
        migrations.AddConstraint(
            "revisit",
            models.UniqueConstraint(fields=("rating_id", "occasion"), name="revisit_rating_once"),
        ),
        migrations.AddConstraint(
            "revisit", models.CheckConstraint(condition=OF_AN_ORDER | OF_A_RATING, name="revisit_of_one")
        ),
        migrations.CreateModel(
            "RevisitRatingSample",
            [
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating_samples",
                        to="oversight.revisitperiod",
                    ),
                ),
                ("scope_id", models.IntegerField()),
                ("scope", models.CharField(max_length=18)),
                ("rule", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=16)),
                ("terms", models.JSONField()),
                ("algorithm", models.CharField(max_length=30)),
                ("seed", models.CharField(max_length=64)),
                ("as_of", models.DateTimeField()),
                ("frame_size", models.IntegerField()),
                ("frame", models.BinaryField(null=True)),
                ("frame_digest", models.CharField(max_length=64)),
                ("drawn", models.BinaryField()),
                ("anonymous", models.IntegerField()),
                ("drawn_at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            "revisitratingsample",
            models.UniqueConstraint(
                fields=("period", "scope_id", "rule", "version"), name="revisit_rating_sample_once"
            ),
        ),
    ]
