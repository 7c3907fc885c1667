"""`score compare`: what changed between two runs of a period, and by which counts."""

import argparse
import json

from haochaping.cli.database import connected

NAME = "score compare"
HELP = "Explain each difference between two score runs: of whom which counts changed, and what that did to the points."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which two."""
    parser.add_argument("before", metavar="BEFORE", help="the number of the earlier run")
    parser.add_argument("after", metavar="AFTER", help="the number of the later run")
    parser.add_argument("--json", action="store_true", help="print the differences as a JSON list")


def run(arguments: argparse.Namespace) -> int:
    """0, whether there are differences or not: they are what was asked for. Raises NotFound."""
    with connected(arguments):
        from haochaping.scoring.again import differences

        found = list(differences(arguments.before, arguments.after))
    if arguments.json:
        told = [
            {
                "unit": each.unit,
                "name": each.name,
                "counts": each.counts,
                "points": each.points,
                "only_in": each.only_in,
            }
            for each in found
        ]
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for each in found:
        print(f"{each.name} ({each.unit})" + (f": only in the run {each.only_in}" if each.only_in else ""))
        for word, (before, after) in each.counts.items():
            print(f"    {word}: {before} -> {after}")
        for score, (points, now) in each.points.items():
            print(f"    {score}: {points or '-'} -> {now or '-'}")
    if not found:
        print("no difference")
    return 0
