"""The rules as a page: what applies, by which clause, what is 未规定; only for organisations in reach."""

import re
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.faces.console import rule_sheet
from haochaping.faces.console import rules as page_of_rules
from haochaping.faces.console.rule_form import RulesForm
from haochaping.foundation.clock import local_day
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.states import Act
from haochaping.registry import models as registry
from tests.orders import City, lead_to, make_official, open_order

MEASURES = "《昆明市政务服务“好差评”实施办法》"
POLICE, COUNTY = "11532216MB3585447A", "11539436MB36597916"
ADDRESS = "/console/rules/"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def rule(page: str, name: str) -> str:
    """One rule as words, without marks."""
    found = re.search(rf'<section class="rule" aria-labelledby="rule-{name}">(.*?)</section>', page, re.S)
    assert found, f"{name} is not shown"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


def facts(page: str) -> dict[str, str]:
    """What the page says it asked for, without marks."""
    found = re.findall(
        r"<dt>(.*?)</dt><dd>(.*?)</dd>", page[page.index('id="facts"') :].partition("</dl>")[0]
    )
    return {label: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for label, said in found}


def not_laid_down(page: str) -> str:
    return page[page.index('id="open"') :]


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    """The browser of the authority's officer, who reaches the whole city."""
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def test_who_has_not_signed_in_is_sent_to_do_so(city: City) -> None:
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, f"/console/login/?next={ADDRESS}")


