"""`map check`: whether the operator's own map of regions can be drawn."""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.cli.database import connected

if TYPE_CHECKING:
    from haochaping.publication.charts.operator_map import OperatorMap

NAME = "map check"
HELP = "say whether the operator's own map (map.geojson, with its 审图号) can be drawn, and which regions it lacks"
_FAULTS: Final[Mapping[str, str]] = {
    "unreadable": "cannot be read: check the rights on the file",
    "too_large": "has more than 2 MB: simplify the boundaries",
    "not_json": "is not JSON in UTF-8",
    "no_collection": "is no FeatureCollection with features (RFC 7946)",
    "no_number": 'has no map approval number, without which no map is shown: put "审图号": "GS（2024）0650号" beside "type"',
    "odd_number": "has an approval number that does not look like one, as GS（2024）0650号 or 云S（2021）12号 do",
    "too_many": "has more than 20000 points or 500 features: simplify the boundaries",
    "no_code": 'has no division code: "properties": {"code": "530102"}',
    "twice": "has a code that stood before",
    "no_area": "has no area: a Polygon or MultiPolygon is needed",
    "open_ring": "has a ring that does not end where it begins, or has fewer than four points",
    "no_position": "has a point that is no longitude and latitude in degrees (WGS 84 or CGCS2000)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE: the map."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="the map (default: map.geojson beside the templates of forms: HAOCHAPING_FORMS_DIR, else `forms` in the data)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when it can be drawn and has every region, else 1."""
    from haochaping.foundation.form_templates import forms_dir
    from haochaping.publication.charts.operator_map import FILE, MapRefused, read_file

    folder = forms_dir({**os.environ, "HAOCHAPING_DATA": str(arguments.data)})
    file: Path | None = arguments.file or (folder / FILE if folder is not None else None)
    if file is None or not file.is_file():
        print(f"there is no map ({file}): regions are drawn as tiles", file=sys.stderr)
        return 1
    try:
        found = read_file(file)
    except MapRefused as refusal:
        print(f"{file}: {refusal.where or 'it'} {_FAULTS[refusal.fault]}", file=sys.stderr)
        return 1
    with connected(arguments):
        wrong = list(_compared(found))
    print(f"{file}: 审图号 {found.approval}, {len(found.shapes)} regions")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _compared(found: "OperatorMap") -> Iterable[str]:
    """What does not go together with the registry of today."""
    from haochaping.foundation.clock import local_day, now
    from haochaping.publication.places import regions_below, top_place
    from haochaping.registry.queries import division_tree

    today = local_day(now())
    known = {each.code for each in division_tree(today)}
    if unknown := sorted(found.shapes.keys() - known):
        yield f"codes that no division of the registry has: {', '.join(unknown)}"
    wanted = regions_below(top_place(today), today)
    if missing := sorted(name for name, code in wanted.items() if code not in found.shapes):
        yield f"regions that it lacks, so that tiles are drawn instead: {', '.join(missing)}"
