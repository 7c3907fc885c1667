"""What many records say in the same words is stored once. Rows stay as they are; the next report writes packed ones."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("identity", "0002_keys_change")]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("text",), name="phrase_once")]},
        ),
    ]
