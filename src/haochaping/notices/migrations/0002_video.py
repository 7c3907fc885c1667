"""Requests to the video platform go by the same outbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="channel",
            field=models.CharField(
                choices=[
                    ("console", "console"),
                    ("email", "email"),
                    ("sms", "sms"),
                    ("alarm", "alarm"),
                    ("video", "video"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("nearing", "nearing"),
                    ("overdue", "overdue"),
                    ("escalated", "escalated"),
                    ("alarm", "alarm"),
                    ("video", "video"),
                ],
                max_length=20,
            ),
        ),
    ]
