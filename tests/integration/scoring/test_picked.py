"""Scores pick ratings by facts of which no tally is kept: counted out of the rows, and as the tallies count them."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from haochaping.cases.models import Case, ServiceOccasion
from haochaping.foundation.ids import new_id
from haochaping.policy.measures import Filter
from haochaping.policy.owed import Period, period_of
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Figures
from haochaping.policy.score_pages import written
from haochaping.policy.scores import Part, Score
from haochaping.policy.spells import name_of
from haochaping.ratings.models import DefaultRating, LaterWord, Rating, Voiding, Withdrawal
from haochaping.registry import models as registry
from haochaping.scoring.city_book import CityBook, KeptBook, Place
from haochaping.scoring.countable import Picking
from haochaping.scoring.gathering import Asked, gather
from haochaping.scoring.record import inputs_of
from haochaping.tallies.models import Change
from tests.orders import City, make_city

DAY = date(2025, 5, 6)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVERYTHING = frozenset({"place", "item_type", "case_type", "form", "stage", "rater"})
PICKED = {
    "organisation": Picking(EVERYTHING, voice=True, staff=True, tallied=False),
    "staff": Picking(frozenset({"place"}), voice=True, staff=False, tallied=False),
    "hall": Picking(frozenset({"rater"}), voice=False, staff=False, tallied=False),
}


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load()


class Rows:
    """A city with a hall that was a station until the end of April, and a member of staff; and what happened in it."""

    def __init__(self) -> None:
        self.city: City = make_city()
        self.hall = registry.Hall.objects.create(code="H1").id
        for kind, since, until in (
            ("station", None, date(2025, 4, 30)),
            ("own_hall", date(2025, 5, 1), None),
        ):
            registry.HallRecord.objects.create(
                hall_id=self.hall,
                name="市民中心",
                division_id=self.city.division,
                kind=kind,
                valid_from=since,
                valid_to=until,
            )
        self.staff = registry.Staff.objects.create(code="S1").id
        registry.StaffRecord.objects.create(
            staff_id=self.staff, name="王芳", organisation_id=self.city.police
        )
        # Of whom tallies know nothing, nobody is scored; what they say is not looked at here.
        Change.objects.create(
            **{"organisation_id": self.city.police, "day": DAY, "occasions": 1, "times": 1},
            **{"hall_id": self.hall, "staff_id": self.staff},
        )
        self.case = Case.objects.create(
            id=new_id(NOW), platform="test", project_no="1", status=3, accepted_at=NOW
        )

    def service(self, day: date = DAY, **columns: object) -> ServiceOccasion:
        said = {"organisation_id": self.city.police, "item_id": self.city.item, "late": False} | columns
        return ServiceOccasion.objects.create(
            **{"id": new_id(NOW), "case": self.case, "service_number": 1, "service_name": "办结"},
            **{"service_at": NOW, "service_day": day, "division_id": self.city.division},
            **{"profile": "kunming", "version_id": new_id(NOW)},
            **said,
        )

    def rating(self, service: ServiceOccasion, level: int, **columns: object) -> Rating:
        said = {"channel": 1, "origin": "citizen", "named": False} | columns
        return Rating.objects.create(
            **{"id": service.id, "occasion_id": service.id, "level": level, "norm_version": 2},
            **{"received_at": NOW, "submission": uuid.uuid4().bytes},
            **_of(service),
            **said,
        )

    def silence(self, service: ServiceOccasion, level: int) -> None:
        DefaultRating.objects.create(
            **{"id": service.id, "level": level, "due_at": NOW, "in_time_until": NOW, "defaulted_at": NOW},
            **_of(service),
        )

    def gathered(self, rules: Rulebook, period: Period) -> Mapping[str, Figures]:
        kinds = frozenset({"organisation", "region", "staff", "hall"})
        asked = Asked(self.city.division, kinds, rules, NOW)
        return {unit.name: each for unit, each in gather(asked, "year", period, PICKED).figures.items()}


def _of(service: ServiceOccasion) -> dict[str, object]:
    names = ("service_day", "division_id", "organisation_id", "hall_id", "staff_id", "item_id", "weight")
    return {
        **{name: getattr(service, name) for name in (*names, "shared_with")},
        "profile": "kunming",
    }


@pytest.fixture
def rows(db: None) -> Rows:
    return Rows()


def test_by_place_item_type_and_whatever_the_sender_said(rows, rules) -> None:
    """Online is online though a window's hall is named; the hall is what it was on the day."""
    in_hall = {"hall_id": rows.hall, "rater": "person", "form": "single"}
    rows.rating(rows.service(**in_hall), 5)
    rows.rating(rows.service(date(2025, 4, 30), **in_hall), 4)
    rows.silence(rows.service(**in_hall, case_type="instant"), 3)
    rows.service(place="online", hall_id=rows.hall, stage="acceptance")
    rows.service(late=True, hall_id=rows.hall)  # reported too late: nobody could rate it
    rows.service(weight=0, hall_id=rows.hall)  # another stands for it
    batch = rows.service(weight=3, shared_with=[rows.city.county], **in_hall | {"form": "batch"})
    rows.rating(batch, 1)
    found = rows.gathered(rules, period_of("year", DAY))
    police = found[f"organisation:{rows.city.police}"]

    def count(word: str, **only: object) -> int:
        return int(police.count(word, Filter(**only)))

    assert (count("occasions"), count("ratings"), count("defaults"), count("unrated")) == (7, 5, 1, 1)
    assert (count("occasions", places=("own_hall",)), count("unrated", places=("own_hall",))) == (5, 0)
    assert (count("level_4", places=("station",)), count("level_1", forms=("batch",))) == (1, 3)
    assert (count("occasions", places=("online",)), count("ratings", places=("online",))) == (1, 0)
    assert (count("occasions", stages=("acceptance",)), count("defaults", case_types=("instant",))) == (1, 1)
    assert (count("occasions", raters=("person",)), count("ratings", raters=("organisation",))) == (6, 0)
    assert (count("ratings", item_types=("confirmation",)), count("ratings", item_types=("permit",))) == (
        5,
        0,
    )
    # For the other office of the batch it counts as often; for the city once for each of them.
    other = found[f"organisation:{rows.city.county}"]
    assert (other.count("ratings", Filter(places=("own_hall",))), other.count("occasions")) == (3, 3)
    region = found[f"region:{rows.city.division}"]
    assert region.count("level_1", Filter(forms=("batch",))) == 6
    hall = found[f"hall:{rows.hall}"]
    assert (hall.count("ratings", Filter(raters=("person",))), hall.count("occasions")) == (5, 7)
    one_day = rows.gathered(rules, Period(DAY, DAY))[f"organisation:{rows.city.police}"]
    assert one_day.count("ratings", Filter(places=("own_hall", "station"))) == 4
    nobody = found[f"organisation:{rows.city.authority}"]
    assert nobody.count("occasions", Filter(places=("online",))) == 0


