"""Only what the registry says itself lies open as a phrase."""

from datetime import date

from haochaping.identity.packing import PHRASED
from haochaping.identity.records import PhraseBook
from haochaping.intake.phrasing import Phrasing, PhrasingKeeper
from haochaping.registry.directory import Directory

ITEM, TASK = "11530102MB1234567X2011200000001AB", "11530102MB1234567X2011200000001"
RECORD = {
    "areaCode": "530102",
    "deptCode": "11530102MB1234567X",
    "orgName": "五华区民政局",
    "proManager": "王伟",
    "proManagerNo": "S1",
    "windowNo": "W9",
    "taskHandleItem": ITEM,
    "taskCode": TASK,
    "taskName": "婚姻登记",
    "projectName": "王伟婚姻登记",
    "proStatus": "3",
    "userProp": "李",
    "userName": "王伟",
}


def directory() -> Directory:
    always = (None, date.max)
    return Directory(
        edition=1,
        divisions=[(*always, 1, "530102", "五华区", "county", None, None)],
        organisations=[(*always, 2, "11530102MB1234567X", "五华区民政局", 1, "530102", "department", "")],
        halls=[],
        windows=[(*always, 3, "W1", "1号窗口", 9, 2)],
        staff=[(*always, 4, "S1", "王伟", 2, 3)],
        items=[(*always, 5, ITEM, "婚姻登记", TASK, "20", 2, "即办件")],
    )


def test_names_where_they_do_not_belong_are_no_phrase() -> None:
    found = Phrasing(directory()).texts([RECORD])
    assert found == {
        '{"areaCode":"530102","deptCode":"11530102MB1234567X","orgName":"五华区民政局","proManager":"王伟",'
        '"proManagerNo":"S1"}',
        f'{{"taskCode":"{TASK}","taskHandleItem":"{ITEM}","taskName":"婚姻登记"}}',
        '{"proStatus":"3"}',
    }
    other = RECORD | {"proManagerNo": "S2"}
    assert "王伟" not in "".join(Phrasing(directory()).texts([other]))


def test_a_phrase_that_is_not_stored_is_none() -> None:
    found = Phrasing(directory()).numbered(RECORD, PhraseBook())
    assert found == [(0, frozenset())] * len(PHRASED)


def test_another_edition_of_the_registry_phrases_anew() -> None:
    keeper, first = PhrasingKeeper(), directory()
    assert keeper.by(first) is keeper.by(first)
    assert keeper.by(first) is not keeper.by(directory())
