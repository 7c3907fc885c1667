"""`revisits redraw`: draws a sample of revisits again, by its seed, its frame and its rule."""

import argparse
import json

from haochaping.cli.database import connected

NAME = "revisits redraw"
HELP = "Draw a sample of revisits again and say whether it is the one; --json prints all that is needed to do it elsewhere."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sample."""
    parser.add_argument("sample", metavar="SAMPLE", help="the number of the sample, HF...")
    parser.add_argument(
        "--json", action="store_true", help="print seed, frame, rule and sample as one JSON object"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the stored sample is the one that its seed gives, 1 when anything does not fit. Raises NotFound."""
    with connected(arguments):
        from haochaping.oversight.queries.samples import drawn_again, sample

        found = sample(arguments.sample)
        wrong = drawn_again(found)
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
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        late = ", after the period had begun" if found.period.late else ", before the period began"
        print(f"{found.number}: {len(found.drawn)} of {len(found.frame)}, {found.terms.clause}")
        print(f"seed fixed {found.period.seed_at.isoformat()}{late}")
        print("does not fit: " + ", ".join(wrong) if wrong else "drawn again: the same")
    return 1 if wrong else 0
