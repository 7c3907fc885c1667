"""Values from outside that officials enter: with their source, counted when another person has confirmed them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.policy.owed import Period
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scores import Part, Score
from haochaping.scoring.models import EnteredValue
from haochaping.scoring.operations.entering import Entry, decide_value, propose_values
from haochaping.scoring.queries.entered import entered_values, values_of
from haochaping.scoring.values_file import Over, values_in
from tests.orders import City, make_city, make_official

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
POLICE = "11532216MB3585447A"
HEAD = "名称,代码,数值,来源,文件日期\n"


@pytest.fixture(scope="module")
def rules() -> object:
    score = Score((Part(measure="external", external="third_party"),))
    found = Rulebook.load().profile("530100", LAST)
    return replace(found, scores={"trial": SimpleNamespace(value=score)})


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def officer(city: City, now, name: str, organisation: int | None = None) -> UUID:
    return make_official(organisation or city.authority, now, name, Role.AUTHORITY_OFFICER)


def entry(city: City, value: str = "88.5") -> Entry:
    number, source = Decimal(value), "第三方评估报告〔2026〕3号"
    return Entry("third_party", "organisation", city.police, "year", FIRST, number, source, date(2026, 1, 9))


def counted(city: City, at) -> object:
    return entered_values("year", FIRST, at=at).get(f"organisation:{city.police}", {}).get("third_party")


def test_a_value_counts_when_another_person_has_confirmed_it(city, rules, now) -> None:
    one, other = officer(city, now, "one"), officer(city, now, "other")
    propose_values([entry(city)], division_id=city.division, rules=rules, official_id=one, now=now)
    row = EnteredValue.objects.get()
    assert counted(city, now) is None
    with pytest.raises(NotAllowed) as own:
        decide_value(value_id=row.id, confirm=True, official_id=one, now=now)
    assert own.value.code == "own_value"
    later = now + timedelta(hours=1)
    decide_value(value_id=row.id, confirm=True, official_id=other, now=later)
    assert (counted(city, later), counted(city, now)) == (Decimal("88.5"), None)  # as it stood at the cut-off
    with pytest.raises(Conflict):
        decide_value(value_id=row.id, confirm=False, official_id=other, now=later)
    # A correction counts no sooner than it is confirmed; one that was sent back never does.
    for number, value in enumerate(("70", "71")):
        later += timedelta(hours=1)
        propose_values(
            [entry(city, value)], division_id=city.division, rules=rules, official_id=one, now=later
        )
        latest = EnteredValue.objects.get(value=value)
        decide_value(value_id=latest.id, confirm=not number, official_id=other, now=later)
    assert counted(city, later) == Decimal("70")
    states = [(each.state, each.value, each.mine) for each in values_of([city.division], official_id=one)]
    assert states == [
        ("sent_back", "71", True),
        ("counted", "70", True),
        ("replaced", "88.5", True),
    ]
    assert AuditEntry.objects.filter(act="scoring.values_proposed").count() == 3
    assert AuditEntry.objects.filter(act="scoring.value_decided", result="sent_back").count() == 1


def test_only_the_authority_of_the_place_enters_and_confirms(city, rules, now) -> None:
    one, handler = officer(city, now, "one"), make_official(city.police, now, "handler")
    said = {"division_id": city.division, "rules": rules, "now": now}
    with pytest.raises(NotAllowed):
        propose_values([entry(city)], official_id=handler, **said)
    with pytest.raises(NotFound) as elsewhere:
        propose_values([replace(entry(city), unit_number=12_345)], official_id=one, **said)
    assert elsewhere.value.code == "unit"
    with pytest.raises(Refused) as unknown:
        propose_values([entry(city), replace(entry(city), name="unheard")], official_id=one, **said)
    assert unknown.value.code == "name"
    assert not EnteredValue.objects.exists()  # all or none
    propose_values([entry(city)], official_id=one, **said)
    with pytest.raises(NotFound):
        decide_value(value_id=EnteredValue.objects.get().id, confirm=True, official_id=handler, now=now)


def read(city: City, rules: object, text: str, *, encoding: str = "utf-8-sig") -> list[Entry]:
    over = Over("year", Period(FIRST, LAST))
    return values_in(text.encode(encoding), over, division_id=city.division, rules=rules)


def test_a_file_is_taken_whole_or_each_mistake_is_told_with_its_row(city, rules) -> None:
    good = f"third_party,{POLICE},88.5,第三方评估报告,2026-01-09\nthird_party,530100,90,第三方评估报告,2026-01-09\n"
    found = read(city, rules, HEAD + good)
    assert [(each.unit_kind, each.value) for each in found] == [
        ("organisation", Decimal("88.5")),
        ("region", Decimal(90)),
    ]
    bad = (
        f"unheard,{POLICE},1,报告,2026-01-09\nthird_party,X,1,报告,2026-01-09\nthird_party,{POLICE},很多,报告,2026-01-09\n"
        f"third_party,{POLICE},1.1234567,报告,2026-01-09\nthird_party,{POLICE},1,,2026-01-09\nthird_party,{POLICE},1,报告\n"
    )
    with pytest.raises(Invalid) as wrong:
        read(city, rules, HEAD + bad + good)
    assert [(each.field, each.code) for each in wrong.value.problems] == [
        *(("2", "name"), ("3", "unit"), ("4", "value")),
        *(("5", "value"), ("6", "source"), ("7", "documented_on")),
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "code"),
    [
        (HEAD, "utf-8", "rows"),
        ("a,b\n1,2\n", "utf-8", "head"),
        (HEAD + "名,1,1,来源,2026-01-09\n", "gb18030", "encoding"),
        (HEAD + '"', "utf-8", "csv"),
        (HEAD + f"third_party,{POLICE},1,报告,2026-01-09\n" * 2, "utf-8", "twice"),
        (HEAD + "x" * 2_000_001, "utf-8", "too_large"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_as_a_whole(city, rules, text, encoding, code) -> None:
    with pytest.raises(Invalid) as wrong:
        read(city, rules, text, encoding=encoding)
    assert [(each.field, each.code) for each in wrong.value.problems] == [("", code)]
