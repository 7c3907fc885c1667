"""Reports of pressure: planted by link, by receipt and by place, worked on by the authority that receives them, and tried by
everybody else. What was reported, and by whom, may show on the authority's pages of that very report and nowhere else."""

import re
import secrets
from collections.abc import Iterator, Mapping
from uuid import UUID

from drills.canary.calling import Caller
from drills.canary.people import Person, found_in
from drills.canary.planting import Planted
from drills.canary.town import Town
from haochaping.cli.figures import CouldNotRun

PLACE = "/pressure/530100"
# So many come by each way; an address may send ten an hour.
EACH = 2
PAGE = "/console/pressure/"
_CODES = re.compile(r'class="code">([^<]+)<')


def press(town: Town, planted: Planted, crowd: Iterator[Person]) -> None:
    """Everybody reports who he is, first without having agreed to be called, which is refused. Raises CouldNotRun for a
    report that was not taken."""
    before = _known()
    pressed = []
    for path, with_it in _ways(planted):
        person = next(crowd)
        planted.spoken |= person.canaries
        said = {**with_it, **_said(person)}
        citizen = Caller("citizen", town.stage.port, town.answers)
        citizen.form(path, {**said, "consent": ""}, own=person.sentence)
        answer = citizen.form(path, said)
        if answer.status != 201:
            raise CouldNotRun(f"{path}: a report of pressure was answered {answer.status}")
        number, secret = _CODES.findall(answer.text)
        citizen.form("/pressure/receipt", {"number": number, "secret": secret, "userName": person.name})
        pressed.append(person)
    new = [each for each in _known() if each not in before]
    planted.pressed = dict(zip(new, pressed, strict=True))


def press_in_vain(town: Town, planted: Planted, crowd: Iterator[Person]) -> None:
    """The database refuses the report, and its error quotes it."""
    person = next(crowd)
    planted.spoken |= person.canaries
    town.anybody.form(PLACE, _said(person), own=person.sentence)


def work_on(town: Town, planted: Planted) -> None:
    """The authority takes each, looks up whom to call, writes names into its notes and answers; others try the same."""
    for report, person in planted.pressed.items():
        path = f"{PAGE}{report}/"
        acts = (
            ("take", {}),
            ("note", {"text": f"已向{person.name}了解情况，{person.phone}。"}),
            ("note", {"text": f"已向{person.name}了解情况。"}),
            ("verify", {"text": f"已向{person.name}了解情况，调取了当日录像。"}),
            ("decide", {"text": f"{person.name}反映的情况属实。", "verdict": "founded"}),
        )
        for caller in (town.handler, town.other, town.anybody, town.officer):
            own = person.sentence if caller is town.officer else ""
            caller.call("GET", path, own=own)
            caller.form(f"{path}contact/", {"purpose": "核实情况"}, page="/console/rules/", own=own)
            for revision, (act, said) in enumerate(acts):
                fields = {"act": act, "revision": str(max(0, revision - (revision > 1))), **said}
                caller.form(f"{path}act/", fields, page="/console/rules/", own=person.sentence)
            caller.call("GET", path, own=own)
            for listed in (PAGE, f"{PAGE}?show=closed"):
                caller.call("GET", listed)


def read_by_the_authority(town: Town, planted: Planted) -> int:
    """Of how many reports it saw all three: who does not see them where they may be seen has looked in vain elsewhere."""
    seen = {
        report: set[str]().union(
            *(
                found_in(answer.text)
                for answer in town.answers.kept
                if answer.who == town.officer.who and report in answer.path
            )
        )
        for report in planted.pressed
    }
    return sum(found_in(person.sentence) <= seen[report] for report, person in planted.pressed.items())


def _ways(planted: Planted) -> Iterator[tuple[str, Mapping[str, str]]]:
    for _, token in planted.rateable[:EACH]:
        yield f"/r/{token}/pressure", {}
    for _, number, secret in planted.receipts[:EACH]:
        yield "/receipt/pressure", {"number": number, "secret": secret}
    for _ in range(EACH):
        yield PLACE, {}


def _said(person: Person) -> dict[str, str]:
    return {
        "submission": secrets.token_hex(16),
        "matters": "retaliation",
        "text": person.sentence,
        "name": person.name,
        "phone": person.phone,
        "consent": "1",
    }


def _known() -> list[str]:
    """The reports there are, in the order in which they came."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM oversight_pressurereport ORDER BY received_at")
        found: list[UUID] = [row[0] for row in cursor.fetchall()]
    return [str(each) for each in found]
