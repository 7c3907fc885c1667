"""Deputies, who is which member of staff, second factors, past passwords, sessions of our own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Django's own sessions are read by nobody any more. The table stays for processes of the version before; what was in it goes.
FORGET = """
DO $$ BEGIN
    IF to_regclass('django_session') IS NOT NULL THEN
        DELETE FROM django_session;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_clients_and_dialects")]

    operations = [
        migrations.AddField(
            model_name="official",
            name="password_set_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="OfficialSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("label", models.UUIDField(unique=True)),
                ("official_id", models.UUIDField(db_index=True, null=True)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("browser", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("official", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deputyships", to=settings.AUTH_USER_MODEL)),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deputies", to="accounts.post")),
            ],
        ),
        migrations.CreateModel(
            name="PastPassword",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("password", models.CharField(max_length=128)),
                ("ended_at", models.DateTimeField()),
                ("official", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="past_passwords", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(unique=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("official", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="recovery_codes", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("official", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="second_factor", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("sealed_secret", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("last_step", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="StaffLink",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("staff_id", models.IntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("official", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="staff_links", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
