"""Every command says what it does, and every one takes --data."""

import pytest

from haochaping.cli.main import COMMANDS, build_parser


@pytest.mark.parametrize("name", [command.NAME for command in COMMANDS])
def test_a_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*name.split(), "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "--data" in said
    assert len(said.splitlines()) > 5
