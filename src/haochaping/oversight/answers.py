"""What was answered in a revisit, as it is kept: sealed, bound to its step, by a key that follows from the root secret."""

import json
import uuid
from collections.abc import Mapping

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal


def sealed_online(answers: Mapping[str, str], *, revisit: uuid.UUID) -> bytes | None:
    """What was answered by the receipt, for as long as it waits."""
    return _sealed(answers, b"oversight_revisitanswer.answers:" + revisit.bytes)


def opened_online(sealed: bytes | memoryview | None, *, revisit: uuid.UUID) -> dict[str, str]:
    """What `sealed_online` closed. Raises SealBroken."""
    return _opened(sealed, b"oversight_revisitanswer.answers:" + revisit.bytes)


def sealed_answers(answers: Mapping[str, str], *, step: uuid.UUID) -> bytes | None:
    """Question → answer for the column of a step, the note under ""; None where nothing was said."""
    return _sealed(answers, _place(step))


def opened_answers(sealed: bytes | memoryview | None, *, step: uuid.UUID) -> dict[str, str]:
    """What `sealed_answers` closed. Raises SealBroken when it was altered, or is another step's."""
    return _opened(sealed, _place(step))


def _sealed(answers: Mapping[str, str], place: bytes) -> bytes | None:
    said = {question: answer for question, answer in answers.items() if answer}
    text = json.dumps(said, ensure_ascii=False)
    return seal(key_for("revisit answers"), text.encode(), place) if said else None


def _opened(sealed: bytes | memoryview | None, place: bytes) -> dict[str, str]:
    if not sealed:
        return {}
    found: dict[str, str] = json.loads(unseal(key_for("revisit answers"), bytes(sealed), place))
    return found


def _place(step: uuid.UUID) -> bytes:
    return b"oversight_revisitstep.answers:" + step.bytes
