"""Nothing starts on a PostgreSQL that may forget what it has confirmed."""

import psycopg

from haochaping.starter.durability import FORGETFUL, NotDurable
from haochaping.starter.progress import StartError


def ensure_durable(url: str) -> None:
    """Raises StartError when fsync, full_page_writes or synchronous_commit is off there, and what psycopg raises."""
    with psycopg.connect(url) as connection:
        off = [row[0] for row in connection.execute(FORGETFUL).fetchall()]
    if off:
        raise StartError(str(NotDurable(off)))
