"""Every page of the citizen: small, without script, labelled, in the language that it says."""

import base64
import hashlib
import re
import uuid
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from haochaping.faces.citizen import notices, pressure_page, privacy
from haochaping.faces.citizen.follow_up import OrderShown, Step
from haochaping.faces.citizen.language import Manner
from haochaping.faces.citizen.own_data import EFFECTS, Choice, RatingShown, Statement, Traced
from haochaping.faces.citizen.pages import page, rendered, soft
from haochaping.faces.citizen.pressure_again import again
from haochaping.faces.citizen.pressure_page import Whence
from haochaping.faces.citizen.rating_form import Filled
from haochaping.faces.citizen.revisit import Field
from haochaping.faces.citizen.served import Served
from haochaping.faces.citizen.sheet import SHEET, minified
from haochaping.faces.citizen.verdict import QuestionShown, VerdictShown
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.http import Request, Response
from haochaping.intake.revisits import Questionnaire
from haochaping.oversight.reporting import ReportTyped, check_report
from haochaping.oversight.states import Source
from haochaping.policy.redress import VerdictLevel
from haochaping.policy.tags import Tags
from haochaping.ratings.afterwards import TakeBack
from tests.markup import Page

LARGEST = 30_000
MANNERS = [Manner("zh"), Manner("en", chosen=True), Manner("zh", large=True)]
NASTY = '<script>alert("x")</script>&amp;</textarea>'


def rate_values(subject: Served, manner: Manner = MANNERS[0], **given: Any) -> dict[str, Any]:
    tags = Tags.load()
    values: dict[str, Any] = {
        "action": "/r/TOKEN",
        "pressed": "/r/TOKEN/pressure",
        "posted": False,
        "served": subject.words(manner),
        "levels": [
            SimpleNamespace(number=number, label=label, tags=tags.offered(number))
            for number, label in sorted(subject.profile.labels.items(), reverse=True)
        ],
        "filled": Filled("0" * 32, "1.ff"),
        "problems": [],
        "wrong": set(),
        "anchors": {},
        "trouble": "",
        "reason_needed": True,
        "bad_labels": "",
        "encouraged": True,
        "nameless": False,
        "asks_case": True,
        "number_limit": 100,
        "staff_levels": [],
        "staff_required": False,
        "named_only": False,
        "named_bad": False,
        "text_limit": 500,
        "correctable": True,
    }
    return values | given


def every_page(subject: Served, manner: Manner) -> dict[str, Response]:
    """All pages, filled as full as they get."""
    thanks = {"number": "ABCD-EFGH-JKMN", "secret": "ABCD-EFGH-JKMN-PQRS-T", "address": "https://hcp/receipt"}
    at = datetime(2026, 11, 23, 10, tzinfo=CN)
    now = Statement("", 1, "非常不满意", ("多头跑窗口和部门",), NASTY, at)
    later = Statement("补充评价", 0, "", (), NASTY, at)
    rating = RatingShown(
        *(
            now,
            "基本满意",
            (now, later),
            True,
            None,
            None,
            "",
            date(2026, 11, 20),
            "失业登记",
            "人社局",
            "《办法》",
        ),
        Traced(date(2027, 6, 1), address=True, device=True, seconds=30),
        place="1号窗口",
        case="530100202611190001",
    )
    taken_back = replace(rating, taken_back=date(2026, 11, 21), effect=EFFECTS["unrated"])
    levels = (VerdictLevel("good", "满意", satisfied=True), VerdictLevel("bad", NASTY, satisfied=False))
    question = QuestionShown(levels, "", "《办法》第九条", "0" * 32)
    judged = [
        VerdictShown("不满意", silent=silent, day=at.date(), then="按照规定，这张工单重新整改。")
        for silent in (False, True)
    ]
    judging = {"verdicts": judged, "question": question, "back": TakeBack(None, "unrated", "《办法》第八条")}
    choice = Choice("更正评价", "correction", "", 1, "《决定》第一条")
    own = {"number": "ABCD", "secret": "EFGH"}
    fields = [Field("answer-0", "还有什么问题", NASTY, "x")]
    asking = {
        "fields": fields,
        "note": Field("note", "", NASTY, ""),
        "most": 1000,
        "scale": [("yes", "满意")],
    }
    typed = Filled("0" * 32, "", "1", tags=("111",), text=NASTY)
    word = {
        "heading": "x",
        "explained": "x",
        "question": "x",
        "until": "",
        "clause": "《决定》",
        "anew": True,
    }
    steps = (Step("已转为工单", "past"), Step("已核实", "now"), Step("已办结", "ahead"))
    order = OrderShown("WO-1", steps, "情况属实", "已改正", date(2026, 12, 11), True, "")
    withdrawn = replace(order, excluded="taken_back")
    return {
        "rate": page(
            200,
            "rate.html",
            manner,
            **rate_values(subject, manner, staff_levels=rate_values(subject)["levels"]),
        ),
        "slip": page(
            200, "slip.html", manner, served=subject.words(manner), code="", pdf="/r/TOKEN/slip.pdf"
        ),
        "again": page(
            503, "again.html", manner, action="/r/TOKEN", why="x", filled=Filled("0" * 32, "", text=NASTY)
        ),
        "thanks": page(
            201, "thanks.html", manner, bad=True, named=True, limit="15", clause="《办法》", **thanks
        ),
        "receipt": page(404, "receipt.html", manner, posted=True, number=NASTY, secret="1", trouble=""),
        "rating": page(
            200,
            "rating.html",
            manner,
            rating=rating,
            order=order,
            bad=True,
            choices=[choice],
            asked=Questionnaire(uuid.uuid4(), ("还有什么问题",), "《办法》第十二条"),
            **own | judging,
        ),
        "rating taken back": page(
            200,
            "rating.html",
            manner,
            rating=taken_back,
            order=withdrawn,
            bad=False,
            choices=[],
            asked=None,
            **own | judging | {"question": None, "back": None},
        ),
        "verdict": page(
            422,
            "verdict.html",
            manner,
            heading="x",
            answer="已改正",
            question=question,
            chosen="bad",
            wrong="x",
            **own,
        ),
        "revisit": page(
            422,
            "revisit.html",
            manner,
            heading="x",
            answer="已改正",
            clause="《办法》第十二条",
            submission="0" * 32,
            satisfied="yes",
            wrong={"answer-0": "x", "satisfied": "x"},
            **own | asking,
        ),
        "word": page(
            200,
            "word.html",
            manner,
            **rate_values(subject, manner) | own | word,
            rating=rating,
            adds={"level", "tags", "text"},
        ),
        "confirm": page(
            200,
            "confirm.html",
            manner,
            action="/receipt/correction",
            heading="x",
            paragraphs=["x"],
            before=now,
            after=later,
            verdict="不满意",
            replies=[("还有什么问题", NASTY)],
            hidden=(("verdict", NASTY),),
            filled=typed,
            button="x",
            trouble="x",
            **own,
        ),
        "acted": page(201, "acted.html", manner, heading="x", paragraphs=["x"], **own),
        "privacy": privacy.notice(manner),
        **pressure_pages(manner),
        "unknown": notices.unknown(manner),
        "gone": notices.gone(manner),
        "away": notices.away(manner),
        "no document": notices.no_document(manner),
        "too often": notices.too_often(manner, 3),
        "not a form": notices.not_a_form(manner),
        "overfull": notices.overfull(manner),
    }


