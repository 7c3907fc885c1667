"""From the command line to the first password: the link that is printed lets its official in."""

import json
import os
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

import pytest

from haochaping.accounts.models import Official, Post
from haochaping.accounts.operations.officials import set_password
from haochaping.audit.models import AuditEntry
from haochaping.cli import official, official_link
from haochaping.foundation.clock import now as present
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.starter.layout import lay_out
from haochaping.starter.locks import Lock
from tests.orders import City

POLICE = "11532216MB3585447A"
PASSWORD = "昆明-春城-2026-滇池"


def typed(*words: str, organisation: str = POLICE, username: str = "zhao") -> Namespace:
    """What argparse makes of a command line."""
    parser = ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ["HAOCHAPING_DATA"]))
    official.add_arguments(parser)
    fixed = ["--username", username, "--name", "赵敏", "--organisation", organisation]
    return parser.parse_args([*fixed, "--role", "organisation_handler", *words])


def test_an_official_with_his_post_and_a_link_that_lets_him_in(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = typed("--json", "--url", "https://hcp.example.cn/")
    official.tell(arguments, official.create(arguments))
    answer = json.loads(capsys.readouterr().out)
    assert answer["username"] == "zhao"
    assert answer["link"].startswith("https://hcp.example.cn/console/first-login/")
    assert list(Post.objects.values_list("organisation_id", "role")) == [
        (city.police, "organisation_handler")
    ]
    set_password(token=answer["link"].split("/")[-2], password=PASSWORD, now=present())
    assert Official.objects.get().check_password(PASSWORD)
    acts = AuditEntry.objects.exclude(act="official.set_password")
    assert {entry.actor for entry in acts} == {"command line"}


def test_a_new_link_for_who_lost_the_first(
    city: City, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    first = official.create(typed())
    second = official_link.issue("Zhao")
    with pytest.raises(NotFound):
        set_password(token=first, password=PASSWORD, now=present())
    set_password(token=second, password=PASSWORD, now=present())
    official.tell(typed(), second)
    assert "once and within 7 days" in capsys.readouterr().out


def test_the_link_leads_to_where_the_system_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HAOCHAPING_BASE_URL", raising=False)
    arguments = typed("--data", str(tmp_path))
    lock = Lock(lay_out(tmp_path).locks / "up.lock")
    for address, expected in (({"url": "http://127.0.0.1:8503"}, 8503), ({}, 8000)):
        lock.describe(**address)
        official.tell(arguments, "TOKEN")
        assert f"http://127.0.0.1:{expected}/console/first-login/TOKEN/" in capsys.readouterr().out
    lock.close()


def test_what_is_unknown_or_taken_is_said_and_changes_nothing(city: City) -> None:
    official.create(typed())
    with pytest.raises(NotFound, match="11539436MB0000000X"):
        official.create(typed(organisation="11539436MB0000000X", username="other"))
    with pytest.raises(Invalid, match="zhao"):
        official.create(typed())
    with pytest.raises(NotFound, match="nobody"):
        official_link.issue("nobody")
    assert Official.objects.count() == 1
