"""The nightly export: every row that counts, nothing that tells who somebody is, only the months that changed, and whole or
not at all."""

import os
import signal
import stat
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from django.db import connection, transaction

from haochaping.analysis import shelf
from haochaping.analysis.engine import Unreadable
from haochaping.analysis.operations import exporting
from haochaping.analysis.operations.exporting import Exported, export
from haochaping.analysis.pouring import poured
from haochaping.analysis.queries import answer
from haochaping.analysis.questions import Dimension, Question
from haochaping.analysis.sets import SETS, ExportedSet
from haochaping.audit.models import AuditEntry
from haochaping.cases.models import ServiceOccasion
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import Alarm
from haochaping.ratings.models import LaterWord, Match, Rating
from haochaping.ratings.operations import void
from haochaping.ratings.states import VoidEffect
from haochaping.starter.locks import Lock
from haochaping.tallies.models import Change
from tests.integration.intake.importing.test_restarted import full_disk
from tests.integration.publication.test_proof import WHERE, rated, served, silent
from tests.integration.ratings.test_voiding import count_in, decided

MONTH, BEFORE = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture
def home(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_ANALYSIS_DIR", str(tmp_path / "analysis"))
    return tmp_path / "analysis"


def rows_of(home: Path, name: str, columns: str) -> list[tuple[object, ...]]:
    paths = [str(home / file.path) for file in shelf.in_force().of(name)]
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({paths}) ORDER BY ALL").fetchall()  # noqa: S608


def count_out(rating: uuid.UUID, effect: VoidEffect, now: datetime, level: int | None = None) -> None:
    with transaction.atomic():
        void(rating_id=rating, decided=decided(effect, level), now=now)


def correct(rating: uuid.UUID, level: int, now: datetime) -> None:
    """The rater takes a mis-tap back, as the door keeps it."""
    LaterWord.objects.create(
        id=new_id(now),
        rating_id=rating,
        ordinal=1,
        kind="correction",
        level=level,
        bad=False,
        counts=True,
        tags=[2],
        norm_version=2,
        received_at=now,
        submission=b"y",
        profile="kunming",
    )
    Change.objects.create(organisation_id=7, day=local_day(now), n1=-1, **{f"n{level}": 1})


def test_every_row_as_it_counts_and_the_sums_are_those_of_the_tallies(home: Path, now: datetime) -> None:
    day = local_day(now)
    count_in(now, level=5, weight=2, shared=(8,))
    count_out(count_in(now), VoidEffect.NOT_COUNTED, now)
    count_out(count_in(now), VoidEffect.DEFAULT, now, level=3)
    count_out(count_in(now), VoidEffect.UNRATED, now)
    correct(count_in(now), 4, now)
    silent(served(now), now, staff_id=9)
    rated(served(now, late=True), 5, now, beside_default=True)
    static = Rating.objects.create(**_by_static_code(now))
    Change.objects.create(organisation_id=7, day=day, occasions=1, late=1)
    Change.objects.create(organisation_id=7, day=day, staff_id=9, d3=1)
    assert export(now=now, tell=False) == Exported(written=3, files=3, differences=0)
    assert rows_of(home, "ratings", "standing, level, silence_level, weight, shared_with, tags, hour") == [
        ("beside_default", 5, None, 1, None, [], 10),
        ("counted", 4, None, 1, None, [2], 10),
        ("counted", 5, None, 2, [8], [], 10),
        ("left_out", 1, None, 1, None, [], 10),
        ("silence", 1, 3, 1, None, [], 10),
        ("voided", 1, None, 1, None, [], 10),
        ("without_case", 2, None, 1, None, [1, 3], 10),
    ]
    # Matched to its case, it counts there, by the facts of the claim.
    occasion = served(now)
    Match.objects.create(
        **WHERE, rating_id=static.id, claim_id=occasion.id, occasion_id=occasion.id, window_id=4,
        service_day=day, beside=False, matched_at=now,
    )  # fmt: skip
    Change.objects.create(organisation_id=7, day=day, occasions=1, n2=1)
    assert export(now=now, tell=False) == Exported(written=2, files=3, differences=0)
    assert ("counted", 2, 4) in rows_of(home, "ratings", "standing, level, window_id")


def _by_static_code(now: datetime) -> dict[str, object]:
    return {
        "id": new_id(now), "level": 2, "channel": 3, "origin": "citizen", "named": False, "norm_version": 2, "tags": [1, 3],
        "received_at": now, "submission": b"x", "service_day": local_day(now), "division_id": 1, "organisation_id": 7,
        "hall_id": 5, "profile": "kunming", "text": "sealed",
    }  # fmt: skip


def test_nothing_in_it_tells_who_or_when_and_nobody_else_can_read_it(home: Path, now: datetime) -> None:
    rating = count_in(now)
    Rating.objects.create(**_by_static_code(now))
    export(now=now, tell=False)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert {mode for name, mode in modes.items() if "." in name or name == "lock"} == {0o600}
    assert {mode for name, mode in modes.items() if "." not in name and name != "lock"} == {0o700}
    for file in home.rglob("*.parquet"):
        found = duckdb.sql(f"SELECT name FROM parquet_schema('{file}') WHERE num_children IS NULL").fetchall()  # noqa: S608
        names = {name for (name,) in found} - {"element"}
        declared = next(each for each in SETS if each.name == file.parent.name)
        assert names <= declared.columns.keys() - {"month"}
        held = file.read_bytes()
        assert rating.bytes not in held
        assert str(rating).encode() not in held
        assert b"sealed" not in held
    told = {name for each in SETS for name in each.columns}
    assert not told & {
        "id",
        "text",
        "submission",
        "received_at",
        "occasion_id",
        "number",
        "service_at",
        "elapsed_ms",
    }


def test_only_the_months_that_changed_are_written_also_late(home: Path, now: datetime) -> None:
    old = count_in(now - timedelta(days=31))
    count_in(now)
    assert export(now=now, tell=False).written == 4
    first = shelf.in_force()
    assert export(now=now, tell=False) == Exported(written=0, files=4, differences=0)
    count_out(old, VoidEffect.UNRATED, now)
    assert export(now=now, tell=False) == Exported(written=1, files=4, differences=0)
    changed = set(shelf.in_force().files) - set(first.files)
    assert [(file.set, file.month) for file in changed] == [("ratings", BEFORE)]
    assert {f"{path.parent.name}/{path.name}" for path in home.rglob("*.parquet")} == {
        file.path for file in shelf.in_force().files
    }, "what is not in force is gone"
    # A file that somebody took away is written again; with the rows their month goes.
    (home / shelf.in_force().of("ratings")[0].path).unlink()
    assert export(now=now, tell=False).written == 1
    ServiceOccasion.objects.filter(service_day__lt=MONTH).delete()
    export(now=now, tell=False)
    assert [file.month for file in shelf.in_force().of("occasions")] == [MONTH]
    assert AuditEntry.objects.filter(act="analysis.export").count() == 5


def killed_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Runs an export in a process that is killed there."""
    child = os.fork()
    if not child:
        connection.connection = None  # the parent's
        monkeypatch.setattr(owner, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        export(now=datetime.now().astimezone(), tell=False)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("owner", "name"), [(exporting, "poured"), (exporting, "put_in_force"), (Path, "replace")]
)
def test_killed_anywhere_the_last_good_one_is_in_force(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    rating = count_in(now)
    export(now=now, tell=False)
    before = shelf.in_force()
    count_out(rating, VoidEffect.NOT_COUNTED, now)
    killed_at(monkeypatch, owner, name)
    assert shelf.in_force() == before
    assert all(shelf.lies_whole(home, file) for file in before.files)
    assert export(now=now, tell=False) == Exported(written=1, files=2, differences=0)
    assert not (home / "building").exists()


def test_a_difference_from_the_tallies_is_an_alarm_until_there_is_none(home: Path, now: datetime) -> None:
    count_in(now)
    Change.objects.create(organisation_id=7, day=date(2026, 9, 1), n5=1)
    assert export(now=now, tell=False).differences == 1
    assert shelf.in_force().differences == 1
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.reason, alarm.ended_at) == ("export", "1 differ", None)
    Change.objects.filter(day=date(2026, 9, 1)).delete()
    assert export(now=now, tell=False).differences == 0
    assert Alarm.objects.get().ended_at == now


def test_a_full_disk_is_told_and_leaves_the_last_good_one(home: Path, now: datetime) -> None:
    count_in(now)
    export(now=now, tell=False)
    before = shelf.in_force()
    count_in(now)
    (home / "manifest.json.new").symlink_to("/dev/full")
    with pytest.raises(shelf.ExportFailed) as refusal:
        export(now=now, tell=False)
    assert refusal.value.code == Alarm.objects.get().reason == "disk_full"
    assert shelf.in_force() == before
    (home / "manifest.json.new").unlink()
    # No room for DuckDB's file either.
    with full_disk(500), pytest.raises(shelf.ExportFailed):
        export(now=now, tell=False)
    assert shelf.in_force() == before
    assert not (home / "building").exists()
    assert export(now=now, tell=False).differences == 0


def test_what_the_trail_refuses_is_not_in_force(home: Path, now: datetime) -> None:
    count_in(now)
    export(now=now, tell=False)
    before = shelf.in_force()
    count_in(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE audit_auditentry ADD CONSTRAINT refused CHECK (act <> 'analysis.export') NOT VALID"
        )
        try:
            with pytest.raises(shelf.ExportFailed):
                export(now=now, tell=False)
        finally:
            cursor.execute("ALTER TABLE audit_auditentry DROP CONSTRAINT refused")
    assert shelf.in_force() == before


def test_what_was_altered_by_hand_is_not_read_and_is_written_again(home: Path, now: datetime) -> None:
    count_in(now)
    export(now=now, tell=False)
    ratings = home / shelf.in_force().of("ratings")[0].path
    ratings.write_bytes(b"x" * ratings.stat().st_size)
    with pytest.raises(Unreadable):
        answer(Question((Dimension.LEVEL,)), reach=None, small_groups=True)
    assert export(now=now, tell=False) == Exported(written=1, files=2, differences=0)
    manifest = home / shelf.MANIFEST
    for broken in ("{", "[]", manifest.read_text().replace('"schema": 1', '"schema": 0')):
        manifest.write_text(broken)
        with pytest.raises(shelf.NoExport):
            shelf.in_force()
    assert export(now=now, tell=False) == Exported(written=2, files=2, differences=0)


def test_who_exports_second_is_refused(home: Path, now: datetime) -> None:
    home.mkdir()
    lock = Lock(home / "lock")
    assert lock.take()
    with pytest.raises(Conflict):
        export(now=now, tell=False)
    lock.close()


@pytest.mark.parametrize("rows", [1, 300_000])
def test_what_duckdb_refuses_ends_the_stream(db: None, tmp_path: Path, rows: int) -> None:
    wrong = ExportedSet(
        "ratings",
        f"SELECT DATE '2026-11-01' AS month, 7 AS organisation_id, 'word' AS hour FROM generate_series(1, {rows})",  # noqa: S608
        {"month": "DATE", "organisation_id": "INTEGER", "hour": "TINYINT"},
    )
    pour: Callable[[], object] = lambda: poured(wrong, [MONTH], tmp_path)  # noqa: E731
    with pytest.raises(duckdb.Error):
        pour()
