"""What officials try on an order: mostly what could be next, at times anything, and now and then from an old page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from drills.looping.town import Town
from haochaping.accounts.rules import MAP, Role
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Refused
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.contests import Filing, Kind, Outcome
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.parts import PartAct
from haochaping.rectification.rules import Said
from haochaping.rectification.states import TABLE, Act, Finding, State

if TYPE_CHECKING:
    from haochaping.rectification.models import Objection, WorkOrder

TEXT: Final = "已经向窗口了解清楚，情况记录在案。"
# No code of a refusal: "done" is that of an act which somebody else has done already.
DONE: Final = "was done"
# So often of a hundred: something that the state does not let, and a page that is out of date.
_ANYTHING, _OLD_PAGE = 10, 8
# Who does what: those of the rated handle and contest, those of the authorities handle and decide.
RATED: Final = ("handler", "colleague", "neighbour")
AUTHORITIES: Final = ("officer", "second", "superior")
_OF_RATED, _OF_AUTHORITIES = MAP[Role.ORGANISATION_HANDLER].keys(), MAP[Role.AUTHORITY_OFFICER].keys()


@dataclass(frozen=True, slots=True)
class Tried:
    """What an official tried on an order, and `DONE` or the code by which it was refused."""

    order_id: UUID
    act: str
    became: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One official's turn with one order. `name`: who, in `Town.officials`."""

    town: Town
    name: str
    order_id: UUID
    now: datetime
    random: Random

    @property
    def official(self) -> UUID:
        return self.town.officials[self.name]

    def chance(self, of_hundred: int) -> bool:
        return self.random.randrange(100) < of_hundred

    def revision(self, known: int) -> int:
        """That of the page before him."""
        return known - 1 if self.chance(_OLD_PAGE) else known

    def tried(self, act: str, what: Callable[[], object]) -> Tried:
        try:
            what()
        except Refused as refusal:
            return Tried(self.order_id, act, refusal.code)
        return Tried(self.order_id, act, DONE)


def handle(turn: Turn) -> Tried:
    """One act of the table on the order."""
    from haochaping.rectification.models import WorkOrder
    from haochaping.rectification.operations import act

    order = WorkOrder.objects.get(pk=turn.order_id)
    mine = _OF_AUTHORITIES if turn.name in AUTHORITIES else _OF_RATED
    possible = [row.act for row in TABLE if row.source == order.state and row.permission in mine]
    chosen = turn.random.choice(list(Act) if turn.chance(_ANYTHING) or not possible else possible)
    said, revision = _said(turn, order), turn.revision(order.revision)

    def do() -> object:
        return act(
            order_id=order.id,
            act=chosen,
            official_id=turn.official,
            revision=revision,
            now=turn.now,
            text=TEXT,
            said=said,
        )

    return turn.tried(f"order.{chosen}", do)


def _said(turn: Turn, order: "WorkOrder") -> Said:
    random = turn.random
    others = [code for code, number in turn.town.codes.items() if number != order.organisation_id]
    return Said(
        finding=random.choice([*Finding, Finding.TRUE]),
        reasonable=random.choice(["", "yes", "no"]),
        bad_class=random.choice(["simple", "ordinary", "complex"]),
        means="telephone",
        reached=random.choice(["yes", "no", "no"]),
        ground="other_unit",
        until=_until(turn, order),
        organisation=random.choice(
            list(turn.town.codes) if order.state == State.RETURNED else others or [""]
        ),
    )


def _until(turn: Turn, order: "WorkOrder") -> str:
    """The first day that can be given."""
    due = order.deadlines.filter(step="rectification").values_list("due_at", flat=True).first()
    return max(due or turn.now, turn.now).astimezone(CN).date().isoformat()


def contest(turn: Turn) -> Tried:
    """Somebody of the rated files an objection or an appeal, or takes back what is undecided."""
    from haochaping.rectification import operations

    last = _last(turn.order_id)
    if last is not None and turn.chance(40):
        return turn.tried(
            f"{last.kind}.{Contest.WITHDRAW}",
            lambda: operations.withdraw(objection_id=last.id, official_id=turn.official, now=turn.now),
        )
    kind = turn.random.choice([Kind.OBJECTION, Kind.OBJECTION, Kind.APPEAL])
    filing = Filing("rated_organisation", "mistaken", TEXT, "叫号记录")

    def do() -> object:
        return operations.file(
            order_id=turn.order_id, kind=kind, official_id=turn.official, filing=filing, now=turn.now
        )

    return turn.tried(f"{kind}.{Contest.FILE}", do)


