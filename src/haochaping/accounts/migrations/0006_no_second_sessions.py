"""Django's own table of sessions, where there ever was one, has been empty since 0004 and is read by nobody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_provider_subject")]
    operations = [migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop)]
