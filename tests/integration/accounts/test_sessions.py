"""A session that has run out leaves nothing behind; one that has not stays."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from haochaping.accounts.operations.sessions import purge_sessions


@pytest.mark.django_db
def test_only_what_has_run_out_goes(now: datetime) -> None:
    for key, hours in (("gone", -1), ("now", 0), ("stays", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))
    assert purge_sessions(now=now) == 2
    assert list(Session.objects.values_list("session_key", flat=True)) == ["stays"]
