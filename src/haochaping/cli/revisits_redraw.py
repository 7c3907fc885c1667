"""`revisits redraw`: draws a sample of revisits again, by its seed, its frame and its rule, and holds its frame against the
orders."""

import argparse
import json
from dataclasses import asdict

from haochaping.cli.database import connected

NAME = "revisits redraw"
HELP = (
    "Draw a sample of revisits again, hold its frame against the orders, and say whether it is the one; "
    "--json prints all that is needed to draw it elsewhere."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sample."""
    parser.add_argument("sample", metavar="SAMPLE", help="the number of the sample, HF...")
    parser.add_argument(
        "--json", action="store_true", help="print seed, frame, rule and sample as one JSON object"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the stored sample is the one that its seed gives and the orders bear its frame out, 1 when anything does not
    fit. Raises NotFound."""
    with connected(arguments):
        from django.db import transaction

        from haochaping.oversight.queries.against_records import against_records
        from haochaping.oversight.queries.samples import drawn_again, sample
        from haochaping.rectification.rulebook import rulebook

        found = sample(arguments.sample)
        wrong = drawn_again(found)
        with transaction.atomic():
            differs = against_records(found.number, rulebook=rulebook())
    if arguments.json:
        told = {
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
            "frame": found.frame,
            "frame_sha256": found.frame_digest,
            "drawn": found.drawn,
            "wrong": wrong,
            "records": asdict(differs),
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        late = ", after the period had begun" if found.period.late else ", before the period began"
        print(f"{found.number}: {len(found.drawn)} of {len(found.frame)}, {found.terms.clause}")
        print(f"seed fixed {found.period.seed_at.isoformat()}{late}")
        print("does not fit: " + ", ".join(wrong) if wrong else "drawn again: the same")
        for name, numbers in asdict(differs).items():
            if numbers:
                print(f"{name.replace('_', ' ')}: {', '.join(numbers)}")
        if not differs:
            print("the orders bear the frame out")
    return 1 if wrong or differs else 0