def test_by_channel_and_name_of_members_of_staff_and_of_what_was_entered_for_the_rater(rows, rules) -> None:
    of_staff = {"hall_id": rows.hall, "staff_id": rows.staff}
    rows.rating(rows.service(**of_staff), 5, staff_level=5, named=True, channel=4)
    rows.rating(rows.service(**of_staff, weight=2), 1, staff_level=2, channel=6, origin="hotline_entry")
    rows.rating(rows.service(**of_staff), 5, channel=7, origin="paper_entry")  # nothing said of her
    rows.silence(rows.service(**of_staff), 3)
    found = rows.gathered(rules, period_of("year", DAY))
    her = found[f"staff:{rows.staff}"]
    assert (her.count("occasions"), her.count("ratings"), her.count("defaults")) == (4, 2, 1)
    assert her.count("level_5", Filter(named=True, places=("own_hall",))) == 1
    assert (
        her.count("level_2", Filter(channels=("hotline",))),
        her.count("defaults", Filter(named=False)),
    ) == (
        1,
        1,
    )
    police = found[f"organisation:{rows.city.police}"]
    assert police.count("ratings", Filter(channels=("paper",))) == 1
    assert police.count("ratings", Filter(channels=("hotline", "paper"))) == 3
    # What was said of members of staff is no rating of services, and there where it is asked for.
    assert (police.count("ratings"), police.count("occasions")) == (4, 5)
    assert police.count("ratings", Filter(subjects=("staff",))) == 2
    assert police.count("level_2", Filter(subjects=("staff",))) == 1
    assert police.count("ratings", Filter(subjects=("item",))) == 4


