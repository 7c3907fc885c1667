"""Officials, raters and sweeps play with orders at once: none leaves the ways of the table, no act is lost or done twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from drills.looping import town as towns
from drills.looping.officials import DONE
from drills.looping.playing import Played, Players, players
from drills.looping.raters import Rater, rate
from drills.looping.soundness import complaints
from drills.looping.sweeps import settle
from drills.looping.town import Town
from drills.rating.ground import none, some
from haochaping.cli.figures import Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import stage
from haochaping.foundation.clock import CN
from haochaping.intake.services import Services
from haochaping.starter.progress import Say

if TYPE_CHECKING:
    from haochaping.rectification.models import WorkOrder

# A Tuesday in a year whose holidays are known.
BEGUN: Final = datetime(2026, 5, 12, 10, tzinfo=CN)
# So few that whoever acts meets the others all the time.
AT_ONCE: Final = 5
# So many of what is wrong are told in words.
TOLD: Final = 5


def run(*, quick: bool, say: Say) -> list[Figure]:
    """5,000 orders, 50 moves each; or 10, and 30."""
    orders, moves = (10, 30) if quick else (5_000, 50)
    random = Random(20_261_201)  # noqa: S311 - who does what, no secret
    with stage(say), towns.ruled():
        town = towns.build(BEGUN)
        game = Game(town, say)
        with (
            players(town, BEGUN) as everybody,
            asyncio.Runner() as runner,
            intake_services(runner) as services,
        ):
            for number in range(0, orders, AT_ONCE):
                if number and number % 500 == 0:
                    say(f"{number:,} of {orders:,} orders played, {len(game.wrong)} complaints")
                everybody.begin()
                raters = runner.run(_rated(services, town, number))
                game.round(everybody, raters, AT_ONCE * moves, random)
        return game.figures(orders)


async def _rated(services: Services, town: Town, number: int) -> list[Rater]:
    return await rate(services, town, count=AT_ONCE, now=BEGUN, platform=f"loop{number}")


class Game:
    """What was played so far, and what was wrong."""

    def __init__(self, town: Town, say: Say) -> None:
        self.town, self.say = town, say
        self.became: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.ends: Counter[str] = Counter()

    def round(self, everybody: Players, raters: Sequence[Rater], moves: int, random: Random) -> None:
        """A few orders are opened, played with, and looked at."""
        orders = _opened(raters)
        played = everybody.play(orders, raters, moves, random)
        now = everybody.now()
        settle(now)
        self.became += played.became
        self._tell([each.splitlines()[-1] for each in played.broke], "\n".join(played.broke[:1]))
        for order_id in orders:
            self._look(order_id, played, now)

    def _look(self, order_id: UUID, played: Played, now: datetime) -> None:
        from haochaping.rectification.models import WorkOrder

        order = WorkOrder.objects.get(pk=order_id)
        found = complaints(self.town, order, now)
        self._tell(found + told_otherwise(order, played), "")
        self.ends[order.exclusion or order.state] += 1

    def _tell(self, found: Sequence[str], more: str) -> None:
        for each in found[: max(0, TOLD - len(self.wrong))]:
            self.say(f"WRONG: {each}\n{more}")
        self.wrong += found

    def figures(self, orders: int) -> list[Figure]:
        """The table, once the tallies have been counted again from the rows."""
        from haochaping.publication.proof import reconcile

        done = sum(number for (_, became), number in self.became.items() if became == DONE)
        refused = Counter(became for (_, became) in self.became.elements() if became != DONE)
        acts = {act for (act, became), number in self.became.items() if became == DONE and number}
        return [
            Figure("orders played with", orders, "orders"),
            some("acts done", done, "acts"),
            some("refused, or not offered any more", refused.total(), "acts"),
            some("of these because somebody was faster", refused["changed"] + refused["done"], "acts"),
            Figure("different acts done", len(acts), "acts"),
            Figure("closed in the end, handled or not", orders - self._open(), "orders"),
            Figure("of these because the rating does not count", self.ends["voided"], "orders"),
            none("complaints: ways, ends, updates, owners, trail", len(self.wrong), "complaints"),
            none("tallies otherwise than their rows", len(reconcile(now=BEGUN)), "tallies"),
        ]

    def _open(self) -> int:
        from haochaping.rectification.states import Exclusion, State

        return sum(self.ends.values()) - sum(self.ends[each] for each in (State.CLOSED, *Exclusion))


def _opened(raters: Sequence[Rater]) -> list[UUID]:
    from haochaping.rectification.models import WorkOrder
    from haochaping.rectification.operations import open_orders

    open_orders(now=BEGUN, limit=len(raters) + AT_ONCE)
    subjects = [each.rating_id for each in raters]
    return list(WorkOrder.objects.filter(subject_id__in=subjects).values_list("id", flat=True))


def told_otherwise(order: "WorkOrder", played: Played) -> list[str]:
    """Where the officials were told something else than the history says: each act that was told to be done is in it once,
    and no act that nobody was told of."""
    from haochaping.rectification.models import ObjectionStep, OrderStep, PartStep

    told = Counter({act: number for (one, act), number in played.done.items() if one == order.id})
    steps = OrderStep.objects.filter(order=order, official_id__isnull=False)
    kept = Counter(f"order.{act}" for act in steps.values_list("act", flat=True))
    parts = PartStep.objects.filter(part__order=order, official_id__isnull=False)
    kept.update(f"part.{act}" for act in parts.values_list("act", flat=True))
    contested = ObjectionStep.objects.filter(objection__order=order).exclude(actor="system")
    kept.update(f"{kind}.{act}" for kind, act in contested.values_list("objection__kind", "act"))
    return [] if told == kept else [f"told {told - kept} and not kept, kept {kept - told} and not told"]
