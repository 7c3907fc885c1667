"""`client list`: every client with what is laid down for it, and its keys by their last use."""

import argparse
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haochaping.accounts.queries.clients import ClientSheet

NAME = "client list"
HELP = "Show every client of the API: its scope, rights, limits and keys with their last use; never a secret."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to show it."""
    parser.add_argument("--json", action="store_true", help="print a JSON array, instants in ISO 8601")


def run(arguments: argparse.Namespace) -> int:
    """Prints the list."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.accounts.queries.clients import clients
        from haochaping.foundation.clock import local_day, now
        from haochaping.registry import queries as registry

        at = now()
        sheets = clients(now=at)
        asked = {number for one in sheets for number in (one.scope.organisation_id, *one.scope.listed)}
        codes = {}
        for number in asked:
            found = registry.organisation(number, local_day(at))
            codes[number] = found.credit_code if found else str(number)
    rows = [_row(one, codes) for one in sheets]
    print(json.dumps(rows, ensure_ascii=False, indent=1) if arguments.json else "\n".join(map(_told, rows)))
    return 0


def _row(one: "ClientSheet", codes: dict[int, str]) -> dict[str, Any]:
    return {
        "client": str(one.id),
        "organisation": codes[one.scope.organisation_id],
        "platform": one.platform,
        "rights": list(one.rights),
        "scope": one.scope.reach.value,
        "for": sorted(codes[number] for number in one.scope.listed),
        "clock_tolerance": one.clock_tolerance,
        "limits": {
            "calls": one.allowance.calls,
            "calls_burst": one.allowance.calls_burst,
            "records": one.allowance.records,
            "records_burst": one.allowance.records_burst,
        },
        "dialect": one.dialect,
        "ended_at": _at(one.ended_at),
        "keys": [
            {"key": key.key, "ends_at": _at(key.ends_at), "last_used_at": _at(key.last_used_at)}
            for key in one.keys
        ],
    }


def _told(row: dict[str, Any]) -> str:
    listed = f" ({', '.join(row['for'])})" if row["for"] else ""
    ended = f", ended {row['ended_at']}" if row["ended_at"] else ""
    limits = ", ".join(f"{name} {number:,}" for name, number in row["limits"].items())
    lines = [
        f"{row['client']}  organisation {row['organisation']}, platform {row['platform']}{ended}",
        f"  rights {', '.join(row['rights'])}; scope {row['scope']}{listed}; clock ±{row['clock_tolerance']} s; "
        f"dialect {'edition ' + str(row['dialect']) if row['dialect'] else 'none'}",
        f"  limits: {limits}",
    ]
    for key in row["keys"]:
        used = key["last_used_at"] or "never"
        lines.append(f"  key {key['key']}  last used {used}, ends {key['ends_at'] or 'open'}")
    return "\n".join(lines)


def _at(instant: datetime | None) -> str | None:
    from haochaping.foundation.clock import CN

    return instant.astimezone(CN).isoformat(timespec="seconds") if instant else None