def pressure_pages(manner: Manner) -> dict[str, Response]:
    """Those of a report of pressure."""
    whence = Whence(
        Source.RECEIPT,
        1,
        "昆明市",
        (("11532216MB3585447A", "昆明市公安局"),),
        "/receipt/pressure",
        item="失业登记",
        organisation="人社局",
        hidden={"number": NASTY, "secret": "1"},
    )
    typed = ReportTyped("x", matters=("nothing",), text=NASTY, name=NASTY, organisation="nobody")
    with pytest.raises(Invalid) as refused:
        check_report(typed, offered=())
    state = {"id": uuid.UUID(int=1), "state": "answered", "verdict": "founded", "answer": None}
    return {
        "pressure where": page(200, "pressure_where.html", manner, places=[("530100", "昆明市")]),
        "pressure nowhere": page(200, "pressure_where.html", manner, places=[]),
        "pressure form": pressure_page.form(200, manner, whence),
        "pressure refused": pressure_page.form(422, manner, whence, typed, problems=refused.value.problems),
        "pressure receipt": pressure_page.ask(
            404, manner, trouble="尝试的次数过多。请等一分钟后再试。", number=NASTY
        ),
        "pressure progress": pressure_page.progress(manner, state),
        "pressure at work": pressure_page.progress(manner, state | {"state": "measured"}),
        "pressure again": again(
            429,
            Request(
                "POST",
                "/pressure/530100",
                manner.query().removeprefix("?"),
                {},
                "",
                datetime(2026, 11, 23, tzinfo=CN),
            ),
            {"submission": ["1"], "text": [NASTY], "name": [NASTY]},
            (),
        ),
        "no report": notices.no_report(manner),
    }


@pytest.mark.parametrize("manner", MANNERS, ids=["zh", "en", "large"])
def test_every_page_is_small_scriptless_and_usable(subject: Served, manner: Manner) -> None:
    for name, answer in every_page(subject, manner).items():
        seen = Page(answer.body)
        assert len(answer.body) <= LARGEST, name
        assert len(seen.all("h1")) == 1, name
        assert len(seen.all("main")) == 1, name
        assert seen.all("html")[0]["lang"] == manner.tag, name
        assert seen.all("script") == [], name
        assert seen.all("link") + seen.all("img") == [], f"{name}: something is fetched from elsewhere"
        assert not any(key.startswith("on") or key == "style" for _, each in seen.tags for key in each), name
        ids = [each["id"] for _, each in seen.tags if "id" in each]
        assert len(ids) == len(set(ids)), name
        for each in seen.controls:
            known = each.get("id") or f"{each['name']}={each['value']}"
            assert known in seen.labelled, f"{name}: {known} has no label"
        assert seen.foreign == [], name


