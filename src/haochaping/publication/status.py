"""What the public is told of the self-test: which channels and levels work. No address, no step, no reason."""

from dataclasses import dataclass
from datetime import datetime

from haochaping.oversight.queries.watch import latest_run
from haochaping.oversight.watch_words import channel_words, level_words
from haochaping.oversight.watching import LEVELS


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel in words, and the levels that do not work by at least one of its ways, from the best on."""

    channel: str
    failing: tuple[str, ...]

    @property
    def none_works(self) -> bool:
        return len(self.failing) == len(LEVELS)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """The newest self-test; `tested_at` None before the first. `stale`: too long ago to speak of now."""

    tested_at: datetime | None
    stale: bool
    channels: tuple[ChannelStatus, ...]

    @property
    def all_well(self) -> bool:
        return not any(each.failing for each in self.channels)


def service_status(*, now: datetime) -> ServiceStatus:
    """As the newest self-test left it."""
    found = latest_run()
    if found is None:
        return ServiceStatus(None, False, ())
    failing: dict[int, set[int]] = {}
    for outcome in found.outcomes:
        levels = failing.setdefault(outcome.cell.channel, set())
        if outcome.step is not None:
            levels.add(outcome.cell.level)
    return ServiceStatus(
        found.row.started_at,
        found.row.stale(now),
        tuple(
            ChannelStatus(
                str(channel_words(channel)),
                tuple(str(level_words(level)) for level in sorted(levels, reverse=True)),
            )
            for channel, levels in sorted(failing.items())
        ),
    )
