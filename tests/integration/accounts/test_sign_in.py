"""Who guesses is slowed down, whoever he pretends to be; who knows the password is let in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from haochaping.accounts.models import FailedSignIn, Official
from haochaping.accounts.operations.sign_in import TooManyFailures, purge_failures, sign_in
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import NotAllowed
from tests.orders import make_city, make_official

PASSWORD = "昆明-春城-2026-滇池"
WRONG = "昆明-春城-2026"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """What is tested here is the counting, not how long a password's hash takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db: None, now: datetime) -> Official:
    make_official(make_city().police, now, "zhao")
    official = Official.objects.get()
    official.set_password(PASSWORD)
    official.save()
    return official


def attempt(now: datetime, password: str = WRONG, username: str = "zhao", address: str = "192.0.2.1") -> str:
    """What became of an attempt: the code of the refusal, or "in"."""
    try:
        sign_in(username=username, password=password, address=address, now=now)
    except (NotAllowed, TooManyFailures) as refusal:
        return refusal.code
    return "in"


def test_the_right_password_lets_in_and_is_on_record(person: Official, now: datetime) -> None:
    assert sign_in(username=" Zhao ", password=PASSWORD, address="", now=now).id == person.id
    assert list(AuditEntry.objects.filter(act="official.sign_in").values_list("actor", "result")) == [
        ("official:zhao", "done")
    ]


def test_unknown_wrong_ended_and_without_password_look_alike(person: Official, now: datetime) -> None:
    said = set()
    for change in ({}, {"is_active": False}, {"is_active": True, "password": "!"}):
        Official.objects.update(**change) if change else None
        with pytest.raises(NotAllowed) as refusal:
            sign_in(username="zhao", password="wrong", address="", now=now)
        said.add(str(refusal.value))
    with pytest.raises(NotAllowed) as refusal:
        sign_in(username="nobody", password="wrong", address="", now=now)
    assert said == {str(refusal.value)}


def test_five_failures_lock_the_name_and_the_lock_doubles(person: Official, now: datetime) -> None:
    assert [attempt(now) for _ in range(6)] == ["credentials"] * 5 + ["locked"]
    assert attempt(now + timedelta(seconds=59), PASSWORD) == "locked"
    assert attempt(now + timedelta(seconds=60)) == "credentials"
    assert attempt(now + timedelta(seconds=60 + 119), PASSWORD) == "locked"
    assert attempt(now + timedelta(seconds=60 + 120), PASSWORD) == "in"
    assert attempt(now + timedelta(seconds=60 + 120)) == "credentials"


def test_a_name_locked_at_one_address_is_open_to_its_holder_at_another(
    person: Official, now: datetime
) -> None:
    for _ in range(5 * 24 * 12):
        now += timedelta(minutes=5)
        attempt(now)
    assert attempt(now, PASSWORD) == "locked"
    assert attempt(now, PASSWORD, address="192.0.2.2") == "in"


def test_a_name_tried_from_many_addresses_is_locked_everywhere(person: Official, now: datetime) -> None:
    answers = [attempt(now, address=f"192.0.2.{number // 4}") for number in range(52)]
    assert answers == ["credentials"] * 50 + ["locked"] * 2
    assert attempt(now, PASSWORD, address="198.51.100.1") == "locked"
    assert attempt(now + timedelta(seconds=60), PASSWORD, address="198.51.100.1") == "in"


def test_an_address_that_tries_many_names_is_locked_for_all_of_them(person: Official, now: datetime) -> None:
    answers = [attempt(now, username=f"name{number}") for number in range(31)]
    assert answers == ["credentials"] * 30 + ["locked"]
    assert attempt(now, PASSWORD) == "locked"
    assert attempt(now, PASSWORD, address="192.0.2.2") == "in"


def test_one_subscribers_addresses_are_one(person: Official, now: datetime) -> None:
    answers = [attempt(now, address=f"2001:db8:1:2::{number:x}") for number in range(6)]
    assert answers == ["credentials"] * 5 + ["locked"]
    assert attempt(now, PASSWORD, address="2001:db8:1:3::1") == "in"


def test_failures_are_forgotten_after_a_day(person: Official, now: datetime) -> None:
    assert [attempt(now) for _ in range(4)] == ["credentials"] * 4
    later = now + timedelta(hours=24, seconds=1)
    assert [attempt(later) for _ in range(4)] == ["credentials"] * 4


def test_what_no_longer_counts_is_removed(person: Official, now: datetime) -> None:
    assert attempt(now, username="old", address="192.0.2.7") == "credentials"
    assert attempt(now + timedelta(hours=2)) == "credentials"
    assert purge_failures(now=now + timedelta(hours=25)) == 3
    assert FailedSignIn.objects.count() == 3
    assert purge_failures(now=now + timedelta(hours=27)) == 3


def test_neither_name_nor_address_nor_password_is_kept_of_a_failure(person: Official, now: datetime) -> None:
    attempt(now, username="typed-my-password-here", password="my-secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(f::text, ';') FROM accounts_failedsignin f")
        rows = str(cursor.fetchone())
        cursor.execute("SELECT string_agg(a::text, ';') FROM audit_auditentry a")
        rows += str(cursor.fetchone())
    assert FailedSignIn.objects.count() == 3
    assert not [word for word in ("typed-my", "my-secret", "192.0.2.1") if word in rows]


@pytest.mark.usefixtures("committed_db")
def test_guesses_at_once_are_all_counted(now: datetime) -> None:
    make_official(make_city().police, now, "zhao")

    def guess(number: int) -> str:
        try:
            return attempt(now, password=f"guess-{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(40)))
    assert answers.count("credentials") == 5
    assert answers.count("locked") == 35
