"""`codes`: the static QR codes of a hall's windows, to be printed and hung up."""

import argparse
from pathlib import Path
from urllib.parse import quote

NAME = "codes"
HELP = "Write the static QR code of every window of a hall, a picture each, named by the window's code."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which hall, which address, where to."""
    parser.add_argument("hall", metavar="HALL", help="the hall's code in the registry")
    parser.add_argument(
        "--address",
        required=True,
        metavar="URL",
        help="where citizens reach the system: it is printed, so it must stay good for years",
    )
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="a folder that is there")
    parser.add_argument("--form", choices=("svg", "png"), default="svg", help="default: svg")


def run(arguments: argparse.Namespace) -> int:
    """Writes them and says how many. Raises Refused for a hall that is not in the registry today."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from django.utils.translation import gettext as _

        from haochaping.cases import window_token
        from haochaping.faces.citizen import qr
        from haochaping.foundation.clock import local_day, now
        from haochaping.foundation.errors import NotFound
        from haochaping.foundation.keys import key_for
        from haochaping.registry.queries import directory

        base, key = arguments.address.rstrip("/"), key_for(window_token.PURPOSE)
        registry, today = directory(), local_day(now())
        hall = registry.hall(arguments.hall, today)
        if hall is None:
            where = {"kind": _("大厅"), "code": arguments.hall}
            raise NotFound(
                "unknown_hall", _("登记库中没有%(kind)s %(code)s。请核对代码，或先导入登记数据。") % where
            )
        windows = [window for window in registry.windows(today) if window.hall_id == hall.id]
        for window in windows:
            address = f"{base}/r/w/{window_token.mint(window.id, key)}"
            picture = qr.png(address) if arguments.form == "png" else qr.svg(address)
            (arguments.output / f"{quote(window.code, safe='')}.{arguments.form}").write_bytes(picture)
    print(f"{len(windows)} codes written to {arguments.output}")
    return 0
