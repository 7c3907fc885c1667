"""A small city with officials and bad ratings, for the tests of work orders and of the console."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.rules import Role
from haochaping.cases.models import Case, ServiceOccasion
from haochaping.foundation.ids import new_id
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.vault import ALL_YEARS, DATA, INDEX, Vault, key_year
from haochaping.ratings.models import LaterWord, Rating
from haochaping.ratings.wording import sealed_word
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.operations import act as do
from haochaping.rectification.operations import open_orders
from haochaping.rectification.rules import Said
from haochaping.rectification.states import TRANSITIONS, Act
from haochaping.registry import models as registry

SERVICE_DAY = date(2026, 11, 19)  # a Thursday; its week began on 16 November
NAME, PHONE, PROJECT_NO = "李小明", "13888012345", "530100202611190001"
WORDS = {
    Act.VERIFY: {"text": "已向窗口了解，情况属实。", "finding": "true"},
    Act.RECTIFY: {"text": "已增设一个窗口。"},
    Act.ANSWER: {"text": "您反映的等候时间过长属实，我们已增设一个窗口。"},
}


@dataclass(frozen=True)
class City:
    """Registry ids. `county` is a department of a county below the city."""

    division: int
    authority: int
    police: int
    county: int
    item: int


KUNMING = ("530000", "530100", "530102")
MINGZHOU = ("990000", "999900", "999901")  # whose rules lay down nearly all that rules can


def make_city(codes: tuple[str, str, str] = KUNMING) -> City:
    """Kunming with a county, an authority, two departments and one item, valid at all times; or, under the same names,
    another city with these codes."""
    province, city, county = (registry.Division.objects.create(code=code) for code in codes)
    for division, name, parent, level in (
        (province, "云南省", None, "province"),
        (city, "昆明市", province, "prefecture"),
        (county, "五华区", city, "county"),
    ):
        registry.DivisionRecord.objects.create(division=division, name=name, parent=parent, level=level)
    authority = _organisation("11535863MB36169043", "昆明市政务服务管理局", city, "authority")
    police = _organisation("11532216MB3585447A", "昆明市公安局", city, "department")
    office = _organisation("11539436MB36597916", "五华区人力资源和社会保障局", county, "department")
    item = registry.Item.objects.create(handle_item="11532216MB3585447A075301000000001")
    registry.ItemRecord.objects.create(
        item=item,
        task_code=item.handle_item[:31],
        name="户口迁移",
        task_type="07",
        organisation=police,
        project_type="1",
    )
    return City(city.id, authority.id, police.id, office.id, item.id)


def _organisation(code: str, name: str, division: registry.Division, kind: str) -> registry.Organisation:
    organisation = registry.Organisation.objects.create(credit_code=code)
    registry.OrganisationRecord.objects.create(
        organisation=organisation, name=name, division=division, kind=kind
    )
    return organisation


def make_superior(city: City) -> int:
    """The authority of the province above the city; its registry id."""
    above = registry.DivisionRecord.objects.get(division_id=city.division).parent
    assert above is not None
    return _organisation("11530000MB1234567X", "省政务服务管理局", above, "authority").id


def make_official(
    organisation: int, now: datetime, username: str, role: Role = Role.ORGANISATION_HANDLER
) -> uuid.UUID:
    """An official with one post; the id."""
    posts = [NewPost(organisation, role)]
    return create_official(username=username, name="赵敏", posts=posts, now=now, actor="test")


def rate_badly(
    city: City,
    now: datetime,
    *,
    organisation: int | None = None,
    text: str = "排队两小时，请回电13888012345",
    named: bool = False,
    service_day: date = SERVICE_DAY,
    origin: str = "citizen",
) -> uuid.UUID:
    """A bad rating with its row in the inbox, as the statement of the writer leaves them; the rating's id."""
    rating = Rating.objects.create(
        id=new_id(now),
        occasion_id=_occasion(city, now, service_day),
        level=1,
        tags=[111],
        text=text,
        channel=3,
        origin=origin,
        named=named,
        norm_version=2,
        received_at=now,
        submission=uuid.uuid4().bytes,
        service_day=service_day,
        division_id=city.division,
        organisation_id=organisation or city.police,
        item_id=city.item,
        profile="kunming",
    )
    BadRating.objects.create(rating_id=rating.id, received_at=now)
    return rating.id


