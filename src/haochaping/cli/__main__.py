"""`python -m haochaping.cli`: what the launcher runs."""

import io
import sys

from haochaping.cli.main import main

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(
            errors="replace"
        )  # a terminal without Chinese shows question marks, and no traceback
sys.exit(main(sys.argv[1:]))
