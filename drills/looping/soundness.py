"""What must be so of an order whatever was done to it, read from its rows and held against its own history."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from drills.looping.town import Town
from haochaping.rectification.contests import PENDING, REVIEW_STEPS, OrderMark
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.parts import OPEN
from haochaping.rectification.states import ANSWERING, TABLE, Act, RaterAct, State

if TYPE_CHECKING:
    from haochaping.rectification.models import Objection, OrderStep, WorkOrder

_WAYS: Final = frozenset((row.act.value, row.source.value, row.target.value) for row in TABLE)
_RATER: Final = frozenset(each.value for each in RaterAct)
_MARKS: Final = frozenset(each.value for each in OrderMark)
# What can lead on from the end: the rater says that it is not as it should be, or that the rating was bad after all; two
# persons would have the rating count again.
_AGAIN: Final = frozenset(
    {*(each.value for each in (RaterAct.CORRECTED, RaterAct.VERDICT, RaterAct.SILENT)), OrderMark.RESTORED}
)


@dataclass(slots=True)
class Looked:
    """An order with all that is kept of it, looked at when nobody is in the middle of anything."""

    town: Town
    order: "WorkOrder"
    now: datetime
    steps: Sequence["OrderStep"] = field(init=False)
    objections: Sequence["Objection"] = field(init=False)

    def __post_init__(self) -> None:
        self.order.refresh_from_db()
        self.steps = list(self.order.steps.order_by("revision"))
        self.objections = list(self.order.objections.order_by("filed_at"))


def complaints(town: Town, order: "WorkOrder", now: datetime) -> list[str]:
    """Everything that is not as it must be, in words; [] where the order is sound."""
    looked = Looked(town, order, now)
    found = (
        *_ways(looked),
        *_ends(looked),
        *_figures(looked),
        *_limits(looked),
        *_parts(looked),
        *_audited(looked),
    )
    done = " ".join(f"{step.act}>{step.to_state}" for step in looked.steps)
    return [f"{order.number}: {each} (after {done})" for each in found]


def _ways(looked: Looked) -> Iterator[str]:
    """Its history is whole, and each step is one that the table has."""
    order, steps = looked.order, looked.steps
    revisions = [step.revision for step in steps]
    if revisions != list(range(1, order.revision + 1)):
        yield f"an update was lost: steps {revisions} of revision {order.revision}"
    state, voided_from = State.OPENED.value, ""
    for step in steps:
        if step.from_state != state:
            yield f"an update was lost: {step.act} from {step.from_state}, after {state}"
        if not _legal(step, voided_from):
            yield f"no way of the table: {step.act} from {step.from_state} to {step.to_state}"
        if step.act == OrderMark.VOIDED:
            voided_from = step.from_state
        state = step.to_state
    if order.state != state:
        yield f"it is {order.state}, its history ends with {state}"


def _legal(step: "OrderStep", voided_from: str) -> bool:
    if step.act in _RATER:
        return step.to_state in (step.from_state, State.CLOSED, State.OPENED)
    if step.act == OrderMark.VOIDED:
        return step.to_state == State.CLOSED != step.from_state
    if step.act == OrderMark.RESTORED:
        return step.from_state == State.CLOSED and step.to_state in (voided_from, State.CLOSED)
    return (step.act, step.from_state, step.to_state) in _WAYS


def _ends(looked: Looked) -> Iterator[str]:
    """It ends once, and begins again only where somebody may say so."""
    order, closed = looked.order, State.CLOSED
    if (order.state == closed) != (order.closed_at is not None):
        yield f"it is {order.state}, and was closed at {order.closed_at}"
    if order.exclusion and order.state != closed:
        yield f"it is {order.state}, though {order.exclusion}"
    ends = sum(step.to_state == closed != step.from_state for step in looked.steps)
    again = [step.act for step in looked.steps if step.from_state == closed != step.to_state]
    if ends - len(again) != (order.state == closed):
        yield f"it ended {ends} times and began again {len(again)} times"
    if wrong := set(again) - _AGAIN:
        yield f"it began again by {sorted(wrong)}"


def _figures(looked: Looked) -> Iterator[str]:
    """What it says of itself is what its history says of it, since it was opened, or opened again."""
    from haochaping.rectification.course.live import current_round

    order, (_, round_) = looked.order, current_round(looked.steps)
    verified = [step for step in round_ if step.act == Act.VERIFY]
    classified = [step for step in round_ if step.act == Act.CLASSIFY]
    given = [step for step in round_ if step.act in ANSWERING and step.to_state == State.ANSWERED]
    said = verified[-1].said if verified else {}
    expected = {
        "finding": said.get("finding", ""),
        "reasonable": {"yes": True, "no": False}.get(said.get("reasonable", "")),
        "bad_class": classified[-1].said["bad_class"] if classified else "",
        "answer": _answer(round_, given[-1]) if given else "",
        "organisation_id": _organisation(looked),
    }
    for name, value in expected.items():
        if (is_so := getattr(order, name)) != value:
            yield f"{name} is {is_so!r}, by its history {value!r}"
    yield from _follows_its_rater(looked)


def _answer(round_: Sequence["OrderStep"], given: "OrderStep") -> str:
    if given.act != Act.APPROVE:
        return given.note
    return next(
        step.note for step in reversed(round_) if step.act == Act.ANSWER and step.revision < given.revision
    )


def _organisation(looked: Looked) -> int:
    codes = [step.said["organisation"] for step in looked.steps if step.act == Act.DISPATCH]
    return looked.town.codes[codes[-1]] if codes else looked.town.department


def _follows_its_rater(looked: Looked) -> Iterator[str]:
    """It has taken in all that its rater said, and nothing twice."""
    from haochaping.ratings.queries import rating_for_order

    order, acts = looked.order, Counter(step.act for step in looked.steps)
    (rating,) = rating_for_order([order.subject_id])
    if (order.words_seen, order.verdicts_seen) != (len(rating.words), len(rating.verdicts)):
        yield f"{order.words_seen} words and {order.verdicts_seen} verdicts seen of {rating}"
    if acts[RaterAct.VERDICT] + acts[RaterAct.SILENT] != len(rating.verdicts):
        yield f"{len(rating.verdicts)} verdicts, and other steps: {acts}"
    if acts[RaterAct.TAKEN_BACK] != rating.taken_back:
        yield f"taken back {rating.taken_back}, and {acts[RaterAct.TAKEN_BACK]} steps of it"
    if order.named and not rating.contactable:
        yield "its rater may no longer be contacted, and it says that he may"
    out = (rating.taken_back or rating.corrected_to_good) and not order.exclusion
    if out and order.state != State.CLOSED:
        yield f"{order.state}, though its rater took it back"


def _limits(looked: Looked) -> Iterator[str]:
    """No limit runs that nobody has to keep, and each is as the rules count it."""
    from haochaping.rectification.operations.clocks import recount_order
    from haochaping.rectification.rulebook import rulebook

    order = looked.order
    running = order.deadlines.filter(met_at__isnull=True)
    owners = set(running.values_list("organisation_id", flat=True))
    owners |= {each.body_id for each in looked.objections if each.state in PENDING}
    if nobodys := owners - looked.town.posts:
        yield f"limits of nobody: {nobodys}"
    # What the rated filed is still to be decided.
    left = order.deadlines.exclude(step__in=REVIEW_STEPS.values())
    if order.exclusion and (order.due_at is not None or left.exists()):
        rows = list(left.values_list("step", "due_at", "met_at"))
        yield f"limits run, though {order.exclusion}: {order.due_at} {rows}"
    if order.silence_at is not None and (
        order.exclusion or order.state not in (State.ANSWERED, State.CLOSED)
    ):
        yield f"silence would count of what is {order.state} {order.exclusion}"
    before = order.due_at, order.due_provisional, order.stands_still
    if order.state != State.CLOSED:
        if moved := recount_order(order, rulebook(), now=looked.now):
            yield f"limits are otherwise when they are counted again: {moved}"
        if (after := (order.due_at, order.due_provisional, order.stands_still)) != before:
            yield f"its limit is {before}, counted again {after}"


def _parts(looked: Looked) -> Iterator[str]:
    """What others do of it is whole as well, and nobody answered while that was open."""
    for part in looked.order.parts.all():
        steps = list(part.steps.order_by("revision"))
        if [step.revision for step in steps] != list(range(1, part.revision + 1)):
            yield f"an update of a part was lost: {len(steps)} steps of revision {part.revision}"
        if steps and part.state != steps[-1].to_state:
            yield f"a part is {part.state}, its history ends with {steps[-1].to_state}"
        if part.state in OPEN and looked.order.state in (State.DRAFTED, State.ANSWERED):
            yield f"it is {looked.order.state} while a part is {part.state}"


def _audited(looked: Looked) -> Iterator[str]:
    """Each act has exactly one row in the trail, and there is no row of what was not done."""
    from haochaping.audit.models import AuditEntry

    subject = f"order:{looked.order.number}"
    rows = Counter(AuditEntry.objects.filter(subject=subject).values_list("act", flat=True))
    done = Counter(f"order.{step.act}" for step in looked.steps if step.act not in _MARKS)
    done["order.open"] += 1
    for each in looked.objections:
        acts = list(each.steps.order_by("revision").values_list("act", "revision"))
        done.update(f"{each.kind}.{act}" for act, _ in acts)
        if [revision for _, revision in acts] != list(range(1, each.revision + 1)):
            yield f"an update of the {each.kind} was lost: {acts} of revision {each.revision}"
        if not acts or acts[0][0] != Contest.FILE:
            yield f"an {each.kind} that nobody filed"
    for part in looked.order.parts.all():
        done.update(f"part.{act}" for act in part.steps.values_list("act", flat=True))
    if rows != done:
        yield f"in the trail and not done: {rows - done}; done and not in the trail: {done - rows}"
