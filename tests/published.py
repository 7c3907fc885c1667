"""A city with something on every public page: figures of the day, channels, a released answer, publications with windows and
staff by name, small groups withheld, one that corrects another; pictures and a bulletin."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import local_day
from haochaping.foundation.form_templates import Kind
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.operations import freeze_departments
from haochaping.publication.operations.bulletins import make_bulletin
from haochaping.publication.operations.charts import draw_day, draw_publication
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.registry import models as registry
from haochaping.scoring.models import Run
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.scoring.operations.signing import sign
from haochaping.tallies.declared import FROM_ROWS
from haochaping.tallies.models import Change, Filled
from tests.integration.oversight.test_alarms import concluded
from tests.integration.publication.test_breakdown import put_parts
from tests.integration.publication.test_released_answers import released
from tests.orders import City, make_city, make_official, open_order
from tests.released import answered

DAY = date(2026, 8, 4)
# Name, ratings of level 5, of level 1; the last two too few to be shown.
DEPARTMENTS = (
    ("昆明市人力资源和社会保障局", 700, 21),
    ("昆明市市场监督管理局", 480, 2),
    ("昆明市住房和城乡建设局不动产登记中心", 121, 5),
    ("昆明市交通运输局", 9, 1),
    ("昆明市林业和草原局", 12, 0),
)


@dataclass(frozen=True)
class Published:
    """Numbers of publications: one that was corrected, the one that corrects it, and one whose bulletin is not made."""

    corrected: str
    correction: str
    waiting: str


def publish(now: datetime, rulebook: Rulebook) -> Published:
    """All of it, as of `now`."""
    for tally in FROM_ROWS:
        Filled.objects.get_or_create(pk=tally.table, defaults={"filled_at": now})
    city = make_city()
    _count(city)
    put_parts(city, now)
    freeze_departments(now=now)
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    released(answered(open_order(city, now)), officer, now)
    concluded(now, 1)
    corrected = _published(city, "quarter", officer, rulebook, now)
    Change.objects.create(organisation_id=city.police, day=DAY, occasions=-9, n1=-9)
    correction = _published(city, "quarter", officer, rulebook, now)
    waiting = _published(city, "month", officer, rulebook, now)
    draw_publication(number=correction, now=now)
    draw_day(day=local_day(now), now=now)
    make_bulletin(number=correction, kind=Kind.PDF, now=now)
    return Published(corrected, correction, waiting)


def _count(city: City) -> None:
    place = registry.Division.objects.get(code="530100")
    for number, (name, good, bad) in enumerate(DEPARTMENTS):
        made = registry.Organisation.objects.create(credit_code=f"{number + 5:018}")
        registry.OrganisationRecord.objects.create(
            organisation=made, name=name, division=place, kind="department"
        )
        _add(made.id, occasions=good + bad + 40, n5=good, n1=bad)
    _add(city.police, occasions=1_234, late=3, n5=900, n1=61, d3=40)
    _add(city.authority, occasions=30, n5=30)
    _add(city.county, occasions=5, n5=4, n1=1)
    hall = registry.Hall.objects.create(code="H1")
    registry.HallRecord.objects.create(hall=hall, name="市民中心", division_id=city.division)
    for number, times in ((1, 60), (2, 25), (3, 4)):
        window = registry.Window.objects.create(code=f"W{number}")
        registry.WindowRecord.objects.create(
            window=window, name=f"{number}号综合窗口", hall=hall, organisation_id=city.police
        )
        _add(city.police, window_id=window.id, n5=times)
    for name, times in (("王芳", 60), ("欧阳建国", 60), ("刘洋", 2)):
        person = registry.Staff.objects.create(code=name)
        registry.StaffRecord.objects.create(staff=person, name=name, organisation_id=city.police)
        _add(city.police, staff_id=person.id, occasions=times, times=times)
        _add(city.police, staff_id=person.id, staff_level=5, times=times)


def _add(organisation: int, **columns: int) -> None:
    Change.objects.create(organisation_id=organisation, day=DAY, **columns)


def _published(city: City, kind: str, officer: UUID, rulebook: Rulebook, now: datetime) -> str:
    made = run_scores(RunRequest(city.division, kind, DAY, "test"), rulebook=rulebook, now=now)
    run = Run.objects.get(number=made.number)
    for name in ("one", "two"):
        who = make_official(city.authority, now, f"{name}.{run.number.lower()}", Role.AUTHORITY_LEADER)
        sign(number=run.number, official_id=who, digest=run.digest, now=now)
    return publish_ranking(run=run.number, official_id=officer, now=now)
