"""Whether a client may report for an organisation, by the registry of the day. Pure."""

from datetime import date
from functools import cached_property

from haochaping.accounts.clients import Reach, Scope
from haochaping.cases.formats import instant
from haochaping.cases.rules import Record
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Problem
from haochaping.registry.directory import Directory, Org
from haochaping.registry.rules import AUTHORITY

OUT_OF_SCOPE = Problem(
    "deptCode",
    "out_of_scope",
    "该接入系统不能为此机构报送：请核对机构代码，或请好差评系统管理员调整报送范围。",
)
KEY_OUT_OF_SCOPE = Problem(
    "projectNo",
    "out_of_scope",
    "该办件编号和服务次数属于报送范围以外的机构：请核对编号，或联系好差评系统管理员。",
)


class Reached:
    """A client's scope against one edition of the registry. `today` is the legal day of the call.

    An authority reaches the organisations of its division and of those below, as they stood on the day of the service or
    stand today: a division that was merged is reached from where it went as well. An organisation that the registry does
    not know is let pass: it is for the quarantine, where a person looks at it.
    """

    def __init__(self, scope: Scope, directory: Directory, today: date) -> None:
        self._scope = scope
        self._directory = directory
        self._today = today
        self._known: dict[tuple[str, date], bool] = {}

    def allows(self, record: Record) -> bool:
        """Whether a well-formed record is of an organisation that the client may report for."""
        if self._scope.reach is Reach.PLATFORM:
            return True
        served = instant(record["serviceTime"])
        asked = record["deptCode"], self._today if served is None else local_day(served)
        if asked not in self._known:
            self._known[asked] = self._reaches(*asked)
        return self._known[asked]

    def allows_organisation(self, organisation_id: int, day: date) -> bool:
        """The same by the registry's id."""
        if self._scope.reach is Reach.PLATFORM:
            return True
        organisation = self._directory.organisation_by_id(organisation_id, day)
        return organisation is not None and self._within(organisation, day)

    def _reaches(self, credit_code: str, day: date) -> bool:
        organisation = self._directory.organisation(credit_code, day)
        return organisation is None or self._within(organisation, day)

    def _within(self, organisation: Org, day: date) -> bool:
        if self._scope.reach is Reach.LISTED:
            return organisation.id in self._scope.listed
        if organisation.id == self._scope.organisation_id:
            return True
        return self._top is not None and any(
            self._top in self._above(organisation.division_id, on) for on in (day, self._today)
        )

    @cached_property
    def _top(self) -> int | None:
        """The division below which the client reaches everything; None for who is no authority."""
        own = self._directory.organisation_by_id(self._scope.organisation_id, self._today)
        return own.division_id if own is not None and own.kind == AUTHORITY else None

    def _above(self, division_id: int, on: date) -> set[int]:
        """The division, what it went into, and all above."""
        found, ahead = {division_id}, [division_id]
        while ahead:
            division = self._directory.division_by_id(ahead.pop(), on)
            if division is None:
                continue
            above = {one for one in (division.parent_id, division.successor_id) if one is not None} - found
            found |= above
            ahead.extend(above)
        return found
