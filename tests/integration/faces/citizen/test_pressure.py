"""A report of pressure by link, receipt and portal: kept sealed, receipted, and telling nobody anything."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.faces.citizen.routes import ROUTES
from haochaping.identity import operations as identity
from haochaping.identity.vault import Vault
from haochaping.intake.http import Request, Response
from haochaping.oversight.sealed import issued, opened_reference, opened_words
from haochaping.registry.directory import Directory
from haochaping.registry.rules import AUTHORITY
from tests.integration.faces.citizen.person import Citizen, receipt
from tests.markup import Page

STORY = "窗口人员站在旁边要我点非常满意，还说不点就不给证。"
NAME, PHONE = "段誉之", "13987654321"
CITY = "530100"
CHANGING = re.compile(rb'(name="(?:submission|opened)" value=")[^"]*|/r/[0-9A-Z]+')


@pytest.fixture(autouse=True)
def nobody_has_reported() -> Iterator[None]:
    """The routes are made once for the process; each test starts with nobody remembered."""
    yield
    for route in ROUTES:
        if route.pattern == "/pressure":
            route.handler.__self__.forget()  # type: ignore[attr-defined]


@pytest.fixture
def person(citizen: Citizen) -> Citizen:
    """With the vault open: this page alone of the citizen's takes names."""
    return citizen.with_services(vault=Vault())


def authority(citizen: Citizen, code: str = CITY) -> int:
    directory: Directory = citizen.services.directory.current()
    day = citizen.now.date()
    here = [each for each in directory.organisations(day) if each.kind == AUTHORITY]
    return next(each.id for each in here if each.division_code == code)


async def reports(citizen: Citizen) -> list[asyncpg.Record]:
    return await citizen.database.fetch("SELECT * FROM oversight_pressurereport ORDER BY received_at")


async def report(person: Citizen, path: str, **said: object) -> Response:
    told = {"matters": "pressed", "text": STORY, "organisation": ""} | said
    return await person.post(path, await person.fill(path, **told))


async def test_by_the_link_before_rating_it_goes_to_the_authority(person: Citizen) -> None:
    occasion = await person.occasion()
    page = Page((await person.get(person.link(occasion))).body)
    (path,) = [
        each["href"] for each in page.all("a") if "/pressure" in each["href"] and "/r/" in each["href"]
    ]
    assert path == f"{person.link(occasion)}/pressure"
    form = await person.get(path)
    assert "失业登记" in Page(form.body).text
    served = Page(form.body).all("option")
    code = next(each["value"] for each in served if "selected" in each)
    answer = await report(person, path, organisation=code, matters=["pressed", "retaliation"])
    assert answer.status == 201
    (row,) = await reports(person)
    assert (row["authority_id"], row["source"], row["state"]) == (authority(person), "link", "received")
    assert (row["matters"], row["may_contact"]) == (["pressed", "retaliation"], False)
    assert opened_words(row["text"], row=row["id"], column="text") == STORY
    reference = opened_reference(row["reference"], row=row["id"])
    assert reference is not None
    assert (reference.subject, reference.rater) == (str(occasion), False)
    audit = await person.database.fetchrow("SELECT * FROM audit_auditentry WHERE act = 'pressure.receive'")
    assert audit is not None
    assert (audit["actor"], audit["detail"]) == ("citizen", "{}")


async def test_the_page_of_a_link_says_the_same_whatever_became_of_the_rating(person: Citizen) -> None:
    fresh, rated = await person.occasion(), await person.occasion()
    closed = await person.occasion(waiting=False)
    over = await person.occasion(due_at=person.now - timedelta(days=1))
    link = person.link(rated)
    sent = await person.post(link, await person.fill(link, satisfaction="5", named="0"))
    assert sent.status == 201
    assert [(await person.get(person.link(each))).status for each in (rated, closed)] == [410, 410]
    shown = [await person.get(f"{person.link(each)}/pressure") for each in (fresh, rated, closed, over)]
    assert {each.status for each in shown} == {200}
    assert len({CHANGING.sub(rb"\1", each.body) for each in shown}) == 1
    kept = [await report(person, f"{person.link(each)}/pressure") for each in (fresh, rated, closed, over)]
    assert {each.status for each in kept} == {201}
    assert (await person.get("/r/" + "0" * 40 + "/pressure")).status == 404


async def test_by_the_receipt_of_ones_own_rating(person: Citizen) -> None:
    occasion = await person.occasion()
    link = person.link(occasion)
    thanks = await person.post(link, await person.fill(link, satisfaction="1", evalDetail="108", named="0"))
    number, secret = receipt(thanks)
    assert "/receipt/pressure" in thanks.body.decode()
    mine = await person.post("/receipt", {"number": number, "secret": secret})
    assert "/receipt/pressure" in mine.body.decode()
    form = Page((await person.post("/receipt/pressure", {"number": number, "secret": secret})).body)
    fields = [*form.fields, ("matters", "retaliation"), ("text", STORY), ("organisation", "")]
    answer = await person.post("/receipt/pressure", fields)
    assert answer.status == 201
    (row,) = await reports(person)
    reference = opened_reference(row["reference"], row=row["id"])
    assert reference is not None
    assert (row["source"], reference.rater) == ("receipt", True)
    wrong = await person.post("/receipt/pressure", {"number": number, "secret": "0000"})
    assert wrong.status == 404
    assert "失业登记" not in Page(wrong.body).text


