"""`revisits redraw`: draws a sample of revisits again, by its seed, its frame and its rule, and holds its frame against the
records."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from haochaping.cli.database import connected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from haochaping.oversight.queries.against_records import Differences
    from haochaping.oversight.queries.rating_samples import RatingSampleView
    from haochaping.oversight.queries.samples import SampleView

NAME = "revisits redraw"
HELP = (
    "Draw a sample of revisits again, hold its frame against the orders or ratings, and say whether it is the one; "
    "--json prints all that is needed to draw it elsewhere."
)
_OF_RATINGS = "HP"


class Redrawn(NamedTuple):
    """A sample with its frame, what does not fit of it, what the records do not bear out of the frame."""

    sample: "SampleView | RatingSampleView"
    frame: "Sequence[str]"
    wrong: tuple[str, ...]
    differs: "Differences"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sample."""
    parser.add_argument("sample", metavar="SAMPLE", help="the number of the sample, HF... or HP...")
    parser.add_argument(
        "--json", action="store_true", help="print seed, frame, rule and sample as one JSON object"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the stored sample is the one that its seed gives and the records bear its frame out, 1 when anything does not
    fit. Raises NotFound."""
    number: str = arguments.sample
    with connected(arguments):
        found = _of_ratings(number) if number.startswith(_OF_RATINGS) else _of_orders(number)
    if arguments.json:
        print(json.dumps(_told(found), ensure_ascii=False))
    else:
        _print(found, "ratings" if number.startswith(_OF_RATINGS) else "orders")
    return 1 if found.wrong or found.differs else 0


def _of_orders(number: str) -> Redrawn:
    from django.db import transaction

    from haochaping.oversight.queries.against_records import against_records
    from haochaping.oversight.queries.samples import drawn_again, sample
    from haochaping.rectification.rulebook import rulebook

    found = sample(number)
    with transaction.atomic():
        differs = against_records(found.number, rulebook=rulebook())
    return Redrawn(found, found.frame, drawn_again(found), differs)


def _of_ratings(number: str) -> Redrawn:
    """A frame that was too long to be kept is made again."""
    from django.db import transaction

    from haochaping.oversight.queries import rating_samples as queries
    from haochaping.rectification.rulebook import rulebook

    found, rules = queries.rating_sample(number), rulebook()
    with transaction.atomic():
        frame = found.frame if found.frame is not None else queries.frame_again(number, rulebook=rules)
        differs = queries.against_ratings(number, frame, rulebook=rules)
    return Redrawn(found, list(frame.texts()), queries.rating_sample_again(found, frame), differs)


def _told(redrawn: Redrawn) -> dict[str, object]:
    found = redrawn.sample
    return {
        "sample": found.number,
        "algorithm": found.algorithm,
        "rule": found.terms.kept(),
        "rule_version": found.version,
        "scope": found.scope,
        "first_day": found.period.first_day.isoformat(),
        "last_day": found.period.last_day.isoformat(),
        "seed": found.seed,
        "seed_sha256": found.period.commitment,
        "seed_fixed_at": found.period.seed_at.isoformat(),
        "frame": redrawn.frame,
        "frame_sha256": found.frame_digest,
        "drawn": found.drawn,
        "wrong": redrawn.wrong,
        "records": asdict(redrawn.differs),
    }


def _print(redrawn: Redrawn, records: str) -> None:
    found, wrong = redrawn.sample, redrawn.wrong
    late = ", after the period had begun" if found.period.late else ", before the period began"
    print(f"{found.number}: {len(found.drawn)} of {len(redrawn.frame)}, {found.terms.clause}")
    print(f"seed fixed {found.period.seed_at.isoformat()}{late}")
    print("does not fit: " + ", ".join(wrong) if wrong else "drawn again: the same")
    for name, numbers in asdict(redrawn.differs).items():
        if numbers:
            print(f"{name.replace('_', ' ')}: {', '.join(numbers)}")
    if not redrawn.differs:
        print(f"the {records} bear the frame out")
