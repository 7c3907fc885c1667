"""`export`: makes the nightly export now."""

import argparse

from haochaping.cli.database import connected

NAME = "export"
HELP = "Write the months of ratings, defaults, occasions and orders that changed as Parquet, for `ask`."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing but where the data is."""


def run(arguments: argparse.Namespace) -> int:
    """0 when the export is in force and its sums are those of the tallies, else 1. Raises Refused."""
    with connected(arguments):
        from django.utils.translation import gettext as _

        from haochaping.analysis.operations.exporting import export
        from haochaping.exchange.webhook import told
        from haochaping.foundation.clock import now

        made = export(now=now(), tell=told(), actor="command")
        print(_("写了%(written)d个文件，共%(files)d个。") % {"written": made.written, "files": made.files})
        if made.differences:
            print(_("与数量台账有%(number)d处不一致，请用 reconcile 核对。") % {"number": made.differences})
        return 1 if made.differences else 0
