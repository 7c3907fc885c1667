"""A session ends when nobody was there, after some hours, when there are too many, by its official's word."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from haochaping.accounts import session_store
from haochaping.accounts.models import OfficialSession
from haochaping.accounts.operations.sessions import end_all, end_session, make_room, purge_sessions
from haochaping.accounts.queries.sessions import sessions_of
from haochaping.accounts.session_store import SessionStore
from haochaping.accounts.sign_in_rules import SignInRules
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import NotFound
from tests.orders import make_city, make_official

MINUTE = timedelta(minutes=1)


class Clock:
    """The store reads the clock itself, at the edge where requests come in."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(now)
    monkeypatch.setattr(session_store, "now", made)
    return made


@pytest.fixture
def official(db: None, now: datetime) -> UUID:
    return make_official(make_city().police, now, "zhao")


def begun(official: UUID, browser: str = "Firefox · Linux") -> str:
    store = SessionStore()
    store.update({"_auth_user_id": str(official), "browser": browser})
    store.save()
    assert store.session_key
    return store.session_key


def there(key: str) -> bool:
    """Whether the session still is; reading it is being there."""
    return "_auth_user_id" in SessionStore(key)


def test_it_ends_half_an_hour_after_the_last_page(clock: Clock, official: UUID) -> None:
    key = begun(official)
    for _ in range(4):
        clock.now += 29 * MINUTE
        assert there(key)
    clock.now += 30 * MINUTE
    assert not there(key)


def test_it_ends_after_eight_hours_whoever_is_there(clock: Clock, official: UUID) -> None:
    key, begin = begun(official), clock.now
    while clock.now < begin + timedelta(hours=7, minutes=50):
        assert there(key)
        clock.now += 10 * MINUTE
    assert there(key)
    clock.now = begin + timedelta(hours=8)
    assert not there(key)


def test_changing_what_it_holds_makes_it_no_younger(clock: Clock, official: UUID, settings: Settings) -> None:
    settings.SIGN_IN_RULES = SignInRules(idle=timedelta(hours=24), longest=timedelta(hours=1))
    key = begun(official)
    clock.now += 50 * MINUTE
    store = SessionStore(key)
    store["more"] = 1
    store.save()
    row = OfficialSession.objects.get()
    assert (row.session_key, row.begun_at, row.seen_at) == (key, clock.now - 50 * MINUTE, clock.now)
    assert row.browser == "Firefox · Linux"
    clock.now += 10 * MINUTE
    assert not there(key)


def test_when_somebody_was_there_is_kept_to_the_minute(clock: Clock, official: UUID) -> None:
    key, begin = begun(official), clock.now
    clock.now += timedelta(seconds=59)
    assert there(key)
    assert OfficialSession.objects.get().seen_at == begin
    clock.now += timedelta(seconds=1)
    assert there(key)
    assert OfficialSession.objects.get().seen_at == begin + MINUTE


def test_the_oldest_gives_way_to_the_fourth(clock: Clock, official: UUID) -> None:
    keys = []
    for _ in range(4):
        make_room(official_id=official)
        keys.append(begun(official))
        clock.now += MINUTE
    assert [there(key) for key in keys] == [False, True, True, True]


def test_one_ends_ones_own_and_nobody_elses(clock: Clock, official: UUID, now: datetime) -> None:
    mine, elsewhere = begun(official), begun(official, "Chrome · Android")
    others = begun(uuid4())
    listed = sessions_of(official_id=official, now=now)
    assert {each.browser for each in listed} == {"Firefox · Linux", "Chrome · Android"}
    label = next(each.label for each in listed if each.browser.startswith("Chrome"))
    end_session(official_id=official, label=label, now=now)
    assert [there(key) for key in (mine, elsewhere, others)] == [True, False, True]
    for gone in (label, OfficialSession.objects.get(session_key=others).label):
        with pytest.raises(NotFound):
            end_session(official_id=official, label=gone, now=now)
    assert AuditEntry.objects.filter(act="official.session.end", actor="official:zhao").count() == 1
    assert end_all(official_id=official) == 1
    assert there(others)


@pytest.mark.django_db
def test_only_what_has_run_out_goes(now: datetime) -> None:
    for key, hours in (("gone", -1), ("now", 0), ("stays", 1)):
        OfficialSession.objects.create(
            session_key=key,
            session_data="",
            expire_date=now + timedelta(hours=hours),
            label=uuid4(),
            begun_at=now,
            seen_at=now,
        )
    assert purge_sessions(now=now) == 2
    assert list(OfficialSession.objects.values_list("session_key", flat=True)) == ["stays"]