def decide(turn: Turn) -> Tried:
    """Somebody of the body does something with what was filed last; where nothing was, he handles the order."""
    last = _last(turn.order_id)
    if last is None:
        return handle(turn)
    chosen = turn.random.choice(_LEADING.get(ObjectionState(last.state), list(_DOING)))
    return turn.tried(f"{last.kind}.{chosen}", lambda: _DOING[chosen](turn, last))


def _accept(turn: Turn, last: "Objection") -> None:
    from haochaping.rectification.operations import accept

    revision = turn.revision(last.revision)
    accept(objection_id=last.id, official_id=turn.official, revision=revision, now=turn.now)


def _decide(turn: Turn, last: "Objection") -> None:
    from haochaping.rectification import operations

    outcome = turn.random.choice([*Outcome, Outcome.UPHELD])
    ground = turn.random.choice(["mistaken", "mistaken", "malicious"]) if outcome is Outcome.UPHELD else ""
    operations.decide(
        objection_id=last.id,
        official_id=turn.official,
        revision=turn.revision(last.revision),
        decision=operations.Decision(outcome, ground, TEXT, TEXT, TEXT),
        now=turn.now,
    )


def _propose(act: Contest) -> Callable[[Turn, "Objection"], None]:
    def do(turn: Turn, last: "Objection") -> None:
        from haochaping.rectification.operations import propose

        propose(
            objection_id=last.id,
            official_id=turn.official,
            act=act,
            revision=turn.revision(last.revision),
            reasons=TEXT,
            now=turn.now,
        )

    return do


def _confirm(turn: Turn, last: "Objection") -> None:
    from haochaping.rectification.operations import confirm

    revision = turn.revision(last.revision)
    confirm(objection_id=last.id, official_id=turn.official, revision=revision, now=turn.now)


def _send_back(turn: Turn, last: "Objection") -> None:
    from haochaping.rectification.operations import send_back

    revision = turn.revision(last.revision)
    send_back(objection_id=last.id, official_id=turn.official, revision=revision, reasons=TEXT, now=turn.now)


_DOING: Final[dict[Contest, Callable[[Turn, "Objection"], None]]] = {
    Contest.ACCEPT: _accept,
    Contest.DECIDE: _decide,
    Contest.VOID: _propose(Contest.VOID),
    Contest.RESTORE: _propose(Contest.RESTORE),
    Contest.CONFIRM: _confirm,
    Contest.SEND_BACK: _send_back,
}
_SECOND: Final = [Contest.CONFIRM, Contest.CONFIRM, Contest.SEND_BACK]
_LEADING: Final = {
    ObjectionState.FILED: [Contest.ACCEPT, Contest.DECIDE],
    ObjectionState.ACCEPTED: [Contest.DECIDE],
    ObjectionState.PROPOSED: _SECOND,
    ObjectionState.VOIDING: _SECOND,
    ObjectionState.RESTORING: _SECOND,
    ObjectionState.DECIDED: [Contest.VOID, Contest.RESTORE],
}


def _last(order_id: UUID) -> "Objection | None":
    from haochaping.rectification.models import Objection

    return Objection.objects.filter(order_id=order_id).order_by("-filed_at").first()


def share(turn: Turn) -> Tried:
    """Something about what another organisation does of the order: an officer gives it, its handler takes it and reports."""
    from haochaping.rectification.models import OrderPart
    from haochaping.rectification.operations import Giving, PartSaid, act_on_part, give_part

    part = OrderPart.objects.filter(order_id=turn.order_id).order_by("-revision").first()
    if part is None or turn.chance(20):
        giving = Giving(turn.random.choice(list(turn.town.codes)), TEXT)
        return turn.tried(
            f"part.{PartAct.GIVE}",
            lambda: give_part(order_id=turn.order_id, official_id=turn.official, giving=giving, now=turn.now),
        )
    known, chosen = part, turn.random.choice([PartAct.TAKE, PartAct.REPORT, PartAct.RELEASE])

    def do() -> object:
        return act_on_part(
            part_id=known.id,
            act=chosen,
            official_id=turn.official,
            revision=turn.revision(known.revision),
            now=turn.now,
            said=PartSaid(TEXT, "true", TEXT),
        )

    return turn.tried(f"part.{chosen}", do)


def play(turn: Turn) -> Tried:
    """A turn of whoever it is."""
    if turn.chance(8):
        return share(turn)
    if turn.name in RATED:
        return contest(turn) if turn.chance(15) else handle(turn)
    return decide(turn) if turn.chance(70) else handle(turn)
