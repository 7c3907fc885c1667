"""What was answered in a revisit, as it is kept: sealed, bound to its step, by a key that follows from the root secret."""

import json
import uuid
from collections.abc import Mapping

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal


def sealed_answers(answers: Mapping[str, str], *, step: uuid.UUID) -> bytes | None:
    """Question → answer for the column of a step, the note under ""; None where nothing was said."""
    said = {question: answer for question, answer in answers.items() if answer}
    text = json.dumps(said, ensure_ascii=False)
    return seal(key_for("revisit answers"), text.encode(), _place(step)) if said else None


def opened_answers(sealed: bytes | memoryview | None, *, step: uuid.UUID) -> dict[str, str]:
    """What `sealed_answers` closed. Raises SealBroken when it was altered, or is another step's."""
    if not sealed:
        return {}
    found: dict[str, str] = json.loads(unseal(key_for("revisit answers"), bytes(sealed), _place(step)))
    return found


def _place(step: uuid.UUID) -> bytes:
    return b"oversight_revisitstep.answers:" + step.bytes
