"""What two jurisdictions, or two days, lay down differently."""

import argparse
import sys

from haochaping.cli.rules_asking import profile_of, rulebook_or_none

NAME = "rules diff"
HELP = "show what two jurisdictions or two days lay down differently"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A and B: `kunming`, `530102`, `kunming@2021-01-01`, or a day alone for the place of the other."""
    for name in ("one", "other"):
        parser.add_argument(
            name, metavar="A" if name == "one" else "B", help="NAME or DIVISION[@DATE], or DATE"
        )


def run(arguments: argparse.Namespace) -> int:
    """0 when nothing differs, 1 when something does, 2 for what was typed wrongly or cannot be loaded."""
    from haochaping.policy.explanation import differences

    rulebook = rulebook_or_none()
    if rulebook is None:
        return 2
    try:
        one, first = profile_of(rulebook, arguments.one, beside=arguments.other)
        other, second = profile_of(rulebook, arguments.other, beside=arguments.one)
    except (ValueError, LookupError) as problem:
        print(f"haochaping: {problem}", file=sys.stderr)
        return 2
    found = differences(one, other)
    if not found:
        print("no difference", file=sys.stderr)
    # Of one place on two days, the day tells which is which.
    names = [f"{one.name} {first}", f"{other.name} {second}"] if first != second else [one.name, other.name]
    for each in found:
        print(f"{each.word}（{each.name}）")
        for sign, name, side in (("-", names[0], each.one), ("+", names[1], each.other)):
            print(f"  {sign} {name}：{f'{side.words} —— {side.citation}' if side else '未规定'}")
    return 1 if found else 0
