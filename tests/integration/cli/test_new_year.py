"""A whole system on 4 January 2027 without the notice of that year; its rules change, break and are mended while it runs."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from examples.client import report
from haochaping.foundation.clock import CN
from tests.journeys.city import ROOT, free_port
from tests.reporting import AUTHORITY, REGISTRY, sample_lines

PLAYED = datetime(2027, 1, 4, 10, 0, tzinfo=CN)  # a Monday
PATIENCE = 60.0
# Tuesday 5 January is off in Kunming and nowhere else.
OURS = """
[jurisdiction]
name = "运行单位"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "运行单位决定（示例）"
[[local_days]]
key = "festival"
from = 2020-06-02
document = "d"
article = "第一条"
value = { name = "地方节日", off = [2027-01-05] }
"""
REASON = """
[[bad_needs_reason]]
from = 2020-06-02
document = "d"
article = "第二条"
value = %s
"""
NOTICE = """
year = 2027
[documents.notice]
title = "国务院办公厅关于2027年部分节假日安排的通知（示例）"
[[holidays]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
makeup = [2026-12-27]
document = "notice"
"""
# What a command of ours would be told by the tables; run beside the system, as any command is.
ASK = """
import argparse, json, sys
from pathlib import Path
from datetime import UTC, datetime
from haochaping.cli.database import connected
with connected(argparse.Namespace(data=Path(sys.argv[1]), command=argparse.Namespace(NAME="ask"))):
    from haochaping.cases.models import Waiting
    from haochaping.foundation.clock import now
    from haochaping.ratings.operations import default_due
    from haochaping.rectification.models import WorkOrder
    from haochaping.rectification.listing import DeskFilter, desk
    from haochaping.rectification.states import Act
    from tests.orders import lead_to, make_official
    told = {}
    order = WorkOrder.objects.first()
    if "verify" in sys.argv:
        told["handler"] = str(make_official(order.organisation_id, now(), "handler"))
        lead_to(order, Act.VERIFY, told["handler"], now())
    if order:
        order.refresh_from_db()
        told["order"] = [order.due_at and order.due_at.isoformat(), order.due_provisional]
    if "sweep" in sys.argv:
        march = datetime(2027, 3, 1, tzinfo=UTC)
        told["defaults"] = default_due(now=march)
        rows = desk(official_id=sys.argv[-1], now=march, filters=DeskFilter()).rows
        told["clocks"] = [row.clock.kind.name for row in rows]
    told["waiting"] = [
        [at.isoformat(), provisional]
        for each in Waiting.objects.order_by("id")
        for at, provisional in (
            (each.window_at, each.window_provisional), (each.default_at, each.default_provisional)
        )
    ]
    print(json.dumps(told))
"""


@dataclass
class Running:
    """`up` with the clock of the new year and a directory of the operator's rules."""

    url: str
    folder: Path
    environment: dict[str, str]
    key: tuple[str, str] = ("", "")
    reported: int = 0

    def words(self, *words: str, code: int = 0) -> str:
        """A command's output. It ends with `code`."""
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout or done.stderr

    def command(self, *words: str, code: int = 0) -> str:
        """A command of haochaping on this system."""
        return self.words("-m", "haochaping.cli", *words, "--data", str(self.folder / "data"), code=code)

    def ask(self, *what: str) -> dict[str, Any]:
        """What the tables tell, after what is asked to be done."""
        found: dict[str, Any] = json.loads(self.words("-c", ASK, str(self.folder / "data"), *what))
        return found

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer; JSON decoded."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            sent = json.dumps(body) if body is not None else None
            connection.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
            answer = connection.getresponse()
            content = answer.read()
            is_json = answer.headers.get("Content-Type", "").startswith("application/json")
            return answer.status, json.loads(content) if is_json else content.decode()
        finally:
            connection.close()

    def occasion(self) -> str:
        """Reports one of twenty minutes ago; its token."""
        self.reported += 1
        record: dict[str, Any] = json.loads(sample_lines()[0])
        record |= {
            "projectNo": f"N{self.reported}",
            "acceptDate": "2027-01-04 09:30:00",
            "serviceTime": "2027-01-04 09:40:00",
            "resultDate": "2027-01-04 09:40:00",
        }
        at = int(time.time()) + int(self.environment["HAOCHAPING_CLOCK_SHIFT"])
        answer: Any = report(self.url, *self.key, json.dumps(record).encode(), at=at)
        (result,) = answer["results"]
        assert result["verdict"] == "accepted", result
        return str(result["url"]).rpartition("/")[2]

    def rate(self, token: str, **fields: object) -> int:
        """The status of a very bad rating through the API."""
        said = {"satisfaction": "1", "named": "0", "submission": os.urandom(16).hex(), **fields}
        return self.call("POST", f"/api/v1/ratings/{token}", said)[0]

    def rules(self) -> tuple[str, str, int]:
        """Version, state and last year of the calendar, as the door says them."""
        status, told = self.call("GET", "/readyz")
        assert status == 200, told
        return told["rules"]["version"], told["parts"]["rules"], told["rules"]["calendar_until"]

    def log(self, name: str) -> str:
        """What a process has written down."""
        return (self.folder / "data" / "log" / f"{name}.log").read_text("utf-8")

    def write(self, text: str) -> None:
        """Replaces the operator's profile as an editor does."""
        target = self.folder / "ours" / "jurisdictions" / "ours" / "profile.toml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.with_name(".part").write_text(text, "utf-8")
        target.with_name(".part").replace(target)


def eventually(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not (held := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return held


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    folder = Path(tempfile.mkdtemp(prefix="hcp-year-"))
    folder.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "HAOCHAPING_DATA")}
    environment |= {
        "HAOCHAPING_CLOCK_SHIFT": str(int(PLAYED.timestamp() - time.time())),
        "HAOCHAPING_RULES_DIR": str(folder / "ours"),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }
    made = Running(f"http://127.0.0.1:{port}", folder, environment)
    made.write(OURS)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "haochaping.cli",
            "up",
            "--no-demo",
            "--data",
            folder / "data",
            "--port",
            str(port),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Ready" in line:
                break
        assert "Ready" in said[-1], "".join(said)
        made.command("import", "registry", str(REGISTRY))
        client = json.loads(
            made.command("client", "create", "--organisation", AUTHORITY, "--rights", "report,rate", "--json")
        )
        made.key = client["key"], client["secret"]
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def settled_limits(running: Running) -> int:
    return sum(not provisional for _, provisional in running.ask()["waiting"])


def test_the_new_year_runs_without_its_notice_and_is_settled_by_it(running: Running) -> None:
    assert running.rules()[1:] == ("ok", 2026)
    alarm = "the notice on the holidays of 2027 is not loaded"
    assert eventually(lambda: alarm in running.log("worker"))
    assert running.rate(running.occasion(), evalDetail=["110"]) == 201
    waits = running.occasion()
    assert running.call("GET", f"/r/{waits}")[0] == 200
    assert eventually(lambda: "order" in running.ask())
    verified = running.ask("verify")
    # Four weekdays and no holiday known: assumed, but for the 5th, which Kunming itself takes off.
    window = [datetime(2027, 1, 13, tzinfo=CN), datetime(2027, 1, 27, tzinfo=CN)]
    for at, provisional in verified["waiting"]:
        assert (datetime.fromisoformat(at), provisional) == (window[0], True)
    assert len(verified["waiting"]) == 2, "its window and its default"
    assert (datetime.fromisoformat(verified["order"][0]), verified["order"][1]) == (window[1], True)
    swept = running.ask("sweep", verified["handler"])
    assert (swept["defaults"], swept["clocks"]) == (0, ["PROVISIONAL_OVER"])
    assert swept["waiting"] == verified["waiting"]

    notice = running.folder / "2027.toml"
    notice.write_text(NOTICE.replace("[2026-12-27]", "[2026-12-28]"), "utf-8")
    refused = running.command("calendar", "load", str(notice), code=1)
    assert (
        "2027.toml:9: holidays[0].makeup[0]: 2026-12-28 is a Monday; expected a Saturday or Sunday" in refused
    )
    notice.write_text(NOTICE, "utf-8")
    assert "试运行：什么也没有写入。" in running.command("calendar", "load", str(notice), "--dry-run")
    assert running.ask()["waiting"] == verified["waiting"]
    told = running.command("calendar", "load", str(notice))
    assert "评价期限 530102 2027-01-04 服务的1件：2027-01-12（推定） → 2027-01-12" in told
    assert "2027-01-26（推定） → 2027-01-26" in told
    settled = running.ask()
    assert not any(provisional for _, provisional in (*settled["waiting"], settled["order"]))
    assert eventually(lambda: running.rules()[2] == 2027), "without a restart"
    # Reports are judged in processes of their own, each of which looks for itself: the next ones are settled at once.
    before = settled_limits(running)
    assert eventually(
        lambda: running.call("GET", f"/r/{running.occasion()}")[0] == 200 and settled_limits(running) > before
    )
    assert "先前已载入" in running.command("calendar", "load", str(notice))
    assert running.ask("sweep", verified["handler"])["defaults"] == 2


def test_every_process_takes_changed_rules_and_keeps_the_last_good_ones(running: Running) -> None:
    before, state, _ = running.rules()
    assert state == "ok"
    assert running.rate(running.occasion()) == 422
    running.write(OURS + REASON % "false")
    assert eventually(lambda: running.rules()[0] != before)
    changed, state, _ = running.rules()
    assert state == "ok"
    assert running.rate(running.occasion()) == 201
    expected = f"version {changed} is in force"

    def everywhere(words: str) -> bool:
        """Door, its process for short reports, worker and both processes of the pages have said so, each once."""
        for _ in range(8):
            assert running.call("GET", "/console/login/")[0] == 200
        return [running.log(name).count(words) for name in ("door", "worker", "web")] == [2, 1, 2]

    assert eventually(lambda: everywhere(expected))

    running.write(OURS + REASON % "'no'")
    assert eventually(lambda: running.rules()[1] == "1 mistake(s), last good set in force")
    assert running.rules()[0] == changed
    assert running.rate(running.occasion()) == 201
    place = "profile.toml:19: bad_needs_reason[0].value: expected true or false, found 'no'"
    assert eventually(lambda: everywhere(place))
    time.sleep(2.5)
    assert everywhere(place), "it is said once, not at every look"

    running.write(OURS)
    assert eventually(lambda: running.rules()[:2] == (before, "ok"))
    assert running.rate(running.occasion()) == 422
