"""Publications held against what was published: whoever alters the database is noticed without anybody asking."""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from haochaping.audit.queries import details
from haochaping.oversight.operations.figure_alarms import watch_figures
from haochaping.oversight.watching import PUBLICATIONS
from haochaping.publication.chain import Broken
from haochaping.publication.models import Publication
from haochaping.publication.queries.publications import chain_broken

logger = logging.getLogger(__name__)
# The alarm and the log name the first few.
_NAMED: Final = 5


def check_publications(*, now: datetime, tell: bool) -> tuple[Broken, ...]:
    """What does not fit in the chain, or is not what the audit trail says was published: each number once. It is an alarm
    until all fits again; an audit row when that goes on or off."""
    found = {each.number: each for each in (*_unlike_the_trail(), *chain_broken())}
    named = ", ".join(islice(sorted(found), _NAMED))
    if found:
        logger.error("%d publications are not as they were published: %s", len(found), named)
    watch_figures(PUBLICATIONS, named, now=now, tell=tell)
    return tuple(found.values())


def _unlike_the_trail() -> Iterator[Broken]:
    """Of a whole chain made anew, or cut off at its end, every digest fits the next."""
    kept = dict(Publication.objects.values_list("number", "digest"))
    for number, said in details("publication.published").items():
        if kept.get(number) != said["digest"]:
            yield Broken(number, "altered" if number in kept else "missing")