def test_who_has_no_post_is_refused(
    city: City, handler: UUID, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    Post.objects.filter(official_id=handler).delete()
    assert signed_in(handler).get(ADDRESS).status_code == 403


@pytest.mark.parametrize("code", [COUNTY, "11535863MB36169043", "1" * 18, "x", "%00", "9" * 400, "昆明"])
def test_another_organisation_is_not_there(browser: Client, code: str) -> None:
    assert browser.get(ADDRESS, {"organisation": code}).status_code == 404


def test_it_opens_with_the_officials_own_organisation_and_today(browser: Client, now: datetime) -> None:
    page = text(browser.get(ADDRESS))
    assert f'value="{local_day(now).isoformat()}"' in page
    assert f'<option value="{POLICE}" selected>昆明市公安局</option>' in page
    assert "五华区人力资源和社会保障局" not in page
    assert 'aria-current="page">规则</a>' in page


def test_article_7_says_when_silence_becomes_a_rating(browser: Client) -> None:
    page = text(browser.get(ADDRESS))
    said = rule(page, "default")
    for words in (
        "基本满意",
        "自接受服务之日的次日起5个工作日内，当日不计入",
        f"{MEASURES}第七条",
        "自2020年6月2日起",
    ):
        assert words in said
    levels = rule(page, "levels")
    assert "非常不满意（差评）" in levels
    assert re.search(rf"取代全国的规定： 内容相同。 据{MEASURES}第七条", levels)


def test_article_12_says_until_when_to_set_right_and_how_it_is_read(browser: Client) -> None:
    page = text(browser.get(ADDRESS))
    said = rule(page, "rectification")
    for words in (
        "自查实之日的次日起15个工作日内，当日不计入",
        f"{MEASURES}第十二条",
        "理解：",
        "自查实之日起算",
    ):
        assert words in said
    revisits = rule(page, "revisits")
    assert "比例 100%" in revisits
    assert re.search(r"取代全国的规定： 据.*第十二条 范围 实名差评 比例 100%", revisits)


def test_scores_are_read_in_per_cent_and_points(browser: Client) -> None:
    said = rule(text(browser.get(ADDRESS)), "scores")
    for words in ("最终得分", "95%及以上：3分；80%及以上：1分", "9.5及以上：7分", "另一理解 最终得分"):
        assert words in said


def test_no_word_of_the_files_is_shown(browser: Client) -> None:
    page = text(browser.get(ADDRESS))
    shown = re.sub(
        r"<[^>]+>", " ", page[page.index('<ol class="layers"') : page.index('class="muted small version"')]
    )
    without_versions = re.sub(r"\b[0-9a-f]{12}\b", " ", shown)
    assert re.findall(r"[a-z_]{3,}", without_versions) == []


def test_what_no_document_lays_down_is_said(browser: Client) -> None:
    page = text(browser.get(ADDRESS))
    missing = not_laid_down(page)
    for words in ("撤回评价", "申诉", "保存期限"):
        assert f"<li>{words}</li>" in missing
    assert "<li>整改期限</li>" not in missing
    # Article 5 speaks of halls and of the web, and nobody has said which of them is asked about.
    assert re.search(
        r"评价次数 <span[^>]*>另有只适用于部分办件的规定：<span[^>]*>办理场所为政务服务大厅", missing
    )


def test_a_place_brings_the_rules_that_are_for_it_alone(browser: Client) -> None:
    page = text(browser.get(ADDRESS, {"organisation": POLICE, "on": "2026-11-23", "place": "own_hall"}))
    assert "一次一评" in rule(page, "frequency")
    assert "只适用于： 办理场所为政务服务大厅/部门自设大厅/便民服务点" in rule(page, "frequency")
    assert facts(page)["办理场所"] == "部门自设大厅 本页选定"


def test_an_item_of_the_organisation_can_be_chosen_and_falls_away_with_it(
    officer: Client, city: City
) -> None:
    item = registry.Item.objects.get(id=city.item).handle_item
    chosen = text(officer.get(ADDRESS, {"organisation": POLICE, "on": "2026-11-23", "item": item}))
    assert facts(chosen)["事项"] == f"户口迁移 {item} 本页选定"
    assert facts(chosen)["事项类型"] == "行政确认 登记库"
    other = officer.get(ADDRESS, {"organisation": COUNTY, "on": "2026-11-23", "item": item})
    assert other.status_code == 200
    assert "户口迁移" not in text(other)


def test_the_officer_chooses_among_all_organisations_of_the_city(officer: Client) -> None:
    page = text(officer.get(ADDRESS, {"organisation": COUNTY, "on": "2026-11-23"}))
    assert page.count('<option value="1153') == 3
    assert '<h2 class="asked"><span lang="zh-hans">五华区人力资源和社会保障局' in page


def test_before_the_measures_there_is_nothing_but_what_is_open(browser: Client) -> None:
    page = text(browser.get(ADDRESS, {"organisation": POLICE, "on": "2020-06-01"}))
    assert 'class="rule"' not in page
    assert page.count("这一天没有有效的规定") == 2
    assert "<li>整改期限</li>" in not_laid_down(page)


@pytest.mark.parametrize("day", ["", "2026-02-30", "23.11.2026", "x", "2026-11-23\x00", "99999-01-01"])
def test_a_day_that_is_none_is_told_at_its_field(browser: Client, day: str) -> None:
    answer = browser.get(ADDRESS, {"organisation": POLICE, "on": day})
    assert answer.status_code == 422
    assert "2026-11-23" in re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', text(answer), re.S)[0]


def test_the_registry_tells_line_and_kind_of_hall(browser: Client, city: City) -> None:
    registry.OrganisationRecord.objects.filter(organisation_id=city.police).update(
        department="public_security"
    )
    hall = registry.Hall.objects.create(code="H1")
    registry.HallRecord.objects.create(
        hall=hall, name="办证大厅", division_id=city.division, kind="own_hall", valid_from=date(2026, 1, 1)
    )
    window = registry.Window.objects.create(code="W1")
    registry.WindowRecord.objects.create(window=window, name="1号", hall=hall, organisation_id=city.police)
    asked = {"organisation": POLICE, "on": "2026-11-23", "hall": "H1", "level": "2", "named": "no"}
    page = text(browser.get(ADDRESS, asked))
    assert facts(page) == {
        "区划": "昆明市 530100 登记库",
        "所属条线": "public_security 登记库",
        "大厅": "办证大厅 H1 本页选定",
        "办理场所": "部门自设大厅 登记库",
        "等次": "2 本页选定",
        "实名或匿名": "匿名 本页选定",
    }
    assert "一次一评" in rule(page, "frequency")
    assert re.search(r"未知或未选：事项、.*评价人。只适用于", page)
    # What is chosen goes before what is registered; the hall was not there before this year.
    assert (
        facts(text(browser.get(ADDRESS, asked | {"place": "station"})))["办理场所"] == "便民服务点 本页选定"
    )
    assert "大厅" not in facts(text(browser.get(ADDRESS, asked | {"on": "2025-12-31"})))


@pytest.mark.parametrize("name", ["place", "channel", "form", "case_type", "rater", "level", "named"])
def test_a_word_that_cannot_be_chosen_is_told_at_its_field(browser: Client, name: str) -> None:
    answer = browser.get(ADDRESS, {"organisation": POLICE, "on": "2026-11-23", name: "nowhere"})
    assert answer.status_code == 422
    assert "<details open>" in text(answer)


def test_the_page_says_which_years_are_loaded_and_which_one_is_missed(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2019年至2026年的节假日安排已载入" in text(browser.get(ADDRESS))
    Post.objects.update(valid_from=date(2026, 1, 1))  # whenever this runs, it was held on that day
    monkeypatch.setattr(page_of_rules, "now", lambda: datetime.fromisoformat("2026-12-01T08:00:00+08:00"))
    late = text(browser.get(ADDRESS))
    assert re.search(r'alert-info">2027年的节假日安排尚未载入', late)


def test_the_year_before_december_is_not_missed() -> None:
    book = Rulebook.load()
    assert rule_sheet.calendar_state(book, date(2026, 11, 30)).missing is None
    assert rule_sheet.calendar_state(book, date(2026, 12, 1)).missing == 2027
    assert rule_sheet.calendar_state(book, date(2027, 1, 1)).missing == 2027


def test_an_order_leads_to_the_rule_of_its_limit(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    fresh = open_order(city, now)
    assert "查看这条规则" not in text(browser.get(f"/console/orders/{fresh.id}/"))
    order = lead_to(fresh, Act.VERIFY, handler, now)
    page = text(browser.get(f"/console/orders/{order.id}/"))
    found = re.search(r'href="([^"]*)">查看这条规则', page)
    assert found
    address = found[1].replace("&amp;", "&")
    item = registry.Item.objects.get(id=city.item).handle_item
    asked = f"organisation={POLICE}&on={local_day(now)}&item={item}&named=no"
    assert address == f"{ADDRESS}?{asked}#rule-rectification"
    shown = text(browser.get(address))
    assert 'id="rule-rectification"' in shown
    assert facts(shown)["事项类型"] == "行政确认 登记库"


def test_in_english_the_page_is_english_and_the_law_is_not(browser: Client) -> None:
    page = text(browser.get(ADDRESS, headers={"accept-language": "en"}))
    for words in ("Rules", "Organisation", "Not laid down", "Working calendar", "What was asked", "Hotline"):
        assert words in page
    assert f'<cite lang="zh-hans">{MEASURES}第七条</cite>' in page


def test_the_other_days_can_be_told(browser: Client) -> None:
    """For rules whose transition names the day of the acceptance, of the rating or of the step."""
    page = text(browser.get(ADDRESS, {"accepted": "2020-05-01", "step": "2026-11-20"}))
    assert facts(page)["受理日期"] == "2020-05-01 本页选定"
    assert facts(page)["办理日期"] == "2026-11-20 本页选定"
    assert "评价日期" not in facts(page)
    refused = browser.get(ADDRESS, {"rated": "2026-02-30"})
    assert refused.status_code == 422
    assert "没有这一天" in text(refused)


def test_every_word_that_can_be_chosen_is_english_in_english() -> None:
    with translation.override("en"):
        choices = [str(word) for each in RulesForm().narrowing() for _, word in each.field.choices]
    assert [word for word in choices if not word.isascii()] == []


def test_every_dimension_has_its_place_and_its_english_word() -> None:
    placed = [name for _, names in rule_sheet.GROUPS for name in names]
    assert sorted(placed) == sorted(DIMENSIONS)
    with translation.override("en"):
        untranslated = [each.word for each in DIMENSIONS.values() if gettext(each.word) == each.word]
        assert untranslated == []
