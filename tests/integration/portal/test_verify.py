"""An outsider checks what was published by the words of the page alone: with programs that every machine has, and files that
everybody can download."""

import html
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from haochaping.publication.models import Publication
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.tallies.models import Change
from tests.integration.publication.test_publications import DAY, city, signed
from tests.orders import City

__all__ = ["city"]

SITE = "http://testserver"


@pytest.fixture
def numbers(city: City, officer: UUID, now: datetime) -> list[str]:
    """Of two publications, the second of which corrects the first."""
    first = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    Change.objects.create(organisation_id=city.police, day=DAY, occasions=-10, n1=-10)
    return [first, publish_ranking(run=signed(city, now), official_id=officer, now=now)]


def files() -> dict[str, bytes]:
    """What an outsider asks for, as this system answers it."""
    public = Client()
    paths = ["/publications", "/publications/data.json"]
    for number in Publication.objects.values_list("number", flat=True):
        paths += [f"/publications/{number}", f"/publications/{number}/record.json"]
    return {path: public.get(path).content for path in paths}


@contextmanager
def served(content: Mapping[str, bytes]) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in content else 404)
            self.end_headers()
            self.wfile.write(content.get(self.path, b""))

        def log_message(self, format: str, *values: object) -> None:  # noqa: A002  (its own name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def code(content: Mapping[str, bytes], name: str) -> str:
    """What the page says to type."""
    found = re.search(
        rf'<pre id="{name}"[^>]*><code>(.*?)</code>', content["/publications"].decode(), re.DOTALL
    )
    assert found is not None
    return html.unescape(found.group(1))


def run_all(content: Mapping[str, bytes], folder: Path) -> str:
    """What check.py prints; it has the standard library alone."""
    with served(content) as there:
        (folder / "check.py").write_text(code(content, "verify-all").replace(SITE, there), encoding="utf-8")
        words = [sys.executable, "-I", "-S", "check.py"]
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_one_publication_by_curl_and_sha256sum(numbers: list[str], tmp_path: Path) -> None:
    content = files()
    with served(content) as there:
        line = code(content, "verify-one").replace(SITE, there)
        done = subprocess.run(["sh", "-ec", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    digest = done.stdout.split()[0]
    assert digest == Publication.objects.get(number=numbers[-1]).digest
    assert digest in content[f"/publications/{numbers[-1]}"].decode()


def test_all_of_them_by_the_script_of_the_page(numbers: list[str], tmp_path: Path) -> None:
    *lines, verdict = run_all(files(), tmp_path).splitlines()
    assert verdict == "OK"
    digests = Publication.objects.order_by("sequence").values_list("digest", flat=True)
    assert [line.split() for line in lines] == [list(each) for each in zip(numbers, digests, strict=True)]


def altered(numbers: list[str]) -> None:
    """A figure, past all that keeps others from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE publication_publication SET text = replace(text, '"bad":60', '"bad":6') WHERE number = %s""",
            [numbers[0]],
        )


def replaced(numbers: list[str]) -> None:
    """With a digest that fits what stands there now: the next one tells."""
    altered(numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE publication_publication SET digest = encode(sha256(convert_to(text, 'UTF8')), 'hex')
            WHERE number = %s""",
            [numbers[0]],
        )


def removed(numbers: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publication_publication SET corrects_id = NULL")
        cursor.execute("DELETE FROM publication_publication WHERE number = %s", [numbers[0]])


@pytest.mark.parametrize("change", [altered, replaced, removed])
def test_what_was_changed_behind_it_is_told(
    numbers: list[str], tmp_path: Path, change: Callable[[list[str]], None]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    change(numbers)
    assert run_all(files(), tmp_path).splitlines()[-1] == "WRONG: 1"
