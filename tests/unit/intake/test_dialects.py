"""What a sender means, read out of what it sends."""

from datetime import timedelta

import pytest

from haochaping.foundation.errors import Invalid
from haochaping.intake.dialect_files import read
from haochaping.intake.dialects import Dialect
from haochaping.policy.tags import Tags

TAGS = Tags.load()
HEAD = 'format = 1\nabout = "厂商接口文档第3版"\n'


def dialect(text: str) -> Dialect:
    return read(HEAD + text, tags=TAGS)


def problems(text: str) -> dict[str, str]:
    """Place and code of everything that is wrong in a file."""
    with pytest.raises(Invalid) as refused:
        read(text, tags=TAGS)
    return {problem.field: problem.code for problem in refused.value.problems}


def test_a_plain_file_changes_nothing() -> None:
    sent = {
        "promiseTime": "1",
        "taskName": "失业登记（新）",
        "serviceTime": "2026-11-20 09:00:00",
        "areaCode": "530102",
    }
    assert dialect("").occasion(sent) == (sent, [])
    assert dialect("").rating({"satisfaction": 5, "pf": "1"}) == ({"satisfaction": 5, "pf": "1"}, [])
    assert dialect("").order_tolerance(sent) is None


def test_titles_of_a_table_are_told_apart() -> None:
    assert dialect('[columns]\n"办件编号" = "projectNo"\n').columns == {"办件编号": "projectNo"}
    wrong = '[columns]\n"编号" = "projectNo"\n"办件编号" = "projectNo"\n"列" = 3\n"行" = "项目"\n'
    assert problems(HEAD + wrong) == {"columns.列": "value", "columns.行": "value", "columns": "overlap"}


def test_codes_are_read_by_a_closed_list() -> None:
    reversed_codes = dialect('[occasions.codes.promiseTime]\n1 = "2"\n2 = "1"\n')
    assert reversed_codes.occasion({"promiseTime": "1"}) == ({"promiseTime": "2"}, [])
    assert reversed_codes.occasion({"promiseTime": "2"}) == ({"promiseTime": "1"}, [])
    assert reversed_codes.occasion({"projectType": "1"}) == ({"projectType": "1"}, [])
    record, told = reversed_codes.occasion({"promiseTime": "3"})
    assert record == {}
    assert [(problem.field, problem.code) for problem in told] == [("promiseTime", "not_in_dialect")]


@pytest.mark.parametrize(
    ("scale", "levels"),
    [
        ('0 = "5"\n1 = "4"\n2 = "3"\n3 = "2"\n4 = "1"\n', {0: "5", 1: "4", 2: "3", 3: "2", 4: "1"}),
        ('0 = "5"\n1 = "4"\n3 = "2"\n4 = "1"\n', {0: "5", "1": "4", 3: "2", 4: "1"}),
        ('3 = "5"\n2 = "4"\n1 = "3"\n0 = "2"\n5 = "1"\n', {3: "5", 2: "4", 1: "3", "0": "2", 5: "1"}),
    ],
)
def test_scales_of_levels(scale: str, levels: dict[object, str]) -> None:
    read_by = dialect(f"[ratings.codes.satisfaction]\n{scale}")
    for sent, meant in levels.items():
        assert read_by.rating({"satisfaction": sent}) == ({"satisfaction": meant}, [])


def test_a_scale_that_is_turned_round_is_turned_round_for_the_member_of_staff() -> None:
    """Both are pressed on the same keys; a list of its own goes first."""
    scale = '[ratings.codes.satisfaction]\n0 = "5"\n4 = "1"\n'
    sent = {"satisfaction": "0", "staffSatisfaction": 4}
    assert dialect(scale).rating(sent) == ({"satisfaction": "5", "staffSatisfaction": "1"}, [])
    own = dialect(scale + '[ratings.codes.staffSatisfaction]\n4 = "4"\n')
    assert own.rating(sent) == ({"satisfaction": "5", "staffSatisfaction": "4"}, [])


def test_a_level_that_the_scale_does_not_know_is_never_guessed() -> None:
    four = dialect('[ratings.codes.satisfaction]\n0 = "5"\n1 = "4"\n3 = "2"\n4 = "1"\n')
    fields, told = four.rating({"satisfaction": "2", "pf": "1"})
    assert fields == {"pf": "1"}
    assert [(problem.field, problem.code) for problem in told] == [("satisfaction", "not_in_dialect")]


