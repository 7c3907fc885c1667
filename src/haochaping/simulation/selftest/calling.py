"""The door as the self-test reaches it: over HTTP, at the address that everybody uses."""

import time
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from haochaping.foundation.outgoing import Answer, NoAnswer, call

# What "come again" is answered with; a door that is being replaced is well again in this time.
_BUSY: Final = frozenset({429, 502, 503})
_TRIES: Final = 3
_LONGEST_PAUSE: Final = 5
# The pages are asked for in the language in which their rules are written.
_HEADERS: Final = {"Accept-Language": "zh-CN", "User-Agent": "haochaping-selftest"}


Sign = Callable[[], Mapping[str, str]]


def _unsigned() -> Mapping[str, str]:
    return {}


# Seconds for an answer. No person is let wait for longer than the first; reports go to a process of their own, which may
# have to be started.
_ANSWER: Final = 20.0
_REPORT: Final = 60.0


class Failed(Exception):
    """A step did not hold. `reason` is a word of ours, a status or the code of an answer; nothing of what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:200]

    @classmethod
    def of(cls, answer: Answer) -> "Failed":
        """An answer that was not the one due: its status, and the code of the error where it has one."""
        try:
            code = msgspec.json.decode(answer.body, type=_Told).error.code
        except (msgspec.DecodeError, UnicodeDecodeError):
            code = ""
        return cls(f"HTTP {answer.status} {code}".strip())


class _Code(msgspec.Struct):
    code: str = ""


class _Told(msgspec.Struct):
    error: _Code


class Door:
    """`address` as people use it, without a path. `pause` waits so many seconds."""

    def __init__(self, address: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self.address = address.rstrip("/")
        self._pause = pause

    def get(self, path: str) -> Answer:
        """Raises Failed when there is no answer."""
        return self._called("GET", path)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], sign: Sign = _unsigned) -> Answer:
        """Who is asked to come again does, twice, each time signed anew. Raises Failed when there is no answer."""
        return self._called("POST", path, body, headers, sign)

    def report(self, path: str, body: bytes, headers: Mapping[str, str], sign: Sign) -> Answer:
        """As `post`, with the patience that a report wants."""
        return self._called("POST", path, body, headers, sign, _REPORT)

    def wait(self, seconds: int) -> None:
        """Until it answers, or for so long: then the steps will say what is wrong."""
        for _ in range(seconds):
            try:
                if self.get("/receipt").status == 200:
                    return
            except Failed:
                pass
            self._pause(1)

    def _called(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] = _HEADERS,
        sign: Sign = _unsigned,
        seconds: float = _ANSWER,
    ) -> Answer:
        tried = 1
        while True:
            try:
                sent = {**_HEADERS, **headers, **sign()}
                answer = call(method, self.address + path, headers=sent, body=body, seconds=seconds)
            except NoAnswer as problem:
                raise Failed(problem.reason) from None
            if answer.status not in _BUSY or tried == _TRIES:
                return answer
            tried += 1
            self._pause(_asked(answer))


def _asked(answer: Answer) -> int:
    said = answer.headers.get("retry-after", "")
    return min(int(said), _LONGEST_PAUSE) if said.isascii() and said.isdigit() else 1
