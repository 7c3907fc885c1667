"""Revisits (回访): what the rules lay down for an order that was answered, as it is kept with what follows. Pure.

Sources: Kunming, article 12 (all 实名差评, by the handling unit); Tianjin, 一、三是 (all, by 12345); Shanxi (every one that
was rectified, by telephone); Shandong HRSS, 二(二) (a sample of at least 20 %).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from haochaping.policy.objections import Revisit
from haochaping.policy.profile import Profile
from haochaping.policy.wording import limit_words

# Whom the rules name where it is the unit itself that asks.
OWN_BODIES: Final = frozenset({"handling_unit", "rated_organisation", ""})
UNSATISFIED: Final = "unsatisfied"
# What the rules ask about that is no order: the ratings themselves, and what silence counted for.
DEFAULTS: Final = "default"
GOOD: Final = "good"
OF_RATINGS: Final = frozenset({"all", DEFAULTS, GOOD})
SATISFACTION: Final = "满意度"
# What an undecided objection may mean by the rules: nobody revisits meanwhile.
WAITS: Final = "revisit_waits"


# The means by which a rater answers by himself (网上自助), by the receipt of his rating.
ONLINE: Final = "online"
LONGEST_ANSWER: Final = 1000


class State(StrEnum):
    """DUE until it ends in one of the others. ANONYMOUS: nobody is known who could be asked. LAPSED: the rater took the bad
    rating back as a mistake, or it does not count."""

    DUE = "due"
    ANSWERED = "answered"
    REFUSED = "refused"
    UNREACHED = "unreached"
    ANONYMOUS = "anonymous"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """Of one attempt."""

    ANSWERED = "answered"
    NOT_REACHED = "not_reached"
    REFUSED = "refused"


class Extent(StrEnum):
    """How many are revisited: every one, a share that is drawn, or nothing is laid down of it."""

    WHOLE = "whole"
    SAMPLED = "sampled"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Terms:
    """One rule as it stood for an order. `by`: a body of the rules' words, "" where nobody is named; `attempts`, `share`,
    `least` None and `unsatisfied`, `limit` "" where not laid down. `limit` is in words."""

    rule: str
    of: str
    clause: str
    share: str | None
    least: int | None
    per: tuple[str, ...]
    by: str
    means: tuple[str, ...]
    attempts: int | None
    asks: tuple[str, ...]
    unsatisfied: str
    limit: str

    @property
    def extent(self) -> Extent:
        if self.share is not None and Decimal(self.share) == 1:
            return Extent.WHOLE
        return Extent.OPEN if self.share is None and self.least is None else Extent.SAMPLED

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    def version(self) -> str:
        """16 hexadecimal digits of the SHA-256 of the canonical JSON: equal terms have equal versions."""
        text = json.dumps(self.kept(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()[:16]


def terms_kept(kept: Mapping[str, Any]) -> Terms:
    """What `Terms.kept` made, read again."""
    lists = {key: tuple(kept[key]) for key in ("per", "means", "asks")}
    return Terms(**{**kept, **lists})


@dataclass(frozen=True, slots=True)
class Answered:
    """An order of which the rater was given an answer, or that was closed: what decides which revisits there are.

    `unsatisfied`: the rater said so of what was done (追评 of a bad level); `objected`: the rated objected to the rating.
    """

    named: bool
    rectified: bool
    verified: bool
    unsatisfied: bool
    objected: bool = False

    def kinds(self) -> frozenset[str]:
        """The words of `Revisit.of` that hold of it."""
        said = {
            "named_bad": self.named,
            "rectified": self.rectified,
            "verified_bad": self.verified,
            UNSATISFIED: self.unsatisfied,
            "objected": self.objected,
        }
        return frozenset({"bad"} | {kind for kind, holds in said.items() if holds})


def terms_for(profile: Profile, order: Answered) -> tuple[Terms, ...]:
    """The rules on revisits that hold of an order, by key."""
    kinds = order.kinds()
    return tuple(
        terms_of(key, value.value, profile)
        for key, value in sorted(profile.revisits.items())
        if value.value.of in kinds
    )


def terms_for_ratings(profile: Profile) -> tuple[Terms, ...]:
    """The rules on revisits of ratings (全部评价, 默认评价, 好评) that say how many, by key."""
    found = (
        terms_of(key, value.value, profile)
        for key, value in sorted(profile.revisits.items())
        if value.value.of in OF_RATINGS
    )
    return tuple(each for each in found if each.extent is not Extent.OPEN)


def terms_of(key: str, rule: Revisit, profile: Profile) -> Terms:
    """A rule of a profile with its clause. Where it names nobody, the one who is responsible for revisits (of what was set
    right) does it, and what it leaves open of attempts and means is that of the step; both say nothing of ratings without an
    order."""
    responsible = profile.responsibility.get("revisit") if rule.of not in OF_RATINGS else None
    by = rule.by or (responsible.value.by if responsible else None)
    step = profile.steps.get("revisit") if rule.of not in OF_RATINGS else None
    attempts, means = (step.value.attempts, step.value.means) if step else (None, ())
    return Terms(
        rule=key,
        of=rule.of,
        clause=profile.citation(f"revisits.{key}") or "",
        share=None if rule.share is None else format(rule.share.normalize(), "f"),
        least=rule.least,
        per=rule.per,
        by=by or "",
        means=rule.means or means,
        attempts=rule.attempts if rule.attempts is not None else attempts,
        asks=rule.asks,
        unsatisfied=rule.unsatisfied or "",
        limit=limit_words(rule.limit) if rule.limit else "",
    )


def together(terms: Iterable[Terms]) -> tuple[tuple[Terms, ...], ...]:
    """Those that one and the same call meets: of one body, on one occasion. Nobody is called twice for two rules."""
    groups: dict[tuple[str, bool], list[Terms]] = {}
    for each in terms:
        groups.setdefault((each.by, each.of == UNSATISFIED), []).append(each)
    return tuple(map(tuple, groups.values()))


def means_of(terms: Sequence[Terms]) -> tuple[str, ...]:
    """By which means all of them allow it: none where none lays any down; all that are named where they have none in
    common."""
    laid_down = [each.means for each in terms if each.means]
    named = dict.fromkeys(word for means in laid_down for word in means)
    common = tuple(word for word in named if all(word in means for means in laid_down))
    return common or tuple(named)


def may_be_answered_online(terms: Sequence[Terms]) -> bool:
    """Whether the rater may answer by himself: where the means are laid down it is one of them."""
    means = means_of(terms)
    return not means or ONLINE in means


def asks_of(terms: Iterable[Terms]) -> tuple[str, ...]:
    """What is asked, each once, but for satisfaction: that has a scale of its own."""
    asked = dict.fromkeys(word for each in terms for word in each.asks)
    return tuple(word for word in asked if word != SATISFACTION)


def attempts_of(terms: Iterable[Terms]) -> int | None:
    """After how many attempts in vain it ends; None: not laid down, so it does not end by that."""
    laid_down = [each.attempts for each in terms if each.attempts is not None]
    return max(laid_down, default=None)


def ended_by(outcome: Outcome, *, tried: int, attempts: int | None) -> State:
    """The state after an attempt; `tried`: how many there were with it."""
    if outcome is Outcome.ANSWERED:
        return State.ANSWERED
    if outcome is Outcome.REFUSED:
        return State.REFUSED
    return State.UNREACHED if attempts is not None and tried >= attempts else State.DUE
