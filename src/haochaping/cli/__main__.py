"""`python -m haochaping.cli`: what the launcher runs."""

import sys

from haochaping.cli.main import main

sys.exit(main(sys.argv[1:]))
