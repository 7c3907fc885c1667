"""What a rater answers once is looked over before it is kept: the page in between, for verdicts and for revisits."""

from collections.abc import Sequence
from dataclasses import dataclass

from haochaping.faces.citizen.form_page import RETRY
from haochaping.faces.citizen.language import catalogue, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.receipts import Held
from haochaping.intake.http import Response


@dataclass(frozen=True, slots=True)
class Answer:
    """What is about to be sent to `path`: under which heading, with which words before it (marked); `verdict` in words, more
    `replies` by question, and the fields that go with it."""

    path: str
    heading: str
    words: str
    verdict: str
    hidden: Sequence[tuple[str, str]]
    replies: Sequence[tuple[str, str]] = ()


def look_over(status: int, held: Held, answer: Answer, *, trouble: str = "") -> Response:
    """The page, with what went wrong the last time (marked), "" for nothing."""
    say = catalogue(held.manner.language).gettext
    return page(
        status,
        "confirm.html",
        held.manner,
        headers=RETRY if status == 503 else (),
        action=f"{answer.path}{held.manner.query()}",
        number=held.number,
        secret=held.secret,
        heading=say(answer.heading),
        paragraphs=[say(answer.words)],
        before=None,
        after=None,
        verdict=answer.verdict,
        replies=answer.replies,
        hidden=(("submission", held.field("submission")), *answer.hidden),
        filled=None,
        button=say(mark("确认提交")),
        trouble=say(trouble) if trouble else "",
    )


def submission_of(held: Held) -> bytes:
    """The id that the page made; b"" for what is none of ours."""
    try:
        found = bytes.fromhex(held.field("submission"))
    except ValueError:
        return b""
    return found if len(found) == 16 else b""
