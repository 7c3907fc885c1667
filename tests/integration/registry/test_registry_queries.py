"""The registry answers for a day: names, trees, who looks after whom."""

from datetime import date

import pytest
from stdnum.cn import uscc

from haochaping.foundation.errors import NotFound
from haochaping.registry import queries
from haochaping.registry.operations import import_registry
from haochaping.registry.situations import Situation

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
CITY_AUTHORITY, BUREAU = "11535863MB36169043", "11532216MB3585447A"


@pytest.fixture
def kunming(folder, now):
    import_registry(directory=folder.path, now=now, actor="test")
    return folder


def the(code: str) -> int:
    found = queries.organisation_id_by_credit_code(code)
    assert found is not None
    return found


def of_division(code: str, kind: str) -> queries.OrganisationView:
    return next(one for one in queries.organisations(TODAY) if (one.division_code, one.kind) == (code, kind))


def test_an_organisation_is_found_by_its_credit_code(kunming) -> None:
    view = queries.organisation(the(BUREAU), TODAY)
    assert (view.credit_code, view.name, view.kind) == (BUREAU, "昆明市公安局", "department")
    assert (view.division_code, view.division_name) == ("530100", "昆明市")


def test_what_is_unknown_is_nothing(kunming) -> None:
    assert queries.organisation_id_by_credit_code("0" * 18) is None
    assert queries.organisation(0, TODAY) is None
    assert queries.scope_of(0, TODAY) == frozenset()
    assert queries.authority_of(0, TODAY) is None
    assert queries.authority_above(0, TODAY) is None
    assert queries.organisation_names([0], TODAY) == {}


def test_organisations_are_those_of_the_day_in_the_order_of_their_divisions(kunming) -> None:
    found = queries.organisations(TODAY)
    assert len(found) == 126
    assert [one.division_code for one in found] == sorted(one.division_code for one in found)
    assert queries.organisations(date(2018, 12, 31)) == ()


def test_the_tree_has_each_parent_before_its_children(kunming) -> None:
    tree = queries.division_tree(TODAY)
    assert [(one.name, one.depth) for one in tree[:3]] == [("云南省", 0), ("昆明市", 1), ("五华区", 2)]
    assert [one.code for one in tree] == sorted(one.code for one in tree)
    assert len(tree) == 16


def test_the_authority_of_the_city_looks_after_all_its_districts(kunming) -> None:
    assert len(queries.scope_of(the(CITY_AUTHORITY), TODAY)) == 126


def test_the_authority_of_a_district_looks_after_its_own_only(kunming) -> None:
    authority = of_division("530102", "authority")
    district = {one.id for one in queries.organisations(TODAY) if one.division_code == "530102"}
    assert queries.scope_of(authority.id, TODAY) == district
    assert authority.id in district


def test_a_department_looks_after_itself(kunming) -> None:
    assert queries.scope_of(the(BUREAU), TODAY) == {the(BUREAU)}


def test_the_ended_and_the_renamed_stay_in_the_scope(kunming, now) -> None:
    kunming.replace(
        "organisations",
        f"{BUREAU},昆明市公安局,530100,department,2019-01-01,",
        f"{BUREAU},昆明市公安局,530100,department,2019-01-01,2024-12-31",
    )
    code = "11532216MB1000017" + uscc.calc_check_digit("11532216MB1000017")
    kunming.add("organisations", f"{code},晋宁县公安局,530122,department,,2016-12-31")
    import_registry(directory=kunming.path, now=now, actor="test")
    old = the(code)
    scope = queries.scope_of(the(CITY_AUTHORITY), TODAY)
    assert {the(BUREAU), old} <= scope
    assert old in queries.scope_of(of_division("530115", "authority").id, TODAY)
    assert len(queries.organisations(TODAY)) == 125
    assert queries.organisation(the(BUREAU), TODAY).name == "昆明市公安局"
    assert queries.organisation(old, TODAY).division_name == "晋宁县"


def test_the_authority_of_the_same_level_decides_and_the_one_above_for_itself(kunming) -> None:
    department = of_division("530102", "department")
    same = queries.authority_of(department.id, TODAY)
    assert (same.division_code, same.kind) == ("530102", "authority")
    assert queries.authority_of(same.id, TODAY) == same
    assert queries.authority_above(same.id, TODAY).credit_code == CITY_AUTHORITY
    assert queries.authority_above(the(CITY_AUTHORITY), TODAY) is None


