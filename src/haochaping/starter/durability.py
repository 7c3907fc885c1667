"""Whether a PostgreSQL keeps what it has confirmed: nobody may be handed a receipt that the next power cut takes back."""

from collections.abc import Sequence
from typing import Final

# A server that says so of itself holds nothing that has to last: those of the tests (starter.cluster.HASTY) do.
THROWAWAY: Final = "haochaping.throwaway"
# To be asked over a connection that sets nothing itself: the names of what is off.
FORGETFUL: Final = f"""
SELECT name FROM pg_settings
WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
  AND coalesce(current_setting('{THROWAWAY}', true), '') <> 'on'
ORDER BY name
"""  # noqa: S608  (a constant)


class NotDurable(Exception):
    """The server may forget what it has confirmed. The message is for people: what, why, and what to do."""

    def __init__(self, off: Sequence[str]) -> None:
        settings = " and ".join(off)
        repair = " ".join(f"ALTER SYSTEM SET {name} = on;" for name in off)
        super().__init__(
            f"This PostgreSQL runs with {settings} off: what it has confirmed may be lost, or damaged, in a power cut, and "
            "people would hold receipts for ratings that are gone. Nothing is taken in before that is changed: "
            f"`{repair} SELECT pg_reload_conf();` as its superuser. Look whether ALTER DATABASE or ALTER ROLE ... SET, or "
            "the address itself, says otherwise; then start again."
        )
        self.off = tuple(off)
