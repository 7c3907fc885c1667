"""A page is made once for all who ask within two seconds; who asks while it is made anew gets the one before."""

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from haochaping.faces.portal import fresh as module
from haochaping.faces.portal.fresh import fresh


class Time:
    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    cache.clear()
    found = Time()
    monkeypatch.setattr(module, "time", found)
    return found


def ask(**headers: str) -> HttpRequest:
    return RequestFactory(headers=headers).get("/")


def test_made_once_in_two_seconds_for_each_language_and_size(time: Time) -> None:
    made: list[str] = []

    def page(_request: HttpRequest) -> HttpResponse:
        made.append("made")
        return HttpResponse(str(len(made)))

    view = fresh(page)
    assert [view(ask()).content, view(ask()).content] == [b"1", b"1"]
    assert view(ask(cookie="size=large")).content == b"2"
    with override("en"):
        assert view(ask()).content == b"3"
    time.at += module.SECONDS
    answer = view(ask())
    assert (answer.content, answer["Cache-Control"], answer["Vary"]) == (b"4", "no-cache", "Cookie")


def test_who_asks_while_it_is_made_anew_gets_the_one_before(time: Time) -> None:
    asked: list[bytes] = []

    def page(_request: HttpRequest) -> HttpResponse:
        if time.at > 100 and not asked:
            asked.append(view(ask()).content)
            return HttpResponse("new")
        return HttpResponse("old")

    view = fresh(page)
    assert view(ask()).content == b"old"
    time.at += module.SECONDS
    assert view(ask()).content == b"new"
    assert asked == [b"old"]
    assert view(ask()).content == b"new"


def test_what_is_not_there_is_not_kept(time: Time) -> None:
    answers = iter((503, 200))
    view = fresh(lambda _request: HttpResponse(status=next(answers)))
    assert [view(ask()).status_code, view(ask()).status_code] == [503, 200]