def test_what_became_of_a_rating_counts_here_as_in_the_tallies(rows, rules) -> None:
    online = {"place": "online"}
    corrected = rows.rating(rows.service(**online), 1)
    LaterWord.objects.create(
        **{"id": new_id(NOW), "rating_id": corrected.id, "ordinal": 1, "kind": "correction", "level": 5},
        **{"bad": False, "counts": True, "norm_version": 2, "received_at": NOW},
        **{"submission": b"1", "profile": "kunming"},
    )
    for place, (effect, level) in enumerate((("default", 3), ("not_counted", None), ("unrated", None))):
        voided = rows.rating(rows.service(**online), 1)
        Voiding.objects.create(
            **{"id": new_id(NOW), "rating_id": voided.id, "ordinal": 1, "effect": effect, "level": level},
            **{"ground": "malicious", "clause": "第十条", "at": NOW},
            **{"proposed_by": f"a{place}", "confirmed_by": f"b{place}"},
        )
    back = rows.rating(rows.service(**online), 1)
    Withdrawal.objects.create(
        **{"rating_id": back.id, "withdrawn_at": NOW, "effect": "not_counted"},
        **{"silence_provisional": False, "profile": "kunming"},
    )
    police = rows.gathered(rules, period_of("year", DAY))[f"organisation:{rows.city.police}"]
    only = Filter(places=("online",))
    # Five services: two count no more. One rating stands, corrected; one is silence; one is un-rated.
    counts = {word: int(police.count(word, only)) for word in ("occasions", "ratings", "defaults", "unrated")}
    assert counts == {"occasions": 3, "ratings": 1, "defaults": 1, "unrated": 1}
    assert police.count("level_5", only) == 1


def test_a_run_keeps_what_was_picked_and_is_worked_out_of_it_again(rows, rules) -> None:
    rows.rating(rows.service(place="online"), 5)
    rows.rating(rows.service(), 1)
    part = Part(measure="good_rate", counts_defaults=False, only=Filter(places=("online",)))
    place = Place("530100", "year", period_of("year", DAY))
    of_services = _Only(rules, Score((part,)))
    book = CityBook(Asked(rows.city.division, frozenset({"organisation"}), of_services, NOW), place)
    (page,) = written(book)["year"]
    unit = f"organisation:{rows.city.police}"
    assert page.results["mine", unit].points == 1
    kept = {
        each.name: {**inputs_of(figures), "of": each.of, "division": "530100"}
        for each, figures in book.gathered["year", place.period].figures.items()
    }
    (again,) = written(KeptBook(of_services, place, {"year": {name_of("year", place.period): kept}}))["year"]
    assert again.results["mine", unit] == page.results["mine", unit]


class _Only:
    """The rules of Kunming with one score alone."""

    def __init__(self, rules: Rulebook, score: Score) -> None:
        self._rules, self._score = rules, score

    def __getattr__(self, name: str) -> object:
        return getattr(self._rules, name)

    def profile(self, division: str, on: date) -> object:
        mine = {"mine": SimpleNamespace(value=self._score)}
        return replace(self._rules.profile(division, on), scores=mine, lists={})