def test_tags_of_a_device_family() -> None:
    families = dialect('[ratings]\ntag_separators = ["、"]\n[sources.K7.ratings.tags]\n510 = "115"\n')
    assert families.rating({"evalDetail": "510|511、513"})[0] == {"evalDetail": ["510", "511", "513"]}
    sent = {"dataSource": "K7", "evalDetail": [510, "511"]}
    assert families.rating(sent)[0] == {"dataSource": "K7", "evalDetail": ["115", "511"]}


def test_what_is_no_tag_is_left_to_the_rules() -> None:
    assert dialect("").rating({"evalDetail": {"a": 1}})[0] == {"evalDetail": {"a": 1}}


def test_assess_number_may_repeat_the_service_number() -> None:
    assert dialect('[ratings]\nassess_number = "service_number"').rating({"assessNumber": 7}) == ({}, [])
    assert dialect("").rating({"assessNumber": 2}) == ({"assessNumber": 2}, [])


@pytest.mark.parametrize(
    ("pattern", "sent"),
    [
        ("yyyy/MM/dd HH:mm:ss", "2026/11/20 09:05:07"),
        ("yyyy-MM-ddTHH:mm:ss.SSSXXX", "2026-11-20T01:05:07.123Z"),
        ("yyyy-MM-ddTHH:mm:ssXXX", "2026-11-20T10:05:07+0900"),
        ("yyyyMMddHHmmss", "20261120090507"),
        ("yyyy年M月d日 H时mm分ss秒", "2026年11月20日 9时05分07秒"),
        ("unix", "1795136707"),
        ("unix_ms", "1795136707123"),
    ],
)
def test_times_as_senders_write_them(pattern: str, sent: str) -> None:
    times = dialect(f'[occasions]\ntimes = ["{pattern}"]\n')
    assert times.occasion({"serviceTime": sent})[0] == {"serviceTime": "2026-11-20 09:05:07"}
    for other in ("2026-11-20 09:05:07", "nonsense", "2026/13/40 25:61:61", "99999999999999"):
        assert times.occasion({"serviceTime": other})[0] == {"serviceTime": other}


def test_a_time_without_seconds_has_none() -> None:
    times = dialect('[occasions]\ntimes = ["unix", "yyyy/MM/dd HH:mm"]\n')
    assert times.occasion({"resultDate": "2026/11/20 09:05"})[0] == {"resultDate": "2026-11-20 09:05:00"}


def test_a_division_code_has_its_time() -> None:
    merged = dialect(
        '[[occasions.divisions]]\nsent = "530122"\nmeans = "530115"\nfrom = 2017-01-01\n'
        '[[occasions.divisions]]\nsent = "530115"\nmeans = "530122"\nto = 2016-12-31\n'
    )
    for sent, at, meant in [
        ("530122", "2017-01-01 00:00:00", "530115"),
        ("530122", "2016-12-31 23:59:59", "530122"),
        ("530115", "2016-12-31 23:59:59", "530122"),
        ("530115", "2017-01-01 00:00:00", "530115"),
        ("530102", "2017-01-01 00:00:00", "530102"),
        ("530122", "never", "530122"),
    ]:
        assert merged.occasion({"areaCode": sent, "serviceTime": at})[0]["areaCode"] == meant


def test_width_and_what_stands_for_nothing() -> None:
    read_by = dialect(
        '[occasions]\nfold_width = ["taskName", "areaCode"]\n[occasions.absent]\ncertKeyGOV = ["0", "无"]\n'
    )
    sent = {"taskName": "失业登记（新）", "areaCode": "５３０１０２", "certKeyGOV": "无", "certKey": "0"}
    assert read_by.occasion(sent)[0] == {"taskName": "失业登记(新)", "areaCode": "530102", "certKey": "0"}


def test_the_tolerance_of_the_order_is_of_the_source() -> None:
    read_by = dialect(
        "[occasions]\norder_tolerance_minutes = 30\n[sources.002.occasions]\norder_tolerance_minutes = 0\n"
    )
    assert read_by.order_tolerance({}) == timedelta(minutes=30)
    assert read_by.order_tolerance({"dataSource": "002"}) == timedelta(0)


def test_a_source_takes_the_place_list_by_list() -> None:
    read_by = dialect(
        '[occasions.codes.promiseTime]\n1 = "2"\n2 = "1"\n[occasions.codes.proChannel]\nA = "1"\n'
        '[sources.9.occasions.codes.promiseTime]\nX = "1"\n'
    )
    sent = {"dataSource": "9", "promiseTime": "X", "proChannel": "A"}
    assert read_by.occasion(sent) == ({"dataSource": "9", "promiseTime": "1", "proChannel": "1"}, [])
    assert read_by.occasion({"promiseTime": "1"})[0] == {"promiseTime": "2"}


