"""What is taken out of texts before the public sees them, and that nobody can put anything in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.publication.masking import CUT, pieces, taken_away, without_hints


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ("3号窗口的人不理我", "[窗口]的人不理我"),
        ("在A12号柜台等", "在[窗口]等"),
        ("窗口5没有人", "[窗口]没有人"),
        ("二号窗很慢", "[窗口]很慢"),
        ("工号：K0012态度差", "[工号]态度差"),
        ("我的车云A12345被拖", "我的车[车牌]被拖"),
        ("叫号A012过了", "叫号[号码]过了"),
        ("2026年11月19日去的", "[日期]去的"),
        ("11月19日上午去的", "[日期][时间]去的"),
        ("十一月十九号去的", "[日期]去的"),
        ("19号去了两次", "[日期]去了两次"),
        ("周四下午三点半到", "[日期][时间]到"),
        ("星期五10:30到", "[日期][时间]到"),
        ("9点开门", "[时间]开门"),
        ("两点半才来", "[时间]才来"),
        ("在10号楼、3号线旁", "在10号楼、3号线旁"),
        ("快一点，等了两个小时，花了3.5元", "快一点，等了两个小时，花了3.5元"),
    ],
)
def test_what_tells_when_and_where_is_hidden(said: str, public: str) -> None:
    assert without_hints(said) == public
    assert without_hints(public) == public


@pytest.mark.parametrize(
    ("edited", "kept"),
    [
        ("我是王师傅，等了很久。", "我是王师傅，等了很久。"),
        ("等了很久。", f"{CUT}等了很久。"),
        ("我是，等了很久。", f"我是{CUT}，等了很久。"),
        (f"我是{CUT}，等了很久。", f"我是{CUT}，等了很久。"),
        ("我是王师傅，等了久。", f"我是王师傅，等了{CUT}久。"),
        ("", CUT),
        ("我是李师傅，等了很久。", None),
        ("我是王师傅，等了很久。！", None),
        ("很久等了", None),
    ],
)
def test_a_person_can_only_take_away_and_every_gap_shows(edited: str, kept: str | None) -> None:
    assert taken_away("我是王师傅，等了很久。", edited) == kept


def test_line_ends_of_a_form_are_no_change() -> None:
    assert taken_away("一\n二\n", "一\r\n二\r\n") == "一\n二\n"
    assert taken_away("一\n二\n", "一\r\n二") == "一\n二\n"


@given(st.text("甲乙丙 \n", max_size=20), st.data())
def test_whatever_is_deleted_is_all_that_is_missing(proposed: str, data: st.DataObject) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(proposed), max_size=len(proposed)))
    edited = "".join(each for each, kept in zip(proposed, keep, strict=True) if kept)
    found = taken_away(proposed, edited)
    assert found is not None
    assert "".join(found.replace(CUT, "").split()) == "".join(edited.split())
    assert (CUT in found) == (len("".join(edited.split())) < len("".join(proposed.split())))


def test_what_was_taken_out_stands_apart() -> None:
    found = [(each.text, each.hidden) for each in pieces(f"[姓名]说{CUT}不行")]
    assert found == [("[姓名]", True), ("说", False), (CUT, True), ("不行", False)]
    assert list(pieces("")) == []