async def test_from_the_portal_without_anything_about_the_authority_itself_to_nobody_but_the_level_above(
    person: Citizen,
) -> None:
    where = Page((await person.get("/pressure")).body)
    assert CITY in [each["value"] for each in where.all("option")]
    on = await person.get(f"/pressure?division={CITY}&lang=en")
    assert (on.status, dict(on.headers)["Location"]) == (303, f"/pressure/{CITY}?lang=en")
    directory = person.services.directory.current()
    own = directory.organisation_by_id(authority(person), person.now.date())
    assert own is not None
    # The city's authority is the topmost one of this registry: nobody is to judge himself.
    refused = await report(person, f"/pressure/{CITY}", organisation=own.code)
    assert refused.status == 422
    assert "12388" in Page(refused.body).text
    assert STORY in Page(refused.body).text
    district = next(
        each for each in directory.divisions(person.now.date()) if each.parent_id == own.division_id
    )
    answer = await report(person, f"/pressure/{district.code}")
    assert answer.status == 201
    (row,) = await reports(person)
    assert (row["division_id"], row["organisation_id"], row["reference"]) == (district.id, None, None)
    for unknown in ("/pressure/999999", "/pressure?division=999999"):
        assert (await person.get(unknown)).status == 404


async def test_a_contact_lies_in_the_vault_alone_and_only_with_consent(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    without = await report(person, path, name=NAME, phone=PHONE)
    assert without.status == 422
    assert "没有同意与您联系" in Page(without.body).text
    assert (await report(person, path, consent="1")).status == 422
    assert await reports(person) == []
    assert (await report(person, path, name=NAME, phone=PHONE, consent="1")).status == 201
    (row,) = await reports(person)
    vault = await person.database.fetchrow("SELECT * FROM identity_vaultrecord WHERE id = $1", row["id"])
    assert vault is not None
    assert (vault["name_index"], vault["phone_index"]) == (None, None), "a look-up must not find who reported"
    for kept in (row, vault):
        text = " ".join(
            bytes(each).decode("latin-1") if isinstance(each, bytes) else str(each) for each in kept.values()
        )
        assert all(canary not in text for canary in (NAME, PHONE, STORY))

    def revealed() -> identity.Contact:
        try:
            return identity.reveal(record_id=row["id"], actor="test", purpose="核实情况", now=person.now)
        finally:
            connection.close()  # this thread's own

    found = await sync_to_async(revealed)()
    assert (found.name, found.phone) == (NAME, PHONE)


async def test_the_same_submission_again_gets_the_same_receipt(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    fields = await person.fill(path, matters="change", text=STORY, organisation="")
    first, again = await person.post(path, fields), await person.post(path, fields)
    assert (first.status, again.status) == (201, 200)
    assert receipt(first) == receipt(again)
    assert len(await reports(person)) == 1


async def test_what_is_wrong_is_said_at_once_and_nothing_typed_is_lost(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    answer = await person.post(path, {"name": NAME, "organisation": "nobody", "submission": "x"})
    page = Page(answer.body)
    assert answer.status == 422
    for words in ("至少选一项", "不在列出的单位之内", "还没有写明经过", "没有同意", "提交编号无效"):
        assert words in page.text
    assert page.value("name") == NAME
    assert len(page.value("submission")) == 32


async def test_floods_are_stopped_by_address_and_never_those_who_hold_a_receipt(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    fields = await person.fill(path, matters="pressed", text=STORY, organisation="")
    assert (await person.post(path, fields)).status == 201
    for _ in range(9):
        assert (await report(person, path)).status == 201
    stopped = await report(person, path)
    assert (stopped.status, dict(stopped.headers)["Retry-After"]) == (429, "3600")
    assert STORY in Page(stopped.body).text
    assert (await person.post(path, fields)).status == 200, "what was kept keeps its receipt"
    assert (await report(replace(person, address="203.0.113.99"), path)).status == 201
    assert (await report(replace(person, now=person.now + timedelta(hours=1)), path)).status == 201
    occasion = await person.occasion()
    link = person.link(occasion)
    number, secret = receipt(await person.post(link, await person.fill(link, satisfaction="4", named="0")))
    form = Page((await person.post("/receipt/pressure", {"number": number, "secret": secret})).body)
    told = [*form.fields, ("matters", "pressed"), ("text", STORY)]
    assert (await person.post("/receipt/pressure", told)).status == 201


async def slowed(person: Citizen, path: str, fields: list[tuple[str, str]], **headers: str) -> Response:
    """What comes back when this is sent too often, before anything is looked up."""
    pattern = "/pressure/{division}" if path.startswith("/pressure") else path
    route = next(each for each in ROUTES if (each.method, each.pattern) == ("POST", pattern))
    assert route.slowed is not None
    request = Request(
        method="POST",
        path=path,
        query="lang=en",
        headers={"content-type": "application/x-www-form-urlencoded"} | headers,
        address=person.address,
        received_at=person.now,
        body=urlencode(fields).encode(),
        parameters={},
    )
    return await route.slowed(7, request, person.services)


async def test_what_comes_too_often_keeps_all_that_was_typed(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    said = {
        "matters": ["pressed", "retaliation"],
        "text": STORY,
        "name": NAME,
        "phone": PHONE,
        "consent": "1",
    }
    fields = await person.fill(path, organisation="", **said)
    answer = await slowed(person, path, fields)
    page = Page(answer.body)
    assert (answer.status, dict(answer.headers)["Retry-After"]) == (429, "7")
    assert sorted(page.fields) == sorted(fields)
    assert page.foreign == []
    assert (await person.post(path, page.fields)).status == 201
    planted = await slowed(person, path, fields, **{"sec-fetch-site": "cross-site"})
    assert (planted.status, STORY in planted.body.decode()) == (429, False)
    opened = await slowed(person, "/receipt/pressure", [("number", "1"), ("secret", "2")])
    assert (opened.status, Page(opened.body).fields) == (429, [])


async def test_guessed_receipts_are_remembered_for_all_that_they_open(person: Citizen) -> None:
    link = person.link(await person.occasion())
    number, secret = receipt(await person.post(link, await person.fill(link, satisfaction="4", named="0")))
    held = {"number": number, "secret": secret}
    form = Page((await person.post("/receipt/pressure", held)).body)
    for _ in range(10):
        wrong = await person.post("/receipt/pressure", {"number": number, "secret": "0000"})
        assert wrong.status == 404
    assert (await person.post("/receipt", held)).status == 429
    told = [each for each in form.fields if each[0] != "text"] + [("matters", "pressed"), ("text", STORY)]
    kept = await person.post("/receipt/pressure", told)
    assert kept.status == 429
    assert sorted(Page(kept.body).fields) == sorted(told), (
        "not lost by what somebody at the same address guessed"
    )


async def test_another_sites_form_is_not_taken(person: Citizen) -> None:
    path = f"/pressure/{CITY}"
    fields = await person.fill(path, matters="pressed", text=STORY, organisation="")
    answer = await person.post(path, fields, **{"sec-fetch-site": "cross-site"})
    assert answer.status == 200
    assert STORY not in Page(answer.body).text
    assert await reports(person) == []


async def test_the_reporter_sees_what_became_of_it_and_not_what_he_wrote(person: Citizen) -> None:
    number, secret = receipt(await report(person, f"/pressure/{CITY}"))
    seen = await person.post("/pressure/receipt", {"number": number.lower(), "secret": secret})
    assert (seen.status, "已收到" in Page(seen.body).text, STORY in Page(seen.body).text) == (
        200,
        True,
        False,
    )
    # The receipts of ratings and of reports open nothing of each other.
    assert (await person.post("/receipt", {"number": number, "secret": secret})).status == 404
    for _ in range(10):
        wrong = await person.post("/pressure/receipt", {"number": number, "secret": "0000"})
        assert wrong.status == 404
    assert (await person.post("/pressure/receipt", {"number": number, "secret": secret})).status == 429


async def test_while_the_database_is_away_nothing_is_called_kept_and_nothing_lost(person: Citizen) -> None:
    class Away:
        async def acquire(self) -> None:
            raise OSError("away")

    path = f"/pressure/{CITY}"
    fields = await person.fill(path, matters="pressed", text=STORY, organisation="")
    answer = await person.with_services(pool=Away()).post(path, fields)
    assert (answer.status, "Retry-After" in dict(answer.headers)) == (503, True)
    assert STORY in Page(answer.body).text
    assert (await person.post(path, fields)).status == 201


@pytest.mark.parametrize("address", ["/pressure", f"/pressure/{CITY}", "/pressure/receipt"])
async def test_in_english_nothing_is_left_in_chinese_and_every_field_has_its_label(
    person: Citizen, address: str
) -> None:
    page = Page((await person.get(f"{address}?lang=en")).body)
    assert page.foreign == []
    named = {each.get("id") for tag, each in page.tags if tag in {"select", "textarea"}}
    assert named <= page.labelled


def test_ids_tell_no_time() -> None:
    made, _ = issued(b"0123456789abcdef")
    assert made.version == 4
    assert made == issued(b"0123456789abcdef")[0] != issued(uuid.uuid4().bytes)[0]
