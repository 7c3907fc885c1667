"""What an official gives with each act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from haochaping.rectification.states import Act


@dataclass(frozen=True, slots=True)
class Needs:
    """What an official gives with an act: a text of `least` to `most` characters (none where `most` is 0; where `least` is
    0 it may be left out), and which of the other fields of `rules.Said`."""

    least: int = 0
    most: int = 0
    fields: tuple[str, ...] = ()

    @property
    def finding(self) -> bool:
        """Whether what verification found is to be chosen."""
        return "finding" in self.fields


NEEDS: Final[Mapping[Act, Needs]] = {
    Act.DISPATCH: Needs(2, 500, ("organisation",)),
    Act.SEND_BACK: Needs(2, 500, ("ground",)),
    Act.TAKE: Needs(),
    Act.CONTACT: Needs(0, 500, ("means", "reached")),
    Act.CLASSIFY: Needs(0, 500, ("bad_class",)),
    Act.VERIFY: Needs(2, 1000, ("finding", "reasonable")),
    Act.PLAN: Needs(2, 1000, ("until",)),
    Act.ASK_EXTENSION: Needs(2, 1000, ("step", "until")),
    Act.GRANT_EXTENSION: Needs(0, 500),
    Act.REFUSE_EXTENSION: Needs(2, 500),
    Act.EXPLAIN: Needs(10, 2000),
    Act.RECTIFY: Needs(2, 1000),
    Act.ANSWER: Needs(10, 2000),
    Act.APPROVE: Needs(0, 500),
    Act.RETURN_ANSWER: Needs(2, 500),
    Act.CLOSE: Needs(),
    Act.REPORT: Needs(0, 500),
    Act.UPLOAD: Needs(0, 500),
    Act.SUPERVISE: Needs(2, 1000),
    Act.REOPEN: Needs(2, 1000),
}
