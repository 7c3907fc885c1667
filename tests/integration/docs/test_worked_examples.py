"""What the documents show is run, in order, against a running door; what they say comes out must come out."""

import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from examples.client import report
from haochaping.accounts.operations.clients import Terms, create_client
from haochaping.cli.stage import Stage, free_port
from haochaping.foundation.clock import now
from haochaping.intake.dialect_files import read
from haochaping.intake.http import Request
from haochaping.intake.signature import signature
from haochaping.policy.tags import Tags
from haochaping.registry.operations import import_registry
from haochaping.starter.layout import lay_out
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY, ROOT, expected, sample_lines

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def door(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a door over the test database, with Kunming's registry."""
    import_registry(directory=REGISTRY, now=now(), actor="test")
    monkeypatch.setenv("DATABASE_URL", database_address())
    set_up = Stage(lay_out(Path(os.environ["HAOCHAPING_DATA"])), database_address(), free_port())
    set_up.layout.log.mkdir(exist_ok=True)
    set_up.start_door()
    yield f"http://127.0.0.1:{set_up.port}"
    set_up.stop()


def worked_examples() -> list[tuple[str, str]]:
    """Language and content of every block of the last chapter of docs/api.md."""
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    return BLOCK.findall(text[text.index("## Worked examples") :])


def run(words: list[str], where: Path, **environment: str) -> str:
    done = subprocess.run(
        words,
        cwd=where,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_worked_examples_of_the_interface(door: str, tmp_path: Path) -> None:
    """The blocks of Python make one program; what is typed in between is typed there, at that moment."""
    program, due = ["import subprocess"], []
    for language, content in worked_examples():
        if language == "sh":
            typed = content.replace("./haochaping", f"{sys.executable} -m haochaping.cli")
            # What the command says is not the program's; a file that it writes is.
            quiet = "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
            program.append(f"subprocess.run({typed!r}, shell=True, check=True, {quiet})")
        elif language == "python":
            program.append(content)
        else:
            assert language == "text"
            due.append(content)
    assert len(due) > 4
    file = tmp_path / "examples.py"
    file.write_text("\n".join(program), encoding="utf-8")
    paths = {"PYTHONPATH": f"{ROOT / 'src'}", "URL": door}
    assert run([sys.executable, str(file)], tmp_path, **paths) == "".join(due)


@pytest.mark.parametrize("algorithm", [(), ("HMAC-SHA256",)])
def test_the_example_client_reports_the_sample(door: str, tmp_path: Path, algorithm: tuple[str, ...]) -> None:
    example = ROOT / "examples/client.py"
    assert len(example.read_text(encoding="utf-8").splitlines()) <= 60
    issued = create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=now())
    file = tmp_path / "occasions.ndjson"
    file.write_text("\n".join(sample_lines()), encoding="utf-8")
    out = run(
        [sys.executable, str(example), door, issued.key, issued.secret, str(file), *algorithm], tmp_path
    )
    counts, *lines = out.splitlines()
    due = [verdict for verdict, _ in expected()]
    assert json.loads(counts) == Counter(due)
    assert [line.split()[1] for line in lines] == due


def test_the_example_client_comes_again_when_it_is_told_to(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = Terms(limits={"records": 1, "records_burst": 1})
    issued = create_client(organisation=AUTHORITY, rights=["report"], terms=terms, actor="test", now=now())
    lines = "\n".join(sample_lines()[:4]).encode()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        threading.Event().wait(seconds)

    monkeypatch.setattr("examples.client.time.sleep", sleep)
    first, second = (report(door, issued.key, issued.secret, lines) for _ in range(2))
    assert sum(first["counts"].values()) == sum(second["counts"].values()) == 4  # type: ignore[attr-defined]
    assert slept
    assert all(1 <= seconds <= 4 for seconds in slept)


def test_the_numbers_of_the_signature() -> None:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    request = Request(
        method="POST",
        path="/api/v1/occasions",
        query="b=2&a=1",
        headers={},
        address="127.0.0.1",
        received_at=now() - timedelta(days=1),
        body=b"{}",
    )
    for algorithm in ("HMAC-SM3", "HMAC-SHA256"):
        due = signature(
            b"0123456789abcdef",
            request,
            timestamp="1795399200",
            nonce="worked-example-1",
            algorithm=algorithm,
        )
        assert f"| {algorithm} | `{due}` |" in text


def test_the_dialect_of_the_document_can_be_used() -> None:
    text = (ROOT / "docs/dialects.md").read_text(encoding="utf-8")
    (dialect,) = [content for language, content in BLOCK.findall(text) if language == "toml"]
    read_by = read(dialect, tags=Tags.load())
    sent = {"promiseTime": "1", "areaCode": "530122", "serviceTime": "2026/11/20 09:05", "certKeyGOV": "无"}
    assert read_by.occasion(sent) == (
        {"promiseTime": "2", "areaCode": "530115", "serviceTime": "2026-11-20 09:05:00"},
        [],
    )
    assert read_by.rating({"satisfaction": 4, "assessNumber": 3}) == ({"satisfaction": "1"}, [])
