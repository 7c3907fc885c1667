"""What the shipped rules lay down for an order that was answered, read as revisits."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from haochaping.oversight.revisiting import (
    Answered,
    Extent,
    Outcome,
    State,
    Terms,
    asks_of,
    attempts_of,
    ended_by,
    means_of,
    terms_for,
    terms_for_ratings,
    terms_kept,
    together,
)
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

NAMED = Answered(named=True, rectified=True, verified=True, unsatisfied=False)
ANONYMOUS = Answered(named=False, rectified=True, verified=True, unsatisfied=False)
ON = date(2026, 11, 23)
INVENTED = Path(__file__).parents[2] / "data" / "invented"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


def laid_down(profile: Profile, order: Answered) -> dict[str, tuple[Extent, str]]:
    return {each.rule: (each.extent, each.by) for each in terms_for(profile, order)}


def test_kunming_revisits_every_named_one_and_says_of_the_others_no_number(rulebook: Rulebook) -> None:
    profile = rulebook.profile("530100", ON)
    assert laid_down(profile, NAMED) == {
        "named_bad": (Extent.WHOLE, "handling_unit"),
        "rectified": (Extent.OPEN, "handling_unit"),
    }
    assert laid_down(profile, ANONYMOUS) == {"rectified": (Extent.OPEN, "handling_unit")}
    (named, _) = terms_for(profile, NAMED)
    assert named.means == ("person", "sms", "online")
    assert (named.asks, asks_of([named]), named.limit, named.attempts) == (("满意度",), (), "", None)
    assert named.clause.endswith("第十二条")


def test_tianjin_revisits_every_bad_one_by_the_hotline(rulebook: Rulebook) -> None:
    assert laid_down(rulebook.profile("120000", ON), ANONYMOUS)["bad"] == (Extent.WHOLE, "hotline_12345")


def test_shanxi_revisits_what_was_rectified_by_telephone_and_says_not_who(rulebook: Rulebook) -> None:
    profile = rulebook.profile("140000", ON)
    (rectified,) = terms_for(profile, ANONYMOUS)
    assert (rectified.rule, rectified.extent, rectified.by) == ("rectified", Extent.WHOLE, "")
    assert rectified.means == ("telephone",)
    assert terms_for(profile, Answered(named=False, rectified=False, verified=False, unsatisfied=False)) == ()


def terms(rule: str, **changed: object) -> Terms:
    plain = Terms(rule, "bad", "《甲》第一条", "1", None, (), "", (), None, (), "", "")
    return terms_kept({**plain.kept(), **changed})


def test_terms_are_kept_and_have_a_version_of_their_content() -> None:
    one = terms("a", per=["quarter"], asks=["满意度"], least=5)
    assert terms_kept(one.kept()) == one
    assert one.version() == terms("a", per=["quarter"], asks=["满意度"], least=5).version()
    assert (
        len({one.version(), terms("a").version(), terms("b").version(), terms("a", share="0.9").version()})
        == 4
    )


@pytest.mark.parametrize(
    ("share", "least", "extent"),
    [
        ("1", None, Extent.WHOLE),
        ("1.0", 3, Extent.WHOLE),
        ("0.2", None, Extent.SAMPLED),
        (None, 50, Extent.SAMPLED),
        (None, None, Extent.OPEN),
    ],
)
def test_the_extent(share: str | None, least: int | None, extent: Extent) -> None:
    assert terms("a", share=share, least=least).extent is extent


def test_one_call_meets_the_rules_of_one_body() -> None:
    unit, more, other = terms("a", by="handling_unit"), terms("b", by="handling_unit"), terms("c", by="x")
    again = terms("d", by="handling_unit", of="unsatisfied")
    assert together([unit, other, more, again]) == ((unit, more), (other,), (again,))


def test_what_one_call_must_be() -> None:
    free, phone = terms("a", attempts=2, asks=["满意度", "甲"]), terms("b", means=["telephone", "sms"])
    letter = terms("c", means=["letter", "sms"], attempts=3, asks=["甲", "乙"])
    assert means_of([free]) == ()
    assert means_of([free, phone, letter]) == ("sms",)
    assert means_of([phone, terms("d", means=["letter"])]) == ("telephone", "sms", "letter")
    assert asks_of([free, letter]) == ("甲", "乙")
    assert (attempts_of([free, letter]), attempts_of([phone])) == (3, None)


def test_an_attempt_ends_it_or_not() -> None:
    assert ended_by(Outcome.ANSWERED, tried=9, attempts=1) is State.ANSWERED
    assert ended_by(Outcome.REFUSED, tried=1, attempts=3) is State.REFUSED
    assert ended_by(Outcome.NOT_REACHED, tried=2, attempts=3) is State.DUE
    assert ended_by(Outcome.NOT_REACHED, tried=3, attempts=3) is State.UNREACHED
    assert ended_by(Outcome.NOT_REACHED, tried=99, attempts=None) is State.DUE


def test_what_a_rule_leaves_open_is_that_of_the_step_but_not_of_ratings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(INVENTED))
    qinglan = Rulebook.load().profile("970100", ON)
    (named,) = terms_for(qinglan, NAMED)
    assert (named.by, named.means, named.attempts) == ("hotline_12345", ("telephone",), 3)
    asked = replace(qinglan.revisits["named_bad"].value, attempts=None, means=())
    of_step = replace(qinglan, revisits={"named_bad": replace(qinglan.revisits["named_bad"], value=asked)})
    assert [each.attempts for each in terms_for(of_step, NAMED)] == [3]
    (good,) = terms_for_ratings(qinglan)
    assert (good.rule, good.of, good.by, good.attempts) == (
        "good_sample",
        "good",
        "same_level_authority",
        None,
    )
    no_number = replace(qinglan.revisits["good_sample"].value, share=None, least=None)
    rules = {"good_sample": replace(qinglan.revisits["good_sample"], value=no_number)}
    assert terms_for_ratings(replace(qinglan, revisits=rules)) == ()
