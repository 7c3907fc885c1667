"""Plants 1,000 canaries (names, documents, phones) through every door, drives every route and job, and searches."""

from collections.abc import Iterator
from uuid import UUID

from drills.canary import breaking, driving, importing, planting, pressing, searching
from drills.canary.people import Person, people
from drills.canary.planting import Planted
from drills.canary.town import Town, running
from haochaping.cases.token import read
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.keys import key_for
from haochaping.starter.progress import Say

# Each of these answers has had something to give away; one that never came was not looked at.
STATUSES = frozenset({200, 302, 400, 401, 403, 404, 405, 410, 413, 415, 422, 500})
_MOST_TOLD = 40


def run(*, quick: bool, say: Say) -> list[Figure]:
    """350 people of 12 kinds, or 900; three canaries each."""
    with stage(say) as set_up, running(set_up) as town:
        crowd = people()
        planted = planting.report(town, crowd, 26 if quick else 68)
        say(f"Reported: {planted.verdicts}")
        importing.import_files(town, planted, crowd, 20)
        aside = [planted.rateable.pop() for _ in range(4)]
        del planted.rateable[16 if quick else 80 :]
        planting.rate(town, planted)
        jobs = driving.run_jobs()
        driving.wait_for_orders()
        orders = _orders(planted)
        driving.handle(town, orders)
        planted.aside = _aside()
        driving.decide(town, planted.aside[:8], next(crowd))
        # Before wrong receipts are tried: who guessed waits, also with a report by a right one.
        pressing.press(town, planted, crowd)
        planting.look_up(town, planted)
        pressing.work_on(town, planted)
        say(f"{len(orders)} work orders; driving all routes")
        planted.rateable += aside
        driving.drive(town, planted, orders, next(crowd))
        _break(town, planted, orders, crowd, say)
        return _figures(set_up, town, planted, jobs, say)


def _orders(planted: Planted) -> dict[str, Person]:
    """The work orders that arose, by id, each with whose rating it was."""
    from django.db import connection

    raters: dict[UUID, Person] = {
        read(token, key_for("rating token")).occasion_id: person for person, token in planted.rateable
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject_id FROM rectification_workorder ORDER BY opened_at, id")
        # Those of the self-test are nobody's.
        return {str(order): raters[subject] for order, subject in cursor.fetchall() if subject in raters}


def _aside() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_quarantinedoccasion ORDER BY id")
        return [str(row[0]) for row in cursor.fetchall()]


def _break(
    town: Town, planted: Planted, orders: dict[str, Person], crowd: Iterator[Person], say: Say
) -> None:
    """The same once more with a database that fails in every way; who logs out does so at the very end."""
    unrated = Planted(rateable=planted.rateable[-2:])
    for name, broken in (("refuses", breaking.refusing), ("lacks tables", breaking.missing)):
        say(f"Driving all routes while the database {name}")
        with broken():
            planting.rate(town, unrated)
            driving.drive(town, planted, orders, next(crowd), thorough=False)
            driving.run_jobs()
            importing.import_in_vain(town, planted, crowd)
            pressing.press_in_vain(town, planted, crowd)
    breaking.spoil_seals()
    driving.handle(town, dict(list(orders.items())[:4]))
    driving.drive(town, planted, orders, next(crowd), thorough=False, log_out=True)


def _figures(set_up: Stage, town: Town, planted: Planted, jobs: list[str], say: Say) -> list[Figure]:
    set_up.stop()  # so that everything is written
    spoken, reported = frozenset(planted.spoken), frozenset(planted.reported)
    dump = searching.dumped(set_up.dsn)
    home = set_up.layout.data
    found = {
        "in answers": list(driving.of_all(town.answers)),
        "in the dump": searching.leaks_in_dump(dump, spoken | reported),
        "in logs and files": searching.leaks_in_files(home, spoken | reported),
        "routes not looked at": driving.unknown_routes(),
        "answers not provoked": [str(status) for status in sorted(STATUSES - town.answers.statuses())],
    }
    for name, leaks in found.items():
        for leak in leaks[:_MOST_TOLD]:
            say(f"{name}: {leak}")
    said = searching.cells_of(dump, "ratings_rating", "text")
    failed = sum(answer.status == 500 for answer in town.answers.kept)
    read, pressed = pressing.read_by_the_authority(town, planted), len(planted.pressed)
    return [
        Figure(
            "canaries", len(spoken | reported), "texts", goal="value >= 1000", goal_met=len(reported) >= 1000
        ),
        Figure("answers", len(town.answers.kept), "answers"),
        Figure("answers 500", failed, "answers", goal="value > 0", goal_met=failed > 0),
        Figure("jobs", len(jobs), "jobs"),
        Figure(
            "reports of pressure read by the authority",
            read,
            "reports",
            goal=f"value = {pressed}",
            goal_met=read == pressed > 0,
        ),
        Figure("citizens' own words", said, "cells", goal="value > 0", goal_met=said > 0),
        *(
            Figure(name, len(leaks), "", goal="value = 0", goal_met=not leaks)
            for name, leaks in found.items()
        ),
    ]
