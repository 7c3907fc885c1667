"""Pages filled into a pattern are those that the template would have made."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from haochaping.faces.citizen.form_page import blank_form, filled_form
from haochaping.faces.citizen.language import manner_of
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.patterns import Pattern, Patterns, hole
from haochaping.faces.citizen.rating_form import Filled
from haochaping.faces.citizen.served import Served, What
from haochaping.faces.citizen.thanks import thanks
from haochaping.intake.http import Request
from haochaping.intake.services import Services
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import Receipt
from haochaping.ratings.rules import RatingContent
from tests.markup import Page

SERVICES = cast(Services, SimpleNamespace(tags=Tags.load(), base_url="https://hcp.example"))
NASTY = "<b>&\"'{{ manner }}\ue000item\ue001"


@pytest.mark.parametrize("query", ["", "lang=en", "size=large"])
def test_the_empty_form_is_the_templates_for_everybody(
    subject: Served, request_with: Callable[..., Request], query: str
) -> None:
    online = What(item="失业登记", step="失业登记", organisation=NASTY)
    for token in ("ONE", "TWO"):
        for each in (subject, replace(subject, what=lambda: online, closes_at=None)):
            request = request_with(method="GET", query=query, parameters={"token": token})
            quick = blank_form(request, SERVICES, each)
            seen = Page(quick.body)
            filled = Filled(seen.value("submission"), seen.value("opened"))
            assert quick == filled_form(200, request, SERVICES, each, filled)


@pytest.mark.parametrize("level", [5, 1])
@pytest.mark.parametrize("named", [True, False])
def test_thanks_are_the_templates_and_the_receipt_is_the_raters_own(
    subject: Served, request_with: Callable[..., Request], level: int, named: bool
) -> None:
    manner = manner_of(request_with(query="lang=en"))
    profile = subject.governed.rules(level=level, named=named)
    content = RatingContent(level, level < 3, (), "", named, b"x" * 16)
    for receipt in (Receipt("AAAA-BBBB-CCCC", "1111-2222"), Receipt("DDDD", "3333")):
        said: dict[str, Any] = {"number": receipt.number, "secret": receipt.secret, "named": named}
        limit = profile.rectification
        assert limit is not None
        said |= {"address": "https://hcp.example/receipt", "bad": level < 3, "clause": limit.citation}
        due = page(201, "thanks.html", manner, limit="15 working days", **said)
        assert thanks(201, manner, SERVICES, content, profile, receipt) == due


def test_a_hole_takes_text_and_never_markup_or_another_hole() -> None:
    pattern = Pattern(f"<p>{hole('said')}</p><i>{hole('said')}</i>{hole('other')}")
    answer = pattern.filled({"said": NASTY, "other": ""}).decode()
    escaped = "&lt;b&gt;&amp;&#34;&#39;{{ manner }}\ue000item\ue001"
    assert answer == f"<p>{escaped}</p><i>{escaped}</i>"
    with pytest.raises(KeyError):
        pattern.filled({"said": ""})


def test_only_so_many_patterns_are_kept_and_those_in_use_stay() -> None:
    made: list[int] = []

    def render(number: int) -> Callable[[], str]:
        return lambda: made.append(number) or str(number)  # type: ignore[func-returns-value]

    patterns = Patterns(kept=2)
    for number in (1, 2, 1, 3, 1, 2):
        assert patterns.get(number, render(number)).filled({}) == str(number).encode()
    assert made == [1, 2, 3, 2]
