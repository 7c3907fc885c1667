"""Occasions as the intake keeps them and ratings as the door keeps them, by the same functions and the same statement, in
the test's own transaction."""

import uuid
from datetime import date, datetime

import psycopg
from django.db import connection

from haochaping.cases.facts import RuledOccasion, occasion_of
from haochaping.cases.instants import Instants, derive
from haochaping.cases.models import Case, ServiceOccasion, Waiting
from haochaping.cases.queries import rule_facts
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid
from haochaping.foundation.ids import new_id
from haochaping.intake.statement import STORE_RATINGS, arguments, prepare
from haochaping.intake.submission import Submission
from haochaping.policy.profile import Profile
from haochaping.policy.scenario_file import Given, Rated
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.ratings.receipt import receipt_keys
from haochaping.ratings.rules import RatingTyped, check_rating
from haochaping.rectification.rulebook import rulebook, tags
from haochaping.registry import queries as registry
from tests.orders import NAME, PHONE, put_person
from tests.replayed.place import Place

TAKEN = "采纳"
# What the door refuses before anything is stored, in the words of scenarios.
REFUSED = {"reason_needed": "差评未说明原因", "needed": "差评须实名"}
CHANNELS = {"web": 1, "mobile": 2, "qr": 3, "device": 4}


def report(given: Given, place: Place, at: datetime) -> tuple[uuid.UUID, Instants]:
    """The occasion of a case; its id, and until when it can be rated."""
    of, events = given.occasion, given.events
    begun = events.get("service") or min(events.values())
    accepted = events.get("acceptance")
    case = Case.objects.create(
        id=new_id(at), platform="replayed", project_no=given.name, status=3, accepted_at=accepted or begun
    )
    occasion = ServiceOccasion.objects.create(
        id=new_id(at),
        case=case,
        service_number=1,
        service_name="受理",
        service_at=begun,
        service_day=local_day(begun),
        accepted_day=local_day(accepted) if accepted else None,
        division_id=place.division(of.division),
        organisation_id=place.unit(of),
        hall_id=place.hall(of),
        item_id=place.thing(),
        place="online" if of.place == "online" else "",
        case_type=of.case_type,
        rater=of.rater,
        form=of.form,
        stage=of.stage,
        late=False,
        profile="",
        version_id=new_id(at),
    )
    put_person(occasion.version_id, at, name=NAME, phone=PHONE)
    profile = ruled(occasion.id).rules(rulebook(), step=local_day(at))
    instants = derive(profile, events, known_at=at)
    Waiting.objects.create(id=occasion.id, known_at=at, **instants._asdict())
    ServiceOccasion.objects.filter(pk=occasion.id).update(profile=profile.label)
    return occasion.id, instants


def ruled(occasion_id: uuid.UUID) -> RuledOccasion:
    """The occasion as rules see it, by the way in which intake and orders ask."""
    facts = rule_facts(occasion_id=occasion_id)
    found = occasion_of(facts, registry) if facts is not None else None
    assert found is not None
    return found


def rate(occasion_id: uuid.UUID, said: Rated) -> str:
    """What became of an attempt to rate, in the words of scenarios."""
    day: date = local_day(said.at)
    profile = ruled(occasion_id).rules(
        rulebook(), step=day, rated=day, channel=said.channel, level=said.level, named=said.named
    )
    typed = RatingTyped(
        satisfaction=str(said.level),
        tags=(),
        text="等候的时间太长。" if said.reason else "",
        named="1" if said.named else "0",
        submission=uuid.uuid4().hex,
    )
    try:
        content = check_rating(typed, dictionary=tags(), rules=profile)
    except Invalid as refusal:
        return REFUSED.get(refusal.problems[0].code, refusal.problems[0].code)
    submission = Submission(
        occasion_id, content, profile.label, channel=CHANNELS.get(said.channel, 3), received_at=said.at
    )
    return TAKEN if _stored(submission, said.at) else _why(occasion_id, said.at, profile)


def _stored(submission: Submission, at: datetime) -> bool:
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(STORE_RATINGS, arguments([prepare(submission, receipt_keys())], at))
        row = cursor.fetchone()
    assert row is not None
    return bool(row[0] == "created")


def _why(occasion_id: uuid.UUID, at: datetime, profile: Profile) -> str:
    """Citizens are not told; the tables know."""
    if Rating.objects.filter(pk=occasion_id).exists():
        return "已评价，不再重复计"
    waiting = Waiting.objects.filter(pk=occasion_id).first()
    silent = waiting.default_at is not None and at >= waiting.default_at if waiting else True
    swept = DefaultRating.objects.filter(pk=occasion_id).exists()
    counts = profile.default is not None and (swept or (waiting is not None and silent))
    return "已按默认处理" if counts else "评价期限已过"