def test_json_says_the_same() -> None:
    text = (
        '{"format": 1, "about": "核对", "occasions": {"codes": {"promiseTime": {"1": "2", "2": "1"}},'
        ' "divisions": [{"sent": "530122", "means": "530115", "from": "2017-01-01"}]}}'
    )
    sent = {"promiseTime": "1", "areaCode": "530122", "serviceTime": "2026-11-20 09:05:00"}
    expected = sent | {"promiseTime": "2", "areaCode": "530115"}
    assert read(text, tags=TAGS).occasion(sent) == (expected, [])


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        "format = 2\n[occasion]\n[occasions]\ntimes = ['MM/dd']\norder_tolerance_minutes = 9999\n"
        "fold_width = ['projectNo']\n[occasions.codes.promiseTime]\n1 = '3'\n2 = 1\n[occasions.codes.projectNo]\n"
        "[occasions.codes.proChannel]\n[occasions.absent]\nuserName = ['无']\n"
        "[[occasions.divisions]]\nsent = '53012'\nmeans = '530115'\n"
        "[[occasions.divisions]]\nsent = '530122'\nmeans = '530115'\nfrom = 2017-01-02\nto = 2017-01-01\n"
        "[[occasions.divisions]]\nsent = '530111'\nmeans = '530115'\n"
        "[[occasions.divisions]]\nsent = '530111'\nmeans = '530112'\nfrom = '2017-01-01'\n"
        "[ratings]\nassess_number = 'x'\ntag_separators = ['ab']\n[ratings.codes.satisfaction]\n0 = '6'\n"
        "[ratings.tags]\n510 = '999999'\n[sources.1]\nratings = 3\n"
    )
    assert problems(text) == {
        "format": "required",
        "about": "required",
        "occasion": "unknown_key",
        "occasions.times": "value",
        "occasions.order_tolerance_minutes": "value",
        "occasions.fold_width": "value",
        "occasions.codes.promiseTime.1": "unknown_code",
        "occasions.codes.promiseTime.2": "unknown_code",
        "occasions.codes.projectNo": "unknown_key",
        "occasions.codes.proChannel": "value",
        "occasions.absent.userName": "unknown_key",
        "occasions.divisions.1": "value",
        "occasions.divisions.2": "value",
        "occasions.divisions.4": "overlap",
        "ratings.assess_number": "value",
        "ratings.tag_separators": "value",
        "ratings.codes.satisfaction.0": "unknown_code",
        "ratings.tags.510": "unknown_code",
        "sources.1.ratings": "value",
    }


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("format = ", "", "unreadable"),
        ('{"format": 1', "", "unreadable"),
        ('{"a":' * 100_000, "", "too_long"),
        ('{"a":' * 50_000, "", "unreadable"),
        ("format = 1" + "0" * 5000, "", "unreadable"),
        ("format = true\nabout = 'x'", "format", "required"),
        (HEAD + "occasions = 3", "occasions", "value"),
        (HEAD + "[occasions]\ndivisions = 3", "occasions.divisions", "value"),
        (HEAD + "[occasions]\ntimes = 'yyyy'", "occasions.times", "value"),
        (HEAD + "[occasions]\ntimes = ['yyyyyyyyMMddHHmm']", "occasions.times", "value"),
        (HEAD + "[occasions]\ntimes = ['yyyy?MM']", "occasions.times", "value"),
        (HEAD + "[occasions]\norder_tolerance_minutes = true", "occasions.order_tolerance_minutes", "value"),
        (HEAD + "[occasions.codes]\npromisetime = {}", "occasions.codes.promisetime", "unknown_key"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, place: str, code: str) -> None:
    assert problems(text)[place] == code


def test_a_near_key_is_suggested() -> None:
    with pytest.raises(Invalid, match="promiseTime"):
        dialect("[occasions.codes]\npromisetime = {}")


def test_a_mistake_for_all_is_told_once() -> None:
    text = HEAD + "[occasions]\ntimes = ['x']\n[sources.1.ratings]\nassess_number = 'x'\n[sources.2]\n"
    assert problems(text) == {"occasions.times": "value", "sources.1.ratings.assess_number": "value"}
