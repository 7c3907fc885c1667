"""The table of commands: each has help, takes --data, and needs no database to be explained."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from haochaping.cli import port
from haochaping.cli.main import COMMANDS, build_parser, main
from haochaping.starter.progress import StartError


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.NAME)
def test_every_command_explains_itself(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.NAME.split(), "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert "--data DIR" in shown
    assert command.HELP.split()[0] in shown


def test_no_two_commands_share_a_name() -> None:
    names = [command.NAME for command in COMMANDS]
    assert len(names) == len(set(names))
    assert {"up", "test"} <= set(names)


@pytest.mark.parametrize(
    "argv", [["nonsense"], ["up", "--nonsense"], ["up", "--port", "0"], ["up", "--port", "x"]]
)
def test_what_is_typed_wrongly_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: haochaping" in capsys.readouterr().err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "test" in capsys.readouterr().err


def test_other_arguments_of_test_are_left_for_pytest() -> None:
    arguments, rest = build_parser().parse_known_args(["test", "tests/unit", "-x", "--no-header"])
    assert arguments.command.NAME == "test"
    assert rest == ["tests/unit", "-x", "--no-header"]


def test_help_loads_no_django() -> None:
    code = (
        "import sys, haochaping.cli.main as m; m.build_parser().format_help(); print('django' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_a_moved_clock_is_said_loudly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["up", "--data", str(tmp_path), "--port", str(taken.getsockname()[1])]
        for shift, told in (("86400", True), ("0", False)):
            answer = subprocess.run(
                [sys.executable, "-m", "haochaping.cli", *words],
                env=os.environ | {"HAOCHAPING_CLOCK_SHIFT": shift},
                capture_output=True,
                text=True,
                check=False,
            )
            assert ("THE CLOCK IS MOVED by 1 day" in answer.stderr) is told
            assert answer.returncode == 1  # the port is taken


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"port {number}.*--port"):
            port.ensure_free("127.0.0.1", number, print, patience=0)
    port.ensure_free("127.0.0.1", number, print, patience=5)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - only translated
        ("::", "http://[::1]:8000"),
        ("hcp.example.cn", "http://hcp.example.cn:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, expected: str) -> None:
    assert port.address(host, 8000) == expected
