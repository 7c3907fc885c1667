"""What somebody does, or looks up about people, is in the audit trail once, or it was not done: every operation that is told
who acts is one transaction as a whole, or is done here while the trail refuses rows, and nothing of it is kept.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from haochaping.audit.models import AuditEntry
from tests.acts import Done, World
from tests.acts.listed import ACTS
from tests.guards.test_audited import PARTS, RECORD, acts_of_somebody, in_one_transaction, modules
from tests.orders import make_city

# No act by itself, or done by the code of another one that stands here.
ELSEWHERE = {
    RECORD: "the row itself",
    "accounts.operations.second_factor.enter": "part of signing in, in its transaction",
    "rectification.operations.objection_acts.note": "part of every act on an objection",
    "analysis.operations.exporting.export": "a transaction of its own: tried in integration/analysis/test_export.py",
    "evidence.operations.looking.look": "keeps its row and nothing else",
    "rectification.operations.evidencing.add_evidence": "keeps all in one transaction, once it has looked at the file",
    "rectification.operations.evidencing.see_evidence": "looks by evidence.operations.looking.look",
    "rectification.operations.bulk.dispatch_together": "each order is an act of its own",
    "registry.operations.import_workbook": "takes over as import_registry does, from sheets",
}
REFUSING = """
CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF current_setting('test.refuse', true) = 'on' THEN RAISE EXCEPTION 'the trail refuses'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_row BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION refuse_row()
"""


@pytest.fixture
def world(db: None, now: datetime, settings: Settings) -> Iterator[World]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with connection.cursor() as cursor:
        cursor.execute(REFUSING)
    return World(make_city(), now)


def refuse(on: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('test.refuse', %s, true)", ["on" if on else "off"])


def kept() -> dict[str, tuple[int, str]]:
    """Table → how many rows there are, and what they are."""
    found = (
        f"SELECT '{name}', count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {name} t"  # noqa: S608
        for name in connection.introspection.table_names()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(found))
        return {name: (number, rows) for name, number, rows in cursor.fetchall()}


def changed(before: dict[str, tuple[int, str]], done: Done) -> set[str]:
    now = kept()
    return {name for name in now if now[name] != before[name]} - done.counted


def test_every_act_is_tried_or_one_transaction_as_a_whole() -> None:
    """Whoever writes an operation that is told who acts, and is more than one transaction, adds it to tests/acts."""
    trees = list(modules())
    told = acts_of_somebody(trees)
    assert told - ACTS.keys() - PARTS.keys() - ELSEWHERE.keys() - in_one_transaction(trees) == set()
    assert ELSEWHERE.keys() <= told | {RECORD}
    assert not ELSEWHERE.keys() & ACTS.keys()


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_in_the_trail_once_or_was_not_done(name: str, world: World) -> None:
    done = ACTS[name]
    act = done.ready(world)
    before, rows = kept(), AuditEntry.objects.count()
    try:
        with transaction.atomic():
            act()
            assert AuditEntry.objects.count() - rows == done.rows
            assert changed(before, done) >= {"audit_auditentry"}
            raise _Undone
    except _Undone:
        assert changed(before, done) == set()
    refuse(True)
    with pytest.raises(DatabaseError, match="the trail refuses"):
        act()
    refuse(False)
    # Had it not been one transaction, this could not even be asked, or would tell what was kept.
    assert changed(before, done) == set()


class _Undone(Exception):
    """What was done is taken back, to be tried again."""


def test_what_is_kept_without_its_row_is_found(world: World) -> None:
    """The test itself can fail: an act that keeps something before it writes its row, in a transaction of its own."""
    from haochaping.registry.models import Organisation

    before = kept()
    with transaction.atomic():
        Organisation.objects.create(credit_code="11530100000000000X")
    refuse(True)
    with pytest.raises(DatabaseError, match="the trail refuses"), transaction.atomic():
        AuditEntry.objects.create(id="00000000-0000-7000-8000-000000000000", at=world.now, actor="a", act="b")
    refuse(False)
    assert changed(before, Done(lambda _: print)) == {"registry_organisation"}
