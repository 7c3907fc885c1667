"""The units in `deploy` start commands that exist, as little able to do harm as they are meant to be."""

import os
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from haochaping.cli.main import build_parser
from haochaping.cli.programs import GRACE
from haochaping.foundation.keys import CREDENTIAL
from haochaping.starter.cluster import DISCREET
from tests.guards.floors import ROOT, SOURCE

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/haochaping/haochaping"
SERVICES = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))
SOCKETS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.socket"))
ENVIRONMENT = "/etc/haochaping/haochaping.env"
# Without it a city has none.
SECRETS = "-/etc/haochaping/secrets.env"
KEY = f"{CREDENTIAL}:/etc/haochaping/master.key"
HARDENING = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectProc": "invisible",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}

Unit = dict[tuple[str, str], list[str]]


def unit(name: str) -> Unit:
    """The values of each setting of a unit, by section and name. Fails for a line that is none."""
    found: Unit = defaultdict(list)
    section = ""
    for line in (DEPLOY / "systemd" / name).read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
            continue
        setting = re.fullmatch(r"(\w+)=(.*)", line)
        assert setting, f"{name}: {line!r}"
        assert section, f"{name}: {line!r} stands in no section"
        found[section, setting[1]].append(setting[2])
    return found


def one(found: Unit, section: str, name: str) -> str:
    (value,) = found[section, name]
    return value


def test_there_is_a_unit_for_each_process_and_a_socket_for_who_is_called() -> None:
    assert [f"haochaping-{name}.service" for name in ("door", "web", "worker")] == SERVICES
    assert [f"haochaping-{name}.socket" for name in ("door", "web")] == SOCKETS
    assert one(unit("haochaping.target"), "Unit", "Wants").split() == SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_of_ours(name: str) -> None:
    program, *words = one(unit(name), "Service", "ExecStart").split()
    assert program == PROGRAM
    arguments = build_parser().parse_args(words)
    assert name.removeprefix("haochaping-").removesuffix(".service") == arguments.command.NAME
    launcher = ROOT / Path(PROGRAM).name
    assert os.access(launcher, os.X_OK)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_little_harm(name: str) -> None:
    found = unit(name)
    assert {each: found["Service", each] for each in HARDENING} == {
        each: [value] for each, value in HARDENING.items()
    }
    assert (one(found, "Service", "User"), one(found, "Service", "Group")) == ("haochaping", "haochaping")
    assert one(found, "Service", "StateDirectoryMode") == "0700"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_a_unit(name: str) -> None:
    found = unit(name)
    assert found["Service", "EnvironmentFile"] == [ENVIRONMENT, SECRETS]
    assert one(found, "Service", "LoadCredential") == KEY
    assert not found["Service", "Environment"]
    assert not found["Service", "SetCredential"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_the_time_that_it_takes_to_stop_and_comes_back(name: str) -> None:
    found = unit(name)
    assert one(found, "Service", "Restart") == "always"
    # Restarted for ever: a database that is away for an hour must not end the service for good.
    assert one(found, "Unit", "StartLimitIntervalSec") == "0"
    assert int(one(found, "Service", "TimeoutStopSec")) >= 2 * GRACE
    assert one(found, "Service", "KillMode") == "mixed"


@pytest.mark.parametrize("name", SOCKETS)
def test_a_socket_is_where_the_site_looks_for_it_and_open_to_nginx_alone(name: str) -> None:
    found = unit(name)
    site = (DEPLOY / "nginx" / "haochaping.conf").read_text()
    assert f"server unix:{one(found, 'Socket', 'ListenStream')} " in site
    assert one(found, "Socket", "SocketMode") == "0660"
    assert one(found, "Socket", "SocketGroup") == "www-data"
    service = unit(name.replace(".socket", ".service"))
    assert one(service, "Unit", "Requires") == name


def test_every_setting_of_the_example_is_one_that_is_read() -> None:
    text = (DEPLOY / "haochaping.env.example").read_text()
    settings = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert len(settings) > 5
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    known = [is_read(name, sources) for name in settings]
    assert [name for name, read in zip(settings, known, strict=True) if not read] == []
    assert [value for value in settings.values() if re.search(r":[^/@]+@", value)] == []


def is_read(name: str, sources: str) -> bool:
    """Whole, or without what the settings of one module have in common."""
    if f'"{name}"' in sources or f'"{name.removeprefix("HAOCHAPING_")}"' in sources:
        return True
    common, _, own = name.rpartition("_")
    return f'"{common}"' in sources and any(f'{mark}{own}"' in sources for mark in ('"', "_"))


def test_commands_by_hand_run_as_the_services_do() -> None:
    text = (DEPLOY / "hcp").read_text()
    assert os.access(DEPLOY / "hcp", os.X_OK)
    given = (f"EnvironmentFile={ENVIRONMENT}", f"EnvironmentFile={SECRETS}", f"LoadCredential={KEY}")
    for words in (*given, "--uid=haochaping", PROGRAM):
        assert words in text


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    """As it reads them at start; only the program lies elsewhere here."""
    for path in (DEPLOY / "systemd").iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace(PROGRAM, str(ROOT / "haochaping")))
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    # Of what it does not know it warns, and goes on.
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_a_service_confined(name: str) -> None:
    """By its own measure, from 0 (can do nothing) to 10 (can do all that its account can)."""
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--threshold=20",
        str(DEPLOY / "systemd" / name),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_the_example_holds_no_secret_and_names_where_they_stand() -> None:
    text = (DEPLOY / "haochaping.env.example").read_text()
    assert not re.search(r"^#?HAOCHAPING_\w*(SECRET|TOKEN|KEY)=", text, re.MULTILINE)
    assert "secrets.env" in text


def test_the_database_of_a_city_is_as_discreet_and_durable_as_our_own() -> None:
    lines = (DEPLOY / "postgresql" / "haochaping.conf").read_text().splitlines()
    settings = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    assert DISCREET.items() <= settings.items()
    durable = ("fsync", "full_page_writes", "synchronous_commit")
    assert [settings[name] for name in durable] == ["on"] * 3
