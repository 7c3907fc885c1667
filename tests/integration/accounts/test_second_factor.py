"""The second factor: asked for by role, set up once, its codes good once, taken away by an administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import Official, OfficialSession, RecoveryCode, SecondFactor
from haochaping.accounts.operations.posts import add_post, reset_second_factor
from haochaping.accounts.operations.second_factor import (
    offer,
    opened,
    pass_code,
    renew_recovery_codes,
    set_up,
)
from haochaping.accounts.operations.sign_in import TooManyFailures
from haochaping.accounts.queries.locks import locked
from haochaping.accounts.queries.second_factor import Stage, recovery_codes_left, stage
from haochaping.accounts.rules import Role
from haochaping.accounts.sign_in_rules import SignInRules
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.sealing import SealBroken
from tests.orders import City, make_city, make_official

STEP = timedelta(seconds=30)


def enrolled(official: UUID, now: datetime) -> tuple[bytes, tuple[str, ...]]:
    """His secret, as the phone has it, and the recovery codes."""
    sealed = offer(official)
    secret = opened(official, sealed)
    return secret, set_up(official_id=official, sealed=sealed, code=codes.code_at(secret, now), now=now)


def tried(official: UUID, code: str, now: datetime) -> str:
    try:
        pass_code(official_id=official, code=code, now=now)
    except (NotAllowed, TooManyFailures) as refusal:
        return refusal.code
    return "in"


def test_it_is_asked_for_by_role_unless_the_installation_says_otherwise(
    city: City, officer: UUID, now: datetime, settings: Settings
) -> None:
    handler = make_official(city.police, now, "handler")
    today = local_day(now)
    assert stage(official_id=handler, on=today) is Stage.NONE
    assert stage(official_id=officer, on=today) is Stage.ENROL
    settings.SIGN_IN_RULES = SignInRules(second_factor_roles=frozenset())
    assert stage(official_id=officer, on=today) is Stage.NONE
    enrolled(handler, now)
    assert stage(official_id=handler, on=today) is Stage.CODE


def test_a_code_is_good_once_and_for_the_official_alone(officer: UUID, now: datetime) -> None:
    secret, _ = enrolled(officer, now)
    assert tried(officer, codes.code_at(secret, now), now) == "code"  # it was used to set it up
    later = now + STEP
    code = codes.code_at(secret, later)
    assert tried(officer, f"{code[:3]} {code[3:]}", later) == "in"
    assert tried(officer, code, later) == "code"
    # Nor one of before, which a slow phone would still show.
    assert tried(officer, codes.code_at(secret, now), later) == "code"
    acts = AuditEntry.objects.filter(subject="official:officer").exclude(act="official.create")
    assert sorted((row.act, row.result) for row in acts) == [
        ("official.second_factor", "refused"),
        ("official.second_factor", "refused"),
        ("official.second_factor", "refused"),
        ("official.second_factor.set", "done"),
        ("official.sign_in", "done"),
    ]


def test_a_recovery_code_stands_for_it_once(officer: UUID, now: datetime) -> None:
    _, recovery = enrolled(officer, now)
    assert len(set(recovery)) == codes.RECOVERY_CODES
    assert tried(officer, recovery[0].lower(), now) == "in"
    assert tried(officer, recovery[0], now) == "code"
    assert tried(officer, recovery[1].replace("-", " "), now) == "in"
    assert recovery_codes_left(officer) == codes.RECOVERY_CODES - 2


def test_neither_secret_nor_codes_are_kept_in_plain(officer: UUID, now: datetime) -> None:
    secret, recovery = enrolled(officer, now)
    kept = bytes(SecondFactor.objects.get().sealed_secret)
    assert secret not in kept
    assert opened(officer, kept) == secret
    with pytest.raises(SealBroken):
        opened(UUID(int=1), kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ';') FROM audit_auditentry a")
        said = str(cursor.fetchone())
    assert not [code for code in (*recovery, codes.written(secret)) if code in said]


def test_wrong_codes_lock_and_the_security_administrator_can_see_it(officer: UUID, now: datetime) -> None:
    secret, _ = enrolled(officer, now)
    assert [tried(officer, "000000", now) for _ in range(6)] == ["code"] * 5 + ["locked"]
    assert tried(officer, codes.code_at(secret, now + STEP), now + STEP) == "locked"
    assert [(each.username, each.what) for each in locked(usernames=["officer"], now=now)] == [
        ("officer", "second factor")
    ]
    assert AuditEntry.objects.filter(act="official.lock", subject="official:officer").count() == 1
    after = now + 2 * STEP
    assert tried(officer, codes.code_at(secret, after), after) == "in"
    assert locked(usernames=["officer"], now=after) == ()


def test_a_wrong_code_sets_nothing_up_and_a_second_authenticator_is_refused(
    officer: UUID, now: datetime
) -> None:
    sealed = offer(officer)
    with pytest.raises(Invalid):
        set_up(official_id=officer, sealed=sealed, code="000000", now=now)
    assert not SecondFactor.objects.exists()
    with pytest.raises(SealBroken):
        set_up(official_id=officer, sealed=offer(UUID(int=1)), code="000000", now=now)
    enrolled(officer, now)
    with pytest.raises(Conflict):
        enrolled(officer, now)


def test_recovery_codes_are_renewed_by_whoever_proves_himself_and_the_old_ones_are_dead(
    officer: UUID, now: datetime
) -> None:
    secret, old = enrolled(officer, now)
    later = now + STEP
    code = codes.code_at(secret, later)
    fresh = renew_recovery_codes(official_id=officer, password="", code=code, now=later)
    assert (len(set(fresh)), set(fresh) & set(old)) == (codes.RECOVERY_CODES, set())
    assert [tried(officer, each, later) for each in (old[0], fresh[0], fresh[0])] == ["code", "in", "code"]
    # The code that was typed for it is used up, and a recovery code proves nothing here.
    for given in (code, fresh[1], ""):
        with pytest.raises(Invalid) as refusal:
            renew_recovery_codes(official_id=officer, password="", code=given, now=later)
        assert [each.field for each in refusal.value.problems] == ["code"]
    rows = AuditEntry.objects.filter(act="official.recovery_codes.renew", actor="official:officer")
    assert sorted(rows.values_list("result", flat=True)) == ["done", "refused", "refused", "refused"]


def test_who_has_a_password_needs_it_too_and_who_guesses_waits(officer: UUID, now: datetime) -> None:
    with pytest.raises(NotFound):
        renew_recovery_codes(official_id=officer, password="", code="000000", now=now)
    secret, _ = enrolled(officer, now)
    official = Official.objects.get(id=officer)
    official.set_password("昆明-春城-2026")
    official.save()
    later = now + STEP
    code = codes.code_at(secret, later)
    with pytest.raises(Invalid) as refusal:
        renew_recovery_codes(official_id=officer, password="昆明", code=code, now=later)
    assert [each.field for each in refusal.value.problems] == ["password"]
    # The code was not used up by a wrong password.
    assert renew_recovery_codes(official_id=officer, password="昆明-春城-2026", code=code, now=later)
    for _ in range(codes.FREE_FAILURES):
        with pytest.raises(Invalid):
            renew_recovery_codes(official_id=officer, password="昆明", code=code, now=later)
    with pytest.raises(TooManyFailures):
        renew_recovery_codes(official_id=officer, password="昆明-春城-2026", code=code, now=later)


def test_an_administrator_resets_it(city: City, officer: UUID, now: datetime) -> None:
    administrator = make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(Conflict):
        reset_second_factor(official_id=officer, administrator_id=administrator, now=now)
    secret, recovery = enrolled(officer, now)
    reset_second_factor(official_id=officer, administrator_id=administrator, now=now)
    assert stage(official_id=officer, on=local_day(now)) is Stage.ENROL
    assert not RecoveryCode.objects.exists()
    later = now + STEP
    assert {tried(officer, code, later) for code in (codes.code_at(secret, later), recovery[0])} == {"code"}
    row = AuditEntry.objects.get(act="official.second_factor.reset")
    assert (row.actor, row.subject) == ("official:admin", "official:officer")


def test_who_gets_a_role_that_asks_for_it_signs_in_anew(city: City, now: datetime) -> None:
    administrator = make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR)
    handler = make_official(city.police, now, "handler")
    OfficialSession.objects.create(
        session_key="k",
        session_data="",
        expire_date=now + STEP,
        label=UUID(int=1),
        official_id=handler,
        begun_at=now,
        seen_at=now,
    )
    add_post(
        official_id=handler,
        organisation_id=city.authority,
        role="authority_leader",
        valid_from=local_day(now),
        valid_to=None,
        administrator_id=administrator,
        now=now,
    )
    assert not OfficialSession.objects.exists()


@pytest.mark.usefixtures("committed_db")
def test_of_two_with_one_code_at_once_one_comes_in(now: datetime) -> None:
    officer = make_official(make_city().authority, now, "officer", Role.AUTHORITY_OFFICER)
    secret, _ = enrolled(officer, now)
    later = now + STEP

    def enter(_number: int) -> str:
        try:
            return tried(officer, codes.code_at(secret, later), later)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(enter, range(4)))
    assert sorted(answers) == ["code", "code", "code", "in"]
