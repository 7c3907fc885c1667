"""What became of one attempt to tell somebody something."""

from dataclasses import dataclass


class NotTold(Exception):
    """It did not arrive, as far as we know. `reason` is a word: never what the peer said, nor to whom it was.

    `away`: nobody there would take another one either. `for_good`: this one will never be taken.
    """

    def __init__(self, reason: str, *, away: bool = False, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.away = away
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one person: `id` is what the receiver knows it by. `link` leads to the order, for who signs in."""

    id: str
    to: str
    title: str
    lines: tuple[str, ...]
    link: str
