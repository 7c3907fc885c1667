"""Whoever counts all deadlines anew takes his turn, and reads the calendar only then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

_TAKE_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('rectification.calendar'))"


@contextmanager
def calendar_turn() -> Iterator[None]:
    """A transaction in which nobody else counts all deadlines anew.

    Rules are read within it: by those that were read before another one's turn, what he has moved would move back.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_TURN)
        yield
