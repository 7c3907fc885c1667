"""The second half of an occasion: what a bad rating sets off, until when, and what it adds to the figures."""

from datetime import datetime, timedelta
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Due
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.scenario_file import Rated
from haochaping.policy.score_figures import Cell
from haochaping.policy.story import IN_TIME, LATE, OVERDUE, Story, passed
from haochaping.policy.story_contests import limit_in, play_contests, upheld
from haochaping.policy.story_outcomes import (
    play_escalations,
    play_no_basis,
    play_returns,
    play_revisits,
    play_verdict,
)
from haochaping.policy.story_steps import conclude, extended, standing_still, tell_steps

_ONE_DAY: Final = timedelta(days=1)
NOTHING_TO_DO: Final = "无须整改"
_ORDER_WORDS: Final = ("orders", "orders_due", "rectified", "rectified_in_time", "verified")
_LATE_WORDS: Final = ("overdue", "overdue_days", "overdue_workdays")


def play_redress(story: Story, rated: Rated) -> None:
    """Plays all that a bad rating sets off."""
    profile = story.rules(story.events["rating"])
    story.note("bad", True, profile.levels)
    if not story.occasion.bad_class:
        story.occasion = story.occasion._replace(bad_class=own_class(profile))
    verified = story.last("verification")
    if verified is not None:
        story.found(verified.outcome or "upheld")
    opened = _opened(profile, rated)
    if opened and (profile.trigger is None or profile.trigger.value.at_once):
        story.events.setdefault("opening", rated.at)
    story.note("order", opened, profile.trigger)
    play_contests(story)
    if opened:
        play_returns(story)
        conclude(story)
    play_verdict(story)
    play_revisits(story, rated)
    if opened:
        # The verdict may have begun the rectification anew.
        conclude(story)
        tell_steps(story)
        _rectification(story, ended=play_no_basis(story))
    play_escalations(story)
    story.cells.append((story.given.unit, _counts_of(story, rated)))


def own_class(profile: Profile) -> str:
    """The class of what nobody has classified, of whoever goes first; "" where there is none."""
    own = [(value, key) for key, value in profile.classes.items() if value.value.on_its_own]
    return min(own, key=lambda each: profile.layers.index(each[0].jurisdiction))[1] if own else ""


def _opened(profile: Profile, rated: Rated) -> bool:
    trigger = profile.trigger.value if profile.trigger else None
    if trigger is None:
        return True
    return (
        (rated.reason or not trigger.reason)
        and (rated.named or not trigger.named)
        and (rated.reachable or not trigger.reachable)
    )


def _rectification(story: Story, *, ended: bool) -> None:
    """Until when it is set right, and what that adds to the figures. `ended`: there is nothing to set right."""
    counts = dict.fromkeys((*_ORDER_WORDS, *_LATE_WORDS), 0)
    counts["orders"] = 1
    counts["verified"] = int("verification" in story.events)
    counts["reopened"] = int("reopening" in story.events)
    if ended or story.occasion.finding == "rejected":
        basis = story.rules().no_legal_basis
        story.note("rectification", NOTHING_TO_DO, basis if ended else None)
        counts["no_legal_basis"] = int(ended)
        counts["rectified"] = int(ended and basis is not None and basis.value.rectified is True)
    else:
        counts |= _set_right(story)
    cell = Cell(counts, subject="item", named=story.occasion.named, bad_class=story.occasion.bad_class)
    story.cells.append((story.given.unit, cell))


def _set_right(story: Story) -> dict[str, int]:
    due, profile, limit = story.procedural(_rectification_limit)
    story.note_due("rectification", due, limit, profile.rectification)
    due = extended(story, "rectification", due, limit)
    done = story.events.get("rectification")
    if state := story.state(due, done):
        story.note("rectification_state", state, profile.rectification)
    return {
        "orders_due": int(done is not None or passed(due, story.now)),
        "rectified": int(done is not None),
        "rectified_in_time": int(done is not None and state in (IN_TIME, "")),
        **_late(story, due if state in (LATE, OVERDUE) else None, done),
    }


def _late(story: Story, due: Due | None, done: datetime | None) -> dict[str, int]:
    """What a limit that has run out (None: it has not) adds: once, and the days behind its last one until it was done."""
    if due is None:
        return dict.fromkeys(_LATE_WORDS, 0)
    last, until = due.last_day or local_day(due.due_at), local_day(done or story.now)
    workdays = story.rules().calendar.workdays_between(last + _ONE_DAY, until)
    return {"overdue": 1, "overdue_days": (until - last).days, "overdue_workdays": workdays}


def _rectification_limit(profile: Profile) -> Limit | None:
    return standing_still(limit_in(profile.rectification), profile)


def _counts_of(story: Story, rated: Rated) -> Cell:
    must = [key for key, said in story.facts.items() if key.startswith("revisits.") and said == "必须回访"]
    revisit = story.last("revisit")
    objection = story.last("objection")
    found = {
        "bad_named": rated.named,
        "bad_verified": story.verified,
        "objections": objection is not None,
        "objections_upheld": upheld(story),
        "revisits_due": bool(must),
        "revisited": revisit is not None,
        "revisit_answered": revisit is not None and bool(revisit.outcome),
        "revisit_satisfied": revisit is not None and revisit.outcome == "satisfied",
    }
    return Cell({word: int(each) for word, each in found.items()}, subject="item", named=rated.named)