@pytest.mark.parametrize("manner", MANNERS, ids=["zh", "en", "large"])
def test_the_policy_admits_exactly_the_sheet_that_is_there(subject: Served, manner: Manner) -> None:
    for name, answer in every_page(subject, manner).items():
        headers = dict(answer.headers)
        style = re.search(rb"<style>(.*)</style>", answer.body, re.DOTALL)
        assert style, name
        digest = base64.b64encode(hashlib.sha256(style.group(1)).digest()).decode()
        assert f"style-src 'self' 'sha256-{digest}'" in headers["Content-Security-Policy"], name
        assert headers["Cache-Control"] == "no-store", name
        assert headers["Referrer-Policy"] == "no-referrer", name


def test_nothing_is_chosen_for_the_rater(subject: Served) -> None:
    seen = Page(page(200, "rate.html", Manner(), **rate_values(subject)).body)
    assert {name for name, value in seen.fields if value} == {"submission", "opened", "groups"}
    levels = [each["value"] for each in seen.all("input") if each["name"] == "satisfaction"]
    assert levels == ["5", "4", "3", "2", "1"]
    tags = [each["value"] for each in seen.all("input") if each["name"] == "evalDetail"]
    assert tags == [tag.code for level in (5, 4, 3, 2, 1) for tag in Tags.load().offered(level)]
    for word in ("失业登记", "昆明市人力资源和社会保障局", "1号窗口", "王梓娜", "2026年11月20日", "评价自愿"):
        assert word in seen.text


@pytest.mark.parametrize(
    ("only", "bad", "choices", "hint"),
    [
        (True, True, ["1"], "按照规定，评价须实名。"),
        (False, True, ["1", "0"], "按照规定，评价为“不满意”的，须实名。"),
        (False, False, ["1", "0"], "鼓励实名"),
    ],
)
def test_who_must_give_a_real_name_is_told_so(
    subject: Served, only: bool, bad: bool, choices: list[str], hint: str
) -> None:
    values = rate_values(subject, named_only=only, named_bad=bad, bad_labels="“不满意”")
    seen = Page(page(200, "rate.html", Manner(), **values).body)
    assert [each["value"] for each in seen.all("input") if each["name"] == "named"] == choices
    assert hint in seen.text


def test_what_was_typed_comes_back_as_text(subject: Served) -> None:
    typed = Filled("0" * 32, "", satisfaction="2", tags=("207",), text=f"\n{NASTY}", named="0")
    problem = Problem("named", "unknown", "实名或匿名的选择无效。请重新选择。")
    values = rate_values(
        subject, posted=True, filled=typed, problems=[problem], wrong={"named"}, anchors={"named": "named-1"}
    )
    answer = page(422, "rate.html", Manner(), **values)
    seen = Page(answer.body)
    assert seen.value("writingEvaluation") == typed.text
    assert seen.value("satisfaction") == "2"
    assert seen.value("evalDetail") == "207"
    assert seen.value("named") == "0"
    assert seen.all("a")[1]["href"] == "#named-1"
    assert any(each.get("aria-describedby") == "wrong-named" for each in seen.all("fieldset"))
    assert not any("lang=" in each["href"] for each in seen.all("a")), "a switch would lose what was typed"


def test_faces_differ_by_drawing_not_by_colour(subject: Served) -> None:
    text = rendered("rate.html", Manner(), **rate_values(subject))
    drawings = re.findall(r'<svg class="face".*?</svg>', text, re.DOTALL)
    assert len(drawings) == len(set(drawings)) == 5


def test_labels_break_where_people_would_break_them() -> None:
    assert str(soft("非常不满意")) == "非常<wbr>不满意"
    assert str(soft("基本满意")) == "基本<wbr>满意"
    assert str(soft("不满意")) == "不满意"
    assert str(soft("满意")) == "满意"
    assert str(soft("<b>满意")) == "&lt;b&gt;<wbr>满意"


def test_the_sheet_uses_only_tokens_that_are_there() -> None:
    assert set(re.findall(r"var\((--[\w-]+)\)", SHEET)) <= set(re.findall(r"(--[\w-]+):", SHEET))
    assert "url(" not in SHEET
    assert "</" not in SHEET


def test_minifying_keeps_what_counts() -> None:
    assert (
        minified("/* why */ a b > c:hover { color: red;\n  margin: 0 1px; }\n")
        == "a b > c:hover{color:red;margin:0 1px}"
    )


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


PAIRS = """ink/ground ink-soft/ground ink-soft/paper ink/blue-soft blue/ground paper/blue blue-dark/blue-soft
red/red-soft red/paper amber/amber-soft"""


@pytest.mark.parametrize("pair", PAIRS.split())
def test_every_pair_of_colours_reads_well(pair: str) -> None:
    text, ground = pair.split("/")
    tokens = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", SHEET))
    lighter, darker = sorted((luminance(tokens[text]), luminance(tokens[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, "WCAG 2.2, 1.4.3"
