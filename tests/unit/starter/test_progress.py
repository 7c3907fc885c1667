"""What takes long is said, what is quick is not; what only root can do is said with the command."""

import os
import shutil
import subprocess
import time

import pytest

from haochaping.starter import debian, progress
from haochaping.starter.progress import StartError, step


def test_a_quick_step_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.5)
    said: list[str] = []
    with step(said.append, "Making it"):
        pass
    assert said == []


def test_a_slow_step_is_said_once_and_then_with_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr(progress, "REMINDER", 0.1)
    said: list[str] = []
    with step(said.append, "Making it"):
        limit = time.monotonic() + 10
        while len(said) < 2 and time.monotonic() < limit:
            time.sleep(0.01)
    assert said[0] == "Making it ..."
    assert said[1] == "Making it (0 s)"


def test_after_an_error_nothing_more_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    said: list[str] = []
    with pytest.raises(StartError), step(said.append, "Making it"):
        raise StartError("no")
    time.sleep(0.1)
    assert said == []


def test_a_package_for_root_is_named_to_everybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing may be run"))
    with pytest.raises(StartError, match="sudo apt-get install -y --no-install-recommends chromium"):
        debian.install(["chromium"], why="The tests need it.", say=print)


def test_without_debian_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StartError, match="chromium"):
        debian.install(["chromium"], why="The tests need it.", say=print)
