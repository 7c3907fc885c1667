"""Objections are numbered as they are filed: their ids are random, and two may share an instant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rectification", "0015_desk")]
    operations = [
        migrations.AddField("objection", "ordinal", models.SmallIntegerField(db_default=0)),
    ]
