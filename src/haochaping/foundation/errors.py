"""Errors that callers decide on: by class and code, never by text."""

from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):
    """An act that the state, the rules or the rights do not allow. `code` is stable; `message` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotAllowed(Refused):
    """The person has not the right."""


class NotFound(Refused):
    """There is no such thing, or not for this person: both look alike."""


class Conflict(Refused):
    """Somebody else was faster, or the state is not what the act needs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of what came in. `code` is stable, `message` says what, why and what to do."""

    field: str
    code: str
    message: str


class Invalid(Refused):
    """Input with problems, all of them at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("invalid", "; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)
