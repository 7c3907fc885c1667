"""The registry and the people that a scenario needs: divisions with their authorities, the unit that is rated, its hall."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from haochaping.accounts.rules import Role
from haochaping.policy.occasions import Occasion, tier_of
from haochaping.registry import models as registry
from tests.orders import make_official

LEVELS = {"province": "province", "city": "prefecture", "county": "county"}


@dataclass
class Place:
    """Registry ids by division code, or by what tells units apart."""

    begun: datetime
    divisions: dict[str, int] = field(default_factory=dict)
    authorities: dict[str, int] = field(default_factory=dict)
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    halls: dict[tuple[str, str], int] = field(default_factory=dict)
    officials: dict[tuple[int, int], UUID] = field(default_factory=dict)
    item: int = 0

    def division(self, code: str) -> int:
        """With all that are above it, each with its authority."""
        if code not in self.divisions:
            above = next((each for each in (code[:4] + "00", code[:2] + "0000") if each < code), None)
            parent = self.division(above) if above else None
            made = registry.Division.objects.create(code=code)
            level = LEVELS[tier_of(code)]
            registry.DivisionRecord.objects.create(division=made, name=code, parent_id=parent, level=level)
            self.divisions[code] = made.id
            self.authorities[code] = self._organisation(f"{code}政务服务管理局", code, "authority", "")
        return self.divisions[code]

    def unit(self, of: Occasion) -> int:
        """Who is rated."""
        self.division(of.division)
        key = (of.division, of.department)
        if key not in self.units:
            self.units[key] = self._organisation("被评价单位", of.division, "department", of.department)
        return self.units[key]

    def other(self, of: Occasion, name: str) -> int:
        """A further unit of the same place and department."""
        return self._organisation(name, of.division, "department", of.department)

    def _organisation(self, name: str, division: str, kind: str, department: str) -> int:
        number = registry.Organisation.objects.count()
        one = registry.Organisation.objects.create(credit_code=f"11{division}{number:010}")
        registry.OrganisationRecord.objects.create(
            organisation=one,
            name=name,
            division_id=self.divisions[division],
            kind=kind,
            department=department,
        )
        return one.id

    def hall(self, of: Occasion) -> int | None:
        """Where it was, if that is a hall."""
        if not of.place or of.place == "online":
            return None
        key = (of.division, of.place)
        if key not in self.halls:
            hall = registry.Hall.objects.create(code=f"H{len(self.halls)}")
            registry.HallRecord.objects.create(
                hall=hall, name="大厅", division_id=self.division(of.division), kind=of.place
            )
            self.halls[key] = hall.id
        return self.halls[key]

    def thing(self) -> int:
        """An item of which the registry says nothing more."""
        if not self.item:
            self.item = registry.Item.objects.create(handle_item="11532216MB3585447A075301000000001").id
        return self.item

    def official(self, organisation: int, number: int = 0) -> UUID:
        """Somebody with a post there; `number` tells colleagues apart."""
        key = (organisation, number)
        if key not in self.officials:
            role = (
                Role.AUTHORITY_OFFICER
                if organisation in self.authorities.values()
                else Role.ORGANISATION_HANDLER
            )
            self.officials[key] = make_official(organisation, self.begun, f"o{organisation}.{number}", role)
        return self.officials[key]