def test_names_are_those_of_the_day(kunming, now) -> None:
    kunming.replace(
        "halls", "H530102,五华区政务服务中心,530102,,", "H530102,五华区为民中心,530102,2025-01-01,"
    )
    import_registry(directory=kunming.path, now=now, actor="test")
    copy = queries.directory()
    hall = copy.hall("H530102", TODAY).id
    assert queries.hall_names([hall], date(2024, 12, 31)) == {hall: "五华区政务服务中心"}
    assert queries.hall_names([hall], date(2025, 1, 1)) == {hall: "五华区为民中心"}


def test_every_kind_of_thing_has_its_names(kunming) -> None:
    copy = queries.directory()
    for names, things in (
        (queries.division_names, copy.divisions(TODAY)),
        (queries.organisation_names, copy.organisations(TODAY)),
        (queries.window_names, copy.windows(TODAY)),
        (queries.staff_names, copy.staff_members(TODAY)),
        (queries.item_names, copy.items(TODAY)),
    ):
        assert names([one.id for one in things], TODAY) == {one.id: one.name for one in things}
        assert len(things) > 0


def test_the_copy_says_the_same_as_the_queries(kunming) -> None:
    copy = queries.directory()
    assert copy.edition == queries.edition() == 1
    assert {one.id: one.name for one in copy.organisations(TODAY)} == {
        one.id: one.name for one in queries.organisations(TODAY)
    }


def test_an_occasion_is_told_alike_by_tables_and_by_memory(kunming, now) -> None:
    kunming.describe("halls", "kind", H530100="government_hall", H530102="own_hall")
    kunming.describe("organisations", "department", **{BUREAU: "public_security"})
    import_registry(directory=kunming.path, now=now, actor="test")
    memory = queries.directory()
    hall, item = memory.hall("H530102", TODAY), memory.items(TODAY)[0]
    asked = {
        "division_id": memory.division("530102", TODAY).id,
        "organisation_id": the(BUREAU),
        "hall_id": hall.id,
        "item_id": item.id,
        "day": TODAY,
    }
    told = queries.situation(**asked)
    assert told == memory.situation(**asked)
    assert (told.department, told.place) == ("public_security", "own_hall")
    assert (told.division, told.hall, told.item) == ("530102", "H530102", item.code)
    bare = asked | {"organisation_id": None, "hall_id": None, "item_id": None}
    assert queries.situation(**bare) == memory.situation(**bare) == Situation("530102")
    unknown = asked | {"division_id": 0}
    assert queries.situation(**unknown) is None
    assert memory.situation(**unknown) is None


def test_by_codes_an_occasion_is_told_with_names(kunming) -> None:
    item = queries.items_of(the(BUREAU), TODAY)[0]
    found = queries.described(organisation=BUREAU, hall="H530100", item=item.code, on=TODAY)
    assert found.situation == Situation(
        "530100", organisation=BUREAU, hall="H530100", item=item.code, item_type=found.situation.item_type
    )
    assert found.names == {
        "organisation": "昆明市公安局",
        "division": "昆明市",
        "hall": "昆明市政务服务中心",
        "item": item.name,
    }
    assert found.project_type == item.project_type
    alone = queries.described(organisation=BUREAU, on=TODAY)
    assert (alone.situation, alone.project_type) == (Situation("530100", organisation=BUREAU), "")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"organisation": "0" * 18}, "unknown_organisation"),
        ({"organisation": BUREAU, "hall": "H9"}, "unknown_hall"),
        ({"organisation": BUREAU, "item": "9" * 33}, "unknown_item"),
        ({"organisation": BUREAU, "on": date(2018, 12, 31)}, "ended_organisation"),
    ],
)
def test_a_code_that_says_nothing_is_named(kunming, asked: dict[str, object], code: str) -> None:
    with pytest.raises(NotFound) as refused:
        queries.described(**{"on": TODAY} | asked)
    assert refused.value.code == code


def test_what_is_not_valid_on_the_day_may_be_told_as_it_was(kunming) -> None:
    found = queries.described(organisation=BUREAU, on=date(2018, 12, 31), strict=False)
    assert found.names["organisation"] == "昆明市公安局"
