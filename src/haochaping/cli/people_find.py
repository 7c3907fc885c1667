"""`people find`: what is kept of a person who asks; the value is read from standard input, never from the line typed."""

import argparse
import json
import sys
from dataclasses import asdict

from haochaping.cli.database import connected

NAME = "people find"
HELP = "Find the records of a person by document, phone or name (read from standard input), masked; written to the audit."
ACTOR = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, choices=("document", "phone", "name"), help="what is read")
    parser.add_argument("--purpose", required=True, help="why, for the audit trail")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0, also when nothing is found. Raises Invalid without value or purpose."""
    value = sys.stdin.readline().rstrip("\n")
    with connected(arguments):
        from haochaping.foundation.clock import now
        from haochaping.identity.operations import find_people

        found = find_people(kind=arguments.by, value=value, actor=ACTOR, purpose=arguments.purpose, now=now())
    if arguments.json:
        print(json.dumps({"found": [asdict(match) for match in found]}, ensure_ascii=False, default=str))
    else:
        print("\n".join(f"{match.record_id}  {match.name}  {match.document}" for match in found))
        print(f"{len(found)} found", file=sys.stderr)
    return 0
