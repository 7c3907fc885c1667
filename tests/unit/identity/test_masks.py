"""One rule of masking for every kind of name; no number survives in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.identity.masks import (
    hide_name,
    mask_document,
    mask_name,
    mask_phone,
    mask_text,
    names_numbers,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("王", "*"),
        ("王伟", "王*"),
        ("王小伟", "王**"),
        ("王李小伟", "王***"),
        ("欧阳", "欧*"),
        ("欧阳锋", "欧阳*"),
        ("欧阳小锋", "欧阳**"),
        ("阿卜杜热合曼·买买提", "阿***"),
        ("买买提.艾力", "买***"),
        ("乌兰图雅格日勒", "乌***"),
        ("John Smith", "J***"),
        ("何然涛商贸有限公司", "何然****有限公司"),
        ("昆明某某科技股份有限公司", "昆明****股份有限公司"),
        ("昆明某某有限责任公司", "昆明****有限责任公司"),
        ("云南某某集团公司", "云南****公司"),
        ("李记过桥米线店", "李****店"),
        ("王小伟经营部", "王****部"),
        ("某某村民委员会", "某****会"),
        ("昆明市第一中学学校", "昆****校"),
        ("王记面馆", "王***"),
        ("  王 伟 ", "王**"),
        ("上官", "上*"),
        ("上官婉儿", "上官**"),
        ("司马相如", "司马**"),
        ("第五伦", "第五*"),
        ("独孤信", "独孤*"),
        ("尉迟恭", "尉迟*"),
        ("张王小红", "张***"),
        ("爱新觉罗恒", "爱***"),
        ("叶赫那拉静", "叶***"),
        ("古丽米热·艾合买提江·吾布力", "古***"),
        ("阿沛•阿旺晋美", "阿***"),
        ("约翰·史密斯", "约***"),
        ("Nguyễn Văn An", "N***"),
        ("ÖZGÜR", "Ö***"),
        ("Ｊｏｈｎ", "Ｊ***"),
        ("𠮷野家", "𠮷**"),
    ],
)
def test_the_first_unit_stays_and_the_rest_is_hidden(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_numbers_keep_only_their_ends() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("65123456") == "******56"
    assert mask_phone("110") == "***"
    assert mask_document("530102198001011234") == "53**************34"
    assert mask_document("E123") == "****"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13812345678找我", "请打[电话]找我"),
        ("手机138 1234 5678。", "手机[电话]。"),
        ("+86-13812345678", "[电话]"),
        ("１３８１２３４５６７８", "[电话]"),
        ("身份证53010219800101123X,谢谢", "身份证[证件号码],谢谢"),
        ("身份证53010219800101123x", "身份证[证件号码]"),
        ("座机0871-65123456", "座机[电话]"),
        ("护照E12345678", "护照[证件号码]"),
        ("公司91530100MA6K5WYA4X投诉", "公司[信用代码]投诉"),
        ("me.too@example.com 收", "[邮箱] 收"),
        ("卡号6222021234567890123", "卡号[号码]"),
        ("办了3次,等了40分钟,2026年11月23日", "办了3次,等了40分钟,2026年11月23日"),
    ],
)
def test_numbers_in_text_are_hidden_and_ordinary_ones_are_not(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫李 小 明。", "李小明"),
        ("我叫李小明。", "李 小明"),
        ("阿卜杜买买提来过", "阿卜杜·买买提"),
        ("i am john SMITH", "John Smith"),
        ("C*(a)来过", "C*(a)"),
    ],
)
def test_a_name_is_found_in_other_writings(text: str, name: str) -> None:
    hidden = hide_name(text, name, "[姓名]")
    assert "[姓名]" in hidden
    assert name not in hidden


def test_a_name_of_one_character_hides_nothing() -> None:
    assert hide_name("王府井的王", "王", "[姓名]") == "王府井的王"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("请打１３８ 1234 5678", True),
        ("身份证53010219800101123X", True),
        ("护照E12345678", True),
        ("信用代码91530100MA6K5WYA4X", True),
        ("请致电0871-65123456，或写信至 office@example.com", False),
        ("办件53010220261005000000已办结", False),
        ("已增设2个窗口", False),
    ],
)
def test_an_office_may_write_its_own_number_but_nobody_elses(text: str, told: bool) -> None:
    assert names_numbers(text) is told


def test_given_names_are_hidden_wherever_they_stand() -> None:
    assert mask_text("我是李小明,李小明很生气", names=["李小明", ""]) == "我是李**,李**很生气"


@given(
    st.text("abc 中文,。", max_size=10),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text("中文,。 ", max_size=10),
)
def test_no_mobile_number_survives(before: str, number: str, after: str) -> None:
    assert number not in mask_text(f"{before}中{number}{after}")


@given(st.text(min_size=2, max_size=30))
def test_a_name_never_passes_unmasked(name: str) -> None:
    assert not name.strip() or mask_name(name) != name.strip() or set(name.strip()) == {"*"}
