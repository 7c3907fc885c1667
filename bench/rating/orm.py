"""What `bench intake` compares with: the same rating as a Django view would store it, one transaction each.

Token, rules, claim, receipt, trace and delta as in the door, through the ORM. For measuring only: it knows no default that
stands already, no race and no second submission. Served by gunicorn as `up` serves Django.
"""

import os
from datetime import timedelta
from functools import cache
from typing import Any

import django
from django.apps import apps
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.rating.orm_settings"
django.setup(set_prefix=False)

from haochaping.cases.token import read  # noqa: E402  (Django first)
from haochaping.foundation.clock import local_day, now  # noqa: E402
from haochaping.foundation.keys import key_for  # noqa: E402
from haochaping.intake.traces import address_hash, device_hash  # noqa: E402
from haochaping.policy.occasions import Occasion  # noqa: E402
from haochaping.policy.rulebook import Rulebook  # noqa: E402
from haochaping.policy.tags import Tags  # noqa: E402
from haochaping.ratings.receipt import issue, receipt_keys, submission_mark  # noqa: E402
from haochaping.ratings.rules import RatingContent, RatingTyped, check_rating  # noqa: E402

SUBJECT = ("service_day", "division_id", "organisation_id", "hall_id", "window_id", "staff_id", "item_id")
KEPT = timedelta(days=190)


@cache
def rules() -> tuple[Rulebook, Tags]:
    return Rulebook.load(), Tags.load()


def checked(form: Any, day: Any, at: Any) -> tuple[RatingContent, str]:
    """The content by the rules of the whole country, as for any occasion of the bench."""
    book, tags = rules()
    profile = book.rules(
        Occasion("000000", level=5, named=False), day, step=local_day(at), rated=local_day(at)
    )
    content = check_rating(
        RatingTyped(
            satisfaction=form["satisfaction"],
            tags=form.getlist("evalDetail"),
            text=form["writingEvaluation"],
            named=form["named"],
            submission=form["submission"],
        ),
        dictionary=tags,
        rules=profile,
    )
    return content, profile.label


def rate(request: HttpRequest, token: str) -> HttpResponse:
    at = now()
    read_token = read(token, key_for("rating token"))
    with transaction.atomic():
        occasion = apps.get_model("cases", "ServiceOccasion").objects.get(id=read_token.occasion_id)
        content, profile = checked(request.POST, occasion.service_day, at)
        waiting = apps.get_model("cases", "Waiting").objects.select_for_update().get(id=occasion.id)
        if waiting.window_at <= at:
            return JsonResponse({}, status=410)
        waiting.delete()
        issued = issue(occasion.id, content.submission, receipt_keys())
        apps.get_model("ratings", "Rating").objects.create(
            id=occasion.id,
            occasion_id=occasion.id,
            level=content.level,
            tags=list(content.tags) or None,
            text="",
            channel=read_token.channel,
            origin="citizen",
            named=content.named,
            norm_version=content.norm_version,
            received_at=at,
            profile=profile,
            submission=submission_mark(occasion.id, content.submission, receipt_keys()),
            **{name: getattr(occasion, name) for name in SUBJECT},
        )
        apps.get_model("ratings", "Receipt").objects.create(
            number=issued.number, rating_id=occasion.id, secret=issued.kept
        )
        apps.get_model("ratings", "Trace").objects.create(
            rating_id=occasion.id,
            address=address_hash(request.META["REMOTE_ADDR"]),
            device=device_hash({"user-agent": request.headers.get("user-agent", "")}),
            kept_until=local_day(at) + KEPT,
        )
        apps.get_model("tallies", "Change").objects.create(
            organisation_id=occasion.organisation_id, day=occasion.service_day, **{f"n{content.level}": 1}
        )
    receipt = {"number": issued.receipt.number, "secret": issued.receipt.secret}
    return JsonResponse({"receipt": receipt}, status=201)


urlpatterns = [path("ready", lambda _request: HttpResponse()), path("r/<str:token>", rate)]
application = WSGIHandler()
