"""Two departments of a city, its authority and the one above it, with those who hold posts there; under rules by which
nearly everything can happen to an order."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from haochaping.accounts.rules import Role

RULES: Final = Path(__file__).with_name("rules")
_RULES_DIR: Final = "HAOCHAPING_RULES_DIR"
_PROVINCE, _CITY = "990000", "999900"
_ITEM: Final = "11532216MB3585447A075301000000001"


@dataclass(frozen=True, slots=True)
class Town:
    """Registry ids; `codes`: credit code → id of the two departments, `officials`: who they are, by what they do."""

    division: int
    department: int
    other: int
    authority: int
    above: int
    item: int
    codes: Mapping[str, int]
    officials: Mapping[str, UUID]

    @property
    def posts(self) -> frozenset[int]:
        """The organisations in which somebody holds a post."""
        return frozenset({self.department, self.other, self.authority, self.above})


@contextmanager
def ruled() -> Iterator[None]:
    """The teaching regulation with what the drill adds to it, in force in this process and those forked from it."""
    from haochaping.policy.keeping import keeper, one_edition

    before = os.environ.get(_RULES_DIR)
    os.environ[_RULES_DIR] = str(RULES)
    try:
        with one_edition(every=0) as edition:
            if edition.mistakes:
                raise ValueError(f"the rules of the drill cannot be used: {edition.mistakes}")
            yield
    finally:
        if before is None:
            del os.environ[_RULES_DIR]
        else:
            os.environ[_RULES_DIR] = before
        keeper().look()


def build(now: datetime) -> Town:
    """The registry, and the people: two handlers of the rated department and one of another, two officers of the authority,
    one of the authority above."""
    from haochaping.registry.models import Division, DivisionRecord, Item, ItemRecord

    province, city = (Division.objects.create(code=code) for code in (_PROVINCE, _CITY))
    DivisionRecord.objects.create(division=province, name="演练省", parent=None, level="province")
    DivisionRecord.objects.create(division=city, name="明州市", parent=province, level="prefecture")
    codes = {
        "11532216MB3585447A": ("明州市公安局", city.id, "department"),
        "11539436MB36597916": ("明州市人力资源和社会保障局", city.id, "department"),
        "11535863MB36169043": ("明州市政务服务管理局", city.id, "authority"),
        "11530000MB1234567X": ("演练省政务服务管理局", province.id, "authority"),
    }
    ids = {code: _organisation(code, *told) for code, told in codes.items()}
    department, other, authority, above = ids.values()
    item = Item.objects.create(handle_item=_ITEM)
    ItemRecord.objects.create(
        item=item,
        task_code=_ITEM[:31],
        name="户口迁移",
        task_type="07",
        organisation_id=department,
        project_type="1",
    )
    handles, officer = Role.ORGANISATION_HANDLER, Role.AUTHORITY_OFFICER
    officials = {
        "handler": _official("handler", department, handles, now),
        "colleague": _official("colleague", department, handles, now),
        "neighbour": _official("neighbour", other, handles, now),
        "officer": _official("officer", authority, officer, now),
        "second": _official("second", authority, officer, now),
        "superior": _official("superior", above, officer, now),
    }
    departments = {code: number for code, number in ids.items() if number in (department, other)}
    return Town(city.id, department, other, authority, above, item.id, departments, officials)


def _organisation(code: str, name: str, division: int, kind: str) -> int:
    from haochaping.registry.models import Organisation, OrganisationRecord

    one = Organisation.objects.create(credit_code=code)
    OrganisationRecord.objects.create(organisation=one, name=name, division_id=division, kind=kind)
    return one.id


def _official(username: str, organisation: int, role: Role, now: datetime) -> UUID:
    from haochaping.accounts.operations.officials import NewPost, create_official

    posts = [NewPost(organisation, role)]
    return create_official(username=username, name="赵敏", posts=posts, now=now, actor="drill")
