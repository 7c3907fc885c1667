"""The end of the window and the default are two instants; the case knows when its result was delivered."""

from django.db import migrations, models

# Until now one instant served as both; what was reported late never had an address.
APART = """
UPDATE cases_waiting AS w
SET default_at = CASE WHEN w.silence_level IS NOT NULL THEN w.window_at END,
    default_provisional = w.silence_level IS NOT NULL AND w.window_at IS NOT NULL AND w.window_provisional,
    known_at = o.reported_at
FROM cases_serviceoccasion AS o WHERE o.id = w.id;
UPDATE cases_serviceoccasion SET offered = false WHERE late;
"""
TOGETHER = """
UPDATE cases_waiting SET window_at = default_at, window_provisional = default_provisional WHERE window_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [("cases", "0003_dialect")]

    operations = [
        migrations.RemoveIndex(model_name="waiting", name="waiting_due"),
        migrations.RenameField(model_name="waiting", old_name="due_at", new_name="window_at"),
        migrations.RenameField(model_name="waiting", old_name="provisional", new_name="window_provisional"),
        migrations.AlterField(
            model_name="waiting", name="window_provisional", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(model_name="waiting", name="default_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="waiting", name="default_provisional", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(
            model_name="waiting", name="after_default", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(model_name="waiting", name="after_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="waiting", name="after_provisional", field=models.BooleanField(db_default=False)
        ),
        migrations.AddField(model_name="waiting", name="known_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="case", name="delivered_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="serviceoccasion", name="offered", field=models.BooleanField(db_default=True)
        ),
        migrations.RunSQL(APART, TOGETHER),
        migrations.AlterField(model_name="waiting", name="known_at", field=models.DateTimeField()),
        migrations.AddIndex(
            model_name="waiting",
            index=models.Index(
                condition=models.Q(("default_at__isnull", False), ("default_provisional", False)),
                fields=["default_at"],
                name="waiting_default",
            ),
        ),
        migrations.AddIndex(
            model_name="waiting",
            index=models.Index(
                condition=models.Q(
                    ("silence_level__isnull", True), ("window_at__isnull", False), ("window_provisional", False)
                ),
                fields=["window_at"],
                name="waiting_window",
            ),
        ),
    ]
