"""The life of a client from the command line: made, narrowed, given a second key and a dialect, ended."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from haochaping.accounts.models import ApiClient
from haochaping.audit.models import AuditEntry
from haochaping.cli.main import main
from haochaping.registry.operations import import_registry
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY

DIALECT = (
    'format = 1\nabout = "接口文档第3版"  # 与厂商核对\n[occasions.codes.promiseTime]\n1 = "2"\n2 = "1"\n'
)


@pytest.fixture
def typed(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Any:
    """Types a command; what came of it: exit code, standard output, what was said beside."""
    monkeypatch.setenv("DATABASE_URL", database_address())
    import_registry(directory=REGISTRY, now=datetime(2026, 11, 23, tzinfo=UTC), actor="test")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_client_and_its_terms(typed: Any) -> None:
    create = ["client", "create", "--organisation", AUTHORITY, "--rights", "report"]
    code, out, beside = typed(*create, "--json")
    assert code == 0
    issued = json.loads(out)
    assert set(issued) == {"key", "secret"}
    assert "EVERY organisation" in beside
    assert "--scope own" in beside
    code, out, beside = typed(*create, "--platform", "hall", "--scope", "own", "--calls", "20")
    assert code == 0
    assert "EVERY" not in beside
    assert typed("client", "change", issued["key"], "--for", AUTHORITY, "--clock-tolerance", "60")[0] == 0
    code, out, _ = typed("client", "list", "--json")
    first, second = json.loads(out)
    assert (first["scope"], first["for"], first["clock_tolerance"]) == ("listed", [AUTHORITY], 60)
    assert (second["scope"], second["platform"], second["limits"]["calls"]) == ("own", "hall", 20)
    assert issued["secret"] not in out
    _, shown, _ = typed("client", "list")
    assert issued["key"] in shown
    assert "last used never" in shown
    assert typed("client", "change", issued["key"], "--calls", "default")[0] == 0
    assert typed("client", "end", first["client"])[0] == 0
    assert ApiClient.objects.exclude(ended_at=None).count() == 1
    acts = AuditEntry.objects.filter(act__startswith="client.").values_list("actor", flat=True)
    assert set(acts) == {"command line"}


def test_a_second_key_and_the_end_of_the_first(typed: Any) -> None:
    _, out, _ = typed("client", "create", "--organisation", AUTHORITY, "--rights", "report", "--json")
    first = json.loads(out)["key"]
    code, out, beside = typed("client", "key", "add", first, "--json")
    second = json.loads(out)["key"]
    assert code == 0
    assert "client key end" in beside
    code, out, _ = typed("client", "key", "end", first, "--at", "2099-01-01T18:00")
    assert (code, out) == (0, f"{first} ends at 2099-01-01 18:00:00 (Asia/Shanghai)\n")
    _, out, _ = typed("client", "list", "--json")
    assert [(key["key"], key["ends_at"]) for key in json.loads(out)[0]["keys"]] == [
        (first, "2099-01-01T18:00:00+08:00"),
        (second, None),
    ]
    assert typed("client", "key", "end", first)[0] == 0
    assert typed("client", "key", "end", first)[0] == 1


def test_a_dialect_is_checked_set_and_shown(typed: Any, tmp_path: Path) -> None:
    _, out, _ = typed("client", "create", "--organisation", AUTHORITY, "--rights", "report", "--json")
    key = json.loads(out)["key"]
    file = tmp_path / "hall.toml"
    assert typed("client", "dialect", "check", str(file))[0] == 1
    file.write_text(DIALECT.replace('"2"', '"7"'), encoding="utf-8")
    code, out, _ = typed("client", "dialect", "check", str(file))
    assert code == 1
    assert "occasions.codes.promiseTime.1 [unknown_code]" in out
    assert typed("client", "dialect", "set", key, str(file))[0] == 1
    assert typed("client", "dialect", "show", key)[0] == 1
    file.write_text(DIALECT, encoding="utf-8")
    assert typed("client", "dialect", "check", str(file))[0] == 0
    code, out, _ = typed("client", "dialect", "set", key, str(file))
    assert (code, out.splitlines()[-1]) == (0, "edition 1 is stored")
    assert typed("client", "dialect", "set", key, str(file))[0] == 1
    assert typed("client", "dialect", "show", key)[1] == DIALECT
    assert typed("client", "dialect", "show", key, "--edition", "2")[0] == 1


def test_mistakes_are_told_and_change_nothing(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, beside = typed("client", "create", "--organisation", "NOBODY", "--rights", "report")
    assert code == 1
    assert "NOBODY" in beside
    assert typed("client", "change", "NOBODY", "--scope", "own")[0] == 1
    for words in (["--calls", "0"], ["--scope", "everything"], ["--clock-tolerance", "x"]):
        with pytest.raises(SystemExit) as ended:
            typed("client", "change", "NOBODY", *words)
        assert ended.value.code == 2
    with pytest.raises(SystemExit):
        typed("client", "key", "end", "NOBODY", "--at", "tomorrow")
    assert not ApiClient.objects.exists()
