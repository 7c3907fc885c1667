"""What is kept how long, and what became of the terms: for the console."""

from dataclasses import dataclass

from haochaping.audit.queries import Entry, last
from haochaping.oversight.states import PROVED
from haochaping.policy.retention import Kept, known_terms, terms
from haochaping.policy.sources import RulesError


@dataclass(frozen=True, slots=True)
class KeptView:
    """One kind with its last proof; None where none was made yet, as where there is no term."""

    kept: Kept
    proof: Entry | None

    @property
    def failed(self) -> bool:
        """Whether something was still there that should have gone, or could not be looked for."""
        return self.proof is not None and self.proof.result == "failed"


def retention() -> tuple[KeptView, ...]:
    """All kinds in the order of the data."""
    return tuple(
        KeptView(each, last(PROVED, subject=each.key) if each.n is not None else None)
        for each in known_terms()
    )


def failures() -> tuple[Kept, ...]:
    """The kinds of which the last proof failed."""
    return tuple(each.kept for each in retention() if each.failed)


def unreadable() -> str:
    """Why the operator's terms are not applied, and nothing is deleted meanwhile; "" when they are."""
    try:
        terms()
    except RulesError as problem:
        return str(problem)
    return ""
