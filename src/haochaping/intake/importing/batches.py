"""The rows of a file in calls: in their order when they are stored, by their cases when they are only judged."""

from collections.abc import Iterable, Iterator
from itertools import islice

from haochaping.intake.importing.rows import Row


def calls(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """So many rows a call, the last one with the rest."""
    left = iter(rows)
    while call := list(islice(left, size)):
        yield call


def scattered(rows: Iterable[Row], size: int) -> frozenset[int]:
    """The cases (hashes of their numbers) whose rows stand in several calls."""
    first: dict[int, int] = {}
    found = set()
    for place, row in enumerate(rows):
        if not row.reported.project_no:
            continue
        case = hash(row.reported.project_no)
        if first.setdefault(case, place // size) != place // size:
            found.add(case)
    return frozenset(found)


def calls_by_case(rows: Iterable[Row], apart: frozenset[int], size: int) -> Iterator[list[Row]]:
    """The same rows, those of one case in one call: what is judged and not kept would not be known in the next one.

    Those of the cases in `apart` are held back until all of them have come.
    """
    held: dict[int, list[Row]] = {case: [] for case in apart}

    def at_hand() -> Iterator[Row]:
        for row in rows:
            if (case := hash(row.reported.project_no)) in held:
                held[case].append(row)
            else:
                yield row

    yield from calls(at_hand(), size)
    call: list[Row] = []
    for case_rows in held.values():
        if call and len(call) + len(case_rows) > size:
            yield call
            call = []
        call += case_rows
    if call:
        yield call
