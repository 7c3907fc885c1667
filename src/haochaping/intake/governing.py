"""Which rules govern the rating of an occasion: one answer for the page that asks and for the interface that takes it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from haochaping.cases.facts import CHANNELS, Facts, RuledOccasion, kept_facts, occasion_of
from haochaping.foundation.clock import local_day
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

if TYPE_CHECKING:
    import asyncpg

    from haochaping.intake.services import Services

_COUNTRY: Final = "000000"


class Governed(Struct, frozen=True, gc=False):
    """An occasion as rules see it, with the channel through which and the day on which it is rated. `served`: by a member of
    staff whom the registry knows."""

    rulebook: Rulebook
    occasion: RuledOccasion
    channel: str
    rating_day: date
    served: bool = False

    def rules(
        self, *, level: int = 0, named: bool | None = None, step: date | None = None, finding: str = ""
    ) -> Profile:
        """What the rating means and how it is taken; with what the citizen said, as soon as that is known. `step`: of a step
        that was taken later, its day; `finding` of what was verified by then."""
        day = self.rating_day
        return self.occasion.rules(
            self.rulebook,
            step=step or day,
            rated=day,
            channel=self.channel,
            level=level,
            named=named,
            finding=finding,
        )

    def staff_rules(
        self,
        of_item: Profile,
        *,
        level: int = 0,
        named: bool | None = None,
        step: date | None = None,
        finding: str = "",
    ) -> Profile | None:
        """The same for the member of staff; None where nobody is known or the rules of the item give him no levels of his
        own."""
        if not self.served or of_item.staff is None:
            return None
        about = replace(self, occasion=self.occasion.about("staff"))
        return about.rules(level=level, named=named, step=step, finding=finding)


def governed(
    services: "Services", row: "Mapping[str, Any] | asyncpg.Record", *, channel: int | None, at: datetime
) -> Governed:
    """The rules for a row with the facts of an occasion that is rated at an instant through a channel (`pf`; None: not
    asked). Those of the whole country where the place is not known. Raises DirectoryNotRead."""
    return governed_by(services, kept_facts(row), served=row["staff_id"] is not None, channel=channel, at=at)


def governed_by(
    services: "Services", facts: Facts, *, served: bool, channel: int | None, at: datetime
) -> Governed:
    """The same by its facts alone."""
    occasion = occasion_of(facts, services.directory.current())
    if occasion is None:
        occasion = RuledOccasion(Occasion(_COUNTRY), facts.service_day, facts.accepted_day)
    through = CHANNELS.get(channel, "") if channel is not None else ""
    return Governed(services.rulebook, occasion, through, local_day(at), served)
