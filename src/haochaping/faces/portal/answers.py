"""Answered bad ratings that a person released, page by page, by organisation and by tag."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.faces.portal.given import given
from haochaping.foundation.clock import now
from haochaping.publication import queries
from haochaping.publication.answers_data import answers_data
from haochaping.publication.datasets import DataSet
from haochaping.publication.queries import answers as released

_LONGEST_PAGE = 6


@require_safe
@fresh
def answers(request: HttpRequest) -> HttpResponse:
    """One page of them."""
    chosen = _chosen(request)
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_PAGE else 1
    shown = {
        "city": queries.place(now=now()),
        "page": "answers",
        "found": released.answers(**chosen, page=number),
        "chosen": chosen,
        "narrowed": urlencode({name: value for name, value in chosen.items() if value}),
    }
    return render(request, "portal/answers.html", shown)


@require_safe
@fresh
def data(request: HttpRequest, form: str) -> HttpResponse:
    """All of them, or those of an organisation or a tag."""
    return given(form, partial(_data, _chosen(request)))


def _data(chosen: dict[str, str]) -> DataSet:
    return answers_data(released.all_answers(**chosen), now=now())


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in ("organisation", "tag")}
