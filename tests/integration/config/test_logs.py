"""What of a request that goes wrong ends up in the log."""

import logging

import pytest
from django.db import DataError
from django.test import Client
from pytest_django.fixtures import Settings

from haochaping.config.logs import Discreet
from haochaping.publication import queries

SECRET = "61M91AZGV4STEEDGCWCXDECS52"


def written(caplog: pytest.LogCaptureFixture) -> str:
    """All records as our process would write them."""
    formatter = Discreet("%(levelname)s %(name)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def test_the_process_writes_in_this_form() -> None:
    assert [type(handler.formatter) for handler in logging.getLogger().handlers].count(Discreet) == 1


def test_a_refused_form_leaves_its_route_and_no_path(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/console/first-login/{SECRET}/").status_code == 403
    log = written(caplog)
    assert "WARNING django.security.csrf POST console/first-login/<str:token>/ 403" in log
    assert SECRET not in log


def test_a_foreign_host_is_not_repeated(caplog: pytest.LogCaptureFixture, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400
    log = written(caplog)
    assert "DisallowedHost" in log
    assert "evil.example" not in log


def test_an_error_leaves_its_kind_and_place_and_no_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(**_: object) -> str:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise DataError(f"Failing row contains ({SECRET})") from error

    monkeypatch.setattr(queries, "place", place)
    assert Client(raise_request_exception=False).get("/guide").status_code == 500
    log = written(caplog)
    assert "ERROR django.request GET guide 500: DataError at " in log
    assert "from KeyError at test_logs.py" in log
    assert SECRET not in log
