"""A process by itself: on the socket handed over, or where it was told to listen; never without a database."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from haochaping.cli import alone
from haochaping.cli.main import main

Became = list[tuple[str, list[str], dict[str, str]]]


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> Became:
    """What this process would have become."""
    found: Became = []

    def execve(*given: object) -> None:
        found.append(given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(alone.os, "execve", execve)
    return found


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_door_and_web_listen_where_they_are_told(became: Became, tmp_path: Path) -> None:
    main(["door", "--data", str(tmp_path), "--host", "10.0.0.1", "--port", "81"])
    main(["web", "--host", "::1", "--port", "82", "--workers", "5"])
    (_, door, environment), (_, web, _) = became
    assert (option(door, "--host"), option(door, "--port")) == ("10.0.0.1", "81")
    assert environment["HAOCHAPING_DATA"] == str(tmp_path)
    assert "--no-access-log" in door
    assert (option(web, "--bind"), option(web, "--workers")) == ("[::1]:82", "5")


@pytest.mark.parametrize(("whose", "given"), [(os.getpid, "--fd"), (lambda: 1, "--host")])
def test_the_door_takes_the_socket_that_was_handed_over_to_it_and_no_other(
    became: Became,
    monkeypatch: pytest.MonkeyPatch,
    whose: Callable[[], int],
    given: str,
) -> None:
    monkeypatch.setenv("LISTEN_PID", str(whose()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    main(["door"])
    ((_, command, _),) = became
    assert {"--fd", "--host"} & set(command) == {given}


@pytest.mark.parametrize("name", ["door", "web"])
def test_without_a_database_it_says_what_is_missing(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert main([name]) == 1
    assert "DATABASE_URL is not set" in capsys.readouterr().err