def _occasion(city: City, now: datetime, service_day: date) -> uuid.UUID:
    """An occasion whose applicant lies in the vault."""
    case, _ = Case.objects.get_or_create(
        platform="test",
        project_no=PROJECT_NO,
        defaults={"id": new_id(now), "status": 3, "accepted_at": now},
    )
    occasion = ServiceOccasion.objects.create(
        id=new_id(now),
        case=case,
        service_number=1,
        service_name="受理",
        service_at=now,
        service_day=service_day,
        division_id=city.division,
        organisation_id=city.police,
        item_id=city.item,
        late=False,
        profile="kunming",
        version_id=new_id(now),
    )
    put_person(occasion.version_id, now, name=NAME, phone=PHONE)
    return occasion.id


def put_person(row: uuid.UUID, now: datetime, **people: str) -> None:
    """A record in the vault, with blind indexes, as the intake leaves it; makes the keys of the year."""
    vault = Vault()
    data, index = (_key(vault, kind, year, now) for kind, year in ((DATA, key_year(now)), (INDEX, ALL_YEARS)))
    values = {**people, "record": "{}"}
    sealed = {c: vault.seal(v, row=row, column=c, key_id=data) for c, v in values.items()}
    indexes = {f"{kind}_index": vault.blind(kind, value, key_id=index) for kind, value in people.items()}
    VaultRecord.objects.create(id=row, key_id=data, index_key_id=index, **sealed, **indexes)


def _key(vault: Vault, kind: str, year: int, now: datetime) -> int:
    key = DataKey.objects.filter(kind=kind, year=year).order_by("generation").last()
    if key is None:
        key_id = DataKey.objects.count() + 1
        wrapped, by = vault.wrap_new(key_id)
        key = DataKey.objects.create(
            id=key_id, kind=kind, year=year, wrapped=wrapped, wrapped_by=by, generation=1, created_at=now
        )
    vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
    return key.id


def say(
    rating: uuid.UUID,
    now: datetime,
    kind: str,
    *,
    level: int | None = None,
    text: str = "",
    counts: bool = True,
) -> None:
    """A later word with its row in the inbox, as the door leaves them."""
    word = new_id(now)
    LaterWord.objects.create(
        id=word,
        rating_id=rating,
        ordinal=LaterWord.objects.filter(rating_id=rating).count() + 1,
        kind=kind,
        level=level,
        bad=level is not None and level <= 2,
        counts=counts and level is not None,
        tags=[207],
        text=sealed_word(text, word),
        norm_version=2,
        received_at=now,
        submission=uuid.uuid4().bytes,
        profile="kunming",
    )
    BadRating.objects.get_or_create(rating_id=rating, defaults={"received_at": now})


def open_order(city: City, now: datetime, **rating: object) -> WorkOrder:
    """An order out of a fresh bad rating."""
    subject = rate_badly(city, now, **rating)  # type: ignore[arg-type]
    assert open_orders(now=now, limit=100) == 1
    return WorkOrder.objects.get(subject_id=subject)


def do_act(
    order: WorkOrder, act: Act, official: uuid.UUID, now: datetime, text: str = "", **said: str
) -> WorkOrder:
    """The order after one act, with what is said beside its text (`rules.Said`)."""
    order.refresh_from_db()
    do(
        order_id=order.id,
        act=act,
        official_id=official,
        revision=order.revision,
        now=now,
        text=text,
        said=Said(**said),
    )
    order.refresh_from_db()
    return order


def lead_to(order: WorkOrder, last: Act, official: uuid.UUID, now: datetime) -> WorkOrder:
    """The order after all acts up to and with `last`."""
    for act in TRANSITIONS:
        order.refresh_from_db()
        do(
            order_id=order.id,
            act=act,
            official_id=official,
            revision=order.revision,
            now=now,
            **WORDS.get(act, {}),
        )
        if act is last:
            break
    order.refresh_from_db()
    return order
