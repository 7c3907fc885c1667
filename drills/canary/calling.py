"""Callers over HTTP, each with his cookies; every answer is kept with what its caller may see of people."""

import contextlib
import http.client
import io
import re
import secrets
import socket
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from drills.canary.people import found_in
from haochaping.foundation.clock import now
from haochaping.intake.http import Request
from haochaping.intake.signature import signature

if TYPE_CHECKING:
    from haochaping.accounts.operations.keys import IssuedKey

FORM = "application/x-www-form-urlencoded"
_TIMEOUT = 60.0
_RAW_SECONDS = 0.7


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection was cut off. `seen`: what of canaries it shows although its caller may not see it."""

    who: str
    method: str
    path: str
    status: int
    text: str
    seen: frozenset[str]


@dataclass(slots=True)
class Answers:
    """All answers of a run."""

    kept: list[Answer] = field(default_factory=list)

    def statuses(self) -> set[int]:
        return {answer.status for answer in self.kept}


@dataclass(slots=True)
class Caller:
    """`who` names him in reports."""

    who: str
    port: int
    answers: Answers
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        own: str = "",
    ) -> Answer:
        """One request. `own` is text whose canaries he may see: what he typed himself, or is about himself."""
        sent = {"User-Agent": "canary", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, shown = self._exchange(method, path, body, sent)
        answer = Answer(self.who, method, path, status, shown, frozenset(found_in(shown) - found_in(own)))
        self.answers.kept.append(answer)
        return answer

    def form(self, path: str, fields: Mapping[str, str], *, own: str = "", page: str = "") -> Answer:
        """A form as a browser posts it, with the CSRF token of `page`, which is looked at once."""
        if page and not self.token:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.call("GET", page).text)
            self.token = found[1] if found else ""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token} if page else fields)
        return self.call("POST", path, body.encode(), {"Content-Type": FORM}, own=own)

    def raw(self, sent: bytes) -> Answer:
        """Bytes that are no request, and what comes back; nobody's data are to be in it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_RAW_SECONDS) as connection:
            connection.sendall(sent)
            pieces = []
            with contextlib.suppress(TimeoutError, ConnectionError):
                while piece := connection.recv(65_536):
                    pieces.append(piece)
        shown = b"".join(pieces).decode(errors="replace")
        answer = Answer(self.who, "raw", "", 0, shown, frozenset(found_in(shown)))
        self.answers.kept.append(answer)
        return answer

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.encode())
            if body or method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            shown = readable(response.read())
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        return response.status, f"{response.msg}\n{shown}"


def readable(content: bytes) -> str:
    """What stands in an answer: packed bytes hide people and invent them, so a workbook is told by its parts, a
    document by its text, and a picture by what is written into it and by what the codes in it say."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(package.read(part).decode(errors="replace") for part in package.namelist())
    if content.startswith(b"%PDF"):
        document = pdfium.PdfDocument(content)
        pages = (page.get_textpage().get_text_range() for page in document)
        return "\n".join((*document.get_metadata_dict().values(), *pages))
    if content.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(content)) as picture:
            codes = zxingcpp.read_barcodes(picture.convert("L"))
            return "\n".join((*map(str, picture.info.items()), *(code.text for code in codes)))
    return content.decode(errors="replace")


def signed(key: "IssuedKey", method: str, path: str, body: bytes, **headers: str) -> dict[str, str]:
    """The headers of a rightly signed call; `headers` come on top."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    place, _, query = path.partition("?")
    request = Request(method, place, query, {}, "", now(), body)
    return {
        "X-HCP-Key": key.key,
        "X-HCP-Timestamp": timestamp,
        "X-HCP-Nonce": nonce,
        "X-HCP-Signature": signature(key.secret.encode(), request, timestamp=timestamp, nonce=nonce),
        **headers,
    }
