"""The pages where people meet them: mounted in the door, under its headers and limits."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from haochaping.config import asgi
from tests.integration.config.test_asgi import running
from tests.integration.faces.citizen.person import Citizen
from tests.markup import Page
from tests.occasions import database_address

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def door(kunming: None) -> AsyncIterator[httpx.AsyncClient]:
    async with running(asgi.build({"DATABASE_URL": database_address()})) as client:
        yield client


async def test_a_link_read_from_a_qr_code_is_all_upper_case(
    door: httpx.AsyncClient, citizen: Citizen
) -> None:
    link = citizen.link(await citizen.occasion())
    upper, lower = await door.get(link.upper()), await door.get(link.lower())
    assert (upper.status_code, lower.status_code) == (200, 200)
    seen = Page(upper.content)
    said = {"satisfaction": "3", "named": "0", "submission": seen.value("submission")}
    assert (await door.post(seen.all("form")[0]["action"], data=said)).status_code == 201
    assert (await door.get(link)).status_code == 410


async def test_every_page_carries_one_policy_and_sets_no_cookie(
    door: httpx.AsyncClient, citizen: Citizen
) -> None:
    link = citizen.link(await citizen.occasion())
    for path in (link, f"{link}/qr", "/r/forged", "/receipt", "/privacy"):
        answer = await door.get(path)
        (policy,) = answer.headers.get_list("content-security-policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers.get_list("cache-control") == ["no-store"], path
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        head = await door.head(path)
        assert (head.status_code, head.content) == (answer.status_code, b"")


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"satisfaction=5&named=0&writingEvaluation=a%00b", 422, "控制字符"),
        (b"satisfaction=5&named=0&writingEvaluation=" + "好".encode("gbk"), 422, "无法识别的字符"),
        (b"satisfaction=5&named=0&writingEvaluation=%ff%fe", 422, "无法识别的字符"),
        (b"satisfaction=5&named=0&writingEvaluation=" + b"x" * 10_000, 422, "超过500字"),
        (b"satisfaction=0&named=0", 422, "不在五个等次之内"),
        (b"satisfaction=5%00&named=%00", 422, "实名或匿名的选择无效"),
        (b"satisfaction=5&named=0&evalDetail=501", 422, "已经停用"),
        (b"satisfaction=5&named=0&evalDetail=%27%3B--", 422, "不认识"),
        (b"", 422, "还没有选择满意程度"),
        (b"&=&&%&=%zz", 422, "还没有选择满意程度"),
        (b"a=1&" * 5_000, 400, "超出了表单的范围"),
        (b"x" * 300_000, 413, "过大"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_whatever_is_sent_gets_a_clear_page_and_stores_nothing(
    door: httpx.AsyncClient, citizen: Citizen, body: bytes, status: int, told: str
) -> None:
    link = citizen.link(await citizen.occasion())
    answer = await door.post(link, content=body, headers=FORM)
    assert answer.status_code == status
    assert told in re.sub(r"<[^>]+>", "", answer.text)
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_rating") == 0
    assert (await door.get(link)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"number=%ff%fe&secret=%ff",
        "number=凭证&secret=密码".encode("gbk"),
        b"number=%00&secret=%00",
        b"secret=x",
    ],
)
async def test_a_receipt_that_is_no_text_is_a_wrong_receipt(door: httpx.AsyncClient, body: bytes) -> None:
    answer = await door.post("/receipt", content=body, headers=FORM)
    assert answer.status_code == 404
    assert "编号和密码不相符" in answer.text


async def test_the_icon_that_browsers_ask_for_is_there_and_may_be_kept(door: httpx.AsyncClient) -> None:
    answer = await door.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers.get_list("cache-control") == ["public, max-age=86400"]
    assert b"<script" not in answer.content
