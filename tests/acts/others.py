"""What is done about clients, records kept aside, the vault, notices, alarms and the registry."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import haochaping.simulation as simulation
from haochaping.accounts.operations import clients, dialects, keys
from haochaping.accounts.queries.clients import client_of_platform
from haochaping.cases.models import QuarantinedOccasion
from haochaping.cases.operations import quarantine
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import read_ring
from haochaping.foundation.masters import HeldMaster
from haochaping.identity import operations as identity
from haochaping.notices.operations.preferences import Wanted, set_preference
from haochaping.notices.operations.reading import mark_read
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.alarms import acknowledge
from haochaping.oversight.operations.selftest import conclude
from haochaping.oversight.watching import Outcome, Step, cells
from haochaping.registry import models
from haochaping.registry import operations as registry
from tests.acts import World, act
from tests.notices import EMAIL, put_notice
from tests.orders import PHONE, put_person

PLATFORM, CODE = "its platform", "11532216MB3585447A"
KUNMING = Path(simulation.__path__[0]) / "cities" / "kunming"
NOTE, PURPOSE = "请核对事项名称。", "核实情况"


def client(world: World) -> keys.IssuedKey:
    return clients.create_client(
        organisation=CODE, rights=["report"], actor="test", now=world.now, platform=PLATFORM
    )


@act("accounts.operations.clients.create_client")
def _(world: World) -> Callable[[], object]:
    return lambda: client(world)


@act("accounts.operations.clients.change_client")
def _(world: World) -> Callable[[], object]:
    key, terms = client(world).key, clients.Terms(rights=["report", "rate"])
    return lambda: clients.change_client(client=key, terms=terms, now=world.now, actor="test")


@act("accounts.operations.clients.end_client")
def _(world: World) -> Callable[[], object]:
    key = client(world).key
    return lambda: clients.end_client(client=key, now=world.now, actor="test")


@act("accounts.operations.dialects.set_dialect")
def _(world: World) -> Callable[[], object]:
    key = client(world).key
    return lambda: dialects.set_dialect(client=key, text="[fields]\n", now=world.now, actor="test")


@act("accounts.operations.keys.add_key")
def _(world: World) -> Callable[[], object]:
    key = client(world).key
    return lambda: keys.add_key(client=key, now=world.now, actor="test")


@act("accounts.operations.keys.end_key")
def _(world: World) -> Callable[[], object]:
    key = client(world).key
    return lambda: keys.end_key(key=key, now=world.now, actor="test")


def aside(world: World) -> list[UUID]:
    """A record of a client of the police that was kept aside."""
    client(world)
    sender = client_of_platform(PLATFORM)
    assert sender is not None
    row = QuarantinedOccasion.objects.create(
        id=new_id(world.now),
        platform=PLATFORM,
        project_no="1",
        service_number=1,
        digest=b"1",
        reasons=[],
        received_at=world.now,
        client_id=sender.id,
    )
    return [row.pk]


@act("cases.operations.quarantine.ask_sender")
def _(world: World) -> Callable[[], object]:
    records, who = aside(world), world.officer
    return lambda: quarantine.ask_sender(records=records, official_id=who, note=NOTE, now=world.now)


@act("cases.operations.quarantine.refuse")
def _(world: World) -> Callable[[], object]:
    records, who = aside(world), world.officer
    return lambda: quarantine.refuse(records=records, official_id=who, note=NOTE, now=world.now)


@act("cases.operations.quarantine.wish_release")
def _(world: World) -> Callable[[], object]:
    records, who = aside(world), world.officer
    return lambda: quarantine.wish_release(records=records, official_id=who, note=NOTE, now=world.now)


def person(world: World) -> UUID:
    row = new_id(world.now)
    put_person(row, world.now, name="李小明", phone=PHONE)
    return row


@act("identity.operations.people.reveal")
def _(world: World) -> Callable[[], object]:
    row = person(world)
    return lambda: identity.reveal(record_id=row, actor="test", purpose=PURPOSE, now=world.now)


@act("identity.operations.people.find_people")
def _(world: World) -> Callable[[], object]:
    person(world)
    return lambda: identity.find_people(
        kind="phone", value=PHONE, actor="test", purpose=PURPOSE, now=world.now
    )


@act("identity.operations.masters.rewrap_keys")
def _(world: World) -> Callable[[], object]:
    person(world)
    ring = read_ring().succeeded_by(HeldMaster(b"n" * 32))
    return lambda: identity.rewrap_keys(ring=ring, actor="test", now=world.now)


@act("identity.operations.rekeying.begin_rekeying")
def _(world: World) -> Callable[[], object]:
    person(world)
    return lambda: identity.begin_rekeying(actor="test", now=world.now)


@act("identity.operations.rekeying.rekey_batch")
def _(world: World) -> Callable[[], object]:
    person(world)
    identity.begin_rekeying(actor="test", now=world.now)
    return lambda: identity.rekey_batch(after=None, size=10, actor="test", now=world.now)


@act("identity.operations.rekeying.destroy_old_keys")
def _(world: World) -> Callable[[], object]:
    person(world)
    identity.begin_rekeying(actor="test", now=world.now)
    identity.rekey_batch(after=None, size=100, actor="test", now=world.now)
    return lambda: identity.destroy_old_keys(actor="test", now=world.now)


@act("notices.operations.preferences.set_preference")
def _(world: World) -> Callable[[], object]:
    who = world.handler
    return lambda: set_preference(official_id=who, wanted=Wanted(email=EMAIL), now=world.now)


@act("notices.operations.reading.mark_read")
def _(world: World) -> Callable[[], object]:
    who = world.handler
    put_notice(who, world.now, channel="console")
    return lambda: mark_read(official_id=who, now=world.now)


def tested(world: World) -> UUID:
    """A self-test in which one way failed."""
    outcomes = [
        Outcome(cell, Step.RATE, "HTTP 500") if cell.level == 1 else Outcome(cell) for cell in cells()
    ]
    return conclude(
        outcomes=outcomes, address="http://door", started_at=world.now, now=world.now, actor="test", tell=True
    )


@act("oversight.operations.selftest.conclude")
def _(world: World) -> Callable[[], object]:
    return lambda: tested(world)


@act("oversight.operations.alarms.acknowledge")
def _(world: World) -> Callable[[], object]:
    tested(world)
    alarms, who = list(Alarm.objects.values_list("id", flat=True)), world.officer
    return lambda: acknowledge(alarms=alarms, official_id=who, note="已安排处理。", now=world.now)


@act("registry.operations.import_registry")
def _(world: World) -> Callable[[], object]:
    for model in (models.ItemRecord, models.Item, models.OrganisationRecord, models.Organisation):
        model.objects.all().delete()
    for model in (models.DivisionRecord, models.Division):
        model.objects.all().delete()
    return lambda: registry.import_registry(directory=KUNMING, now=world.now, actor="test")


@act("registry.operations.lay_trial_ground")
def _(world: World) -> Callable[[], object]:
    return lambda: registry.lay_trial_ground(now=world.now, actor="test")
