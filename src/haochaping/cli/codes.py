"""`codes`: static QR codes of windows, halls, platforms and guides, to be printed and hung up."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from haochaping.cases.static_places import Place
    from haochaping.registry.directory import Directory, HallCopy, Org

NAME = "codes"
HELP = "Write static QR codes, a picture each: of a hall with its windows, or of what an organisation answers for."

_OF: Final = ("window", "hall", "platform", "guide")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose, which, with which address, where to."""
    parser.add_argument(
        "whose",
        metavar="CODE",
        help="the code of a hall, or the credit code of an organisation, in the registry",
    )
    parser.add_argument(
        "--of",
        choices=_OF,
        action="append",
        help="of these only; may be given several times; default: all there are",
    )
    parser.add_argument(
        "--address",
        required=True,
        metavar="URL",
        help="where citizens reach the system: it is printed, so it must stay good for years",
    )
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="a folder that is there")
    parser.add_argument("--form", choices=("svg", "png"), default="svg", help="default: svg")


def run(arguments: argparse.Namespace) -> int:
    """Writes them, and says how many, and what the rules do not rate. Raises NotFound for a code that is not in the registry
    today."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.cases import static_code, static_places
        from haochaping.cases.facts import CHANNELS
        from haochaping.faces.shared import qr
        from haochaping.foundation.clock import local_day, now
        from haochaping.foundation.keys import key_for
        from haochaping.policy.keeping import in_force
        from haochaping.registry.queries import directory

        base, key = arguments.address.rstrip("/"), key_for(static_code.PURPOSE)
        draw: Callable[[str], bytes] = qr.png if arguments.form == "png" else qr.svg
        registry, today, rulebook = directory(), local_day(now()), in_force().rulebook
        whose = _whose(registry, arguments.whose)
        written, unrated = 0, 0
        for place in _chosen(static_places.places(registry, today), whose, arguments.of or _OF):
            why = static_places.why_not(place, registry, rulebook, day=today, channel=CHANNELS[3])
            if why is not None:
                unrated += 1
                continue
            picture = draw(f"{base}/r/w/{static_code.mint(place.of, key)}")
            (arguments.output / f"{_file_name(place)}.{arguments.form}").write_bytes(picture)
            written += 1
    print(f"{written} codes written to {arguments.output}")
    if unrated:
        print(
            f"{unrated} not written: the rules in force do not rate them without a case, or nobody answers for them"
        )
    return 0


def _whose(registry: "Directory", code: str) -> "HallCopy | Org":
    from django.utils.translation import gettext as _

    from haochaping.foundation.clock import local_day, now
    from haochaping.foundation.errors import NotFound

    today = local_day(now())
    found = registry.hall(code, today) or registry.organisation(code, today)
    if found is None:
        where = {"kind": _("大厅或单位"), "code": code}
        raise NotFound(
            "unknown_hall", _("登记库中没有%(kind)s %(code)s。请核对代码，或先导入登记数据。") % where
        )
    return found


def _chosen(places: "Iterable[Place]", whose: "HallCopy | Org", of: Iterable[str]) -> "Iterable[Place]":
    """Of a hall itself and its windows; of an organisation whatever it answers for."""
    from haochaping.registry.directory import HallCopy

    subjects = frozenset(of)
    for place in places:
        theirs = place.hall_id if isinstance(whose, HallCopy) else place.organisation_id
        if theirs == whose.id and place.of.subject in subjects:
            yield place


def _file_name(place: "Place") -> str:
    """By its code in the registry; what is no window says what it is, as codes of two sorts may be alike."""
    name = quote(place.code, safe="")
    return name if place.of.subject == "window" else f"{place.of.subject}-{name}"
