"""The demo city: Kunming's registry with invented people, a simulated past, and something fresh to try."""

import asyncio
from collections.abc import Callable, MutableMapping

from haochaping.accounts.sign_in_rules import NOBODY
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import now as present
from haochaping.simulation.marks import BEGUN, FOLDER, LOADED

# Its registry.
CITY = FOLDER
RATINGS = 20_000
SEED = 1
ROLES = "HAOCHAPING_SECOND_FACTOR_ROLES"
NO_SECOND_FACTOR = (
    "In the demo a password alone is enough to sign in; each account's page can set up an authenticator. "
    f"Everywhere else authorities and administrators need one ({ROLES})."
)
OFFICIAL = "demo"
ACTOR = "demo"
# The city's authority, and the organisation whose orders the demo official handles.
AUTHORITY = "11535863MB36169043"
ORGANISATION = "11532216MB3585447A"


def needed() -> bool:
    """Whether nothing has been imported yet, or a demo was begun and cut off."""
    from haochaping.audit.queries import recorded

    # Not the registry's edition: a self-test before the first import makes one as well.
    return not recorded(LOADED) and (not recorded("registry.import") or recorded(BEGUN))


def loaded() -> bool:
    """Whether the demo city is in, its people and its officials invented."""
    from haochaping.audit.queries import recorded

    return recorded(LOADED)


def without_second_factor(environment: MutableMapping[str, str]) -> bool:
    """Lets the demo's officials in by their password alone, unless the environment says for whom it is not enough.

    Who tries the demo may have no authenticator at hand; one may be set up on the page of one's account. Whether it was so.
    """
    if environment.get(ROLES):
        return False
    environment[ROLES] = NOBODY
    return True


def load(*, say: Callable[[str], None]) -> None:
    """Registry, one official without a password, and a simulated past.

    Cut off, the next one goes on with the same past.
    """
    from haochaping.cli.simulate import simulate_city
    from haochaping.registry.operations import import_registry
    from haochaping.simulation.runs import Asked

    _mark(BEGUN)
    import_registry(directory=CITY, now=present(), actor=ACTOR)
    _official()
    report = simulate_city(Asked(RATINGS, SEED), now=present())
    _mark(LOADED)
    say(
        f"The demo city has {report.occasions} occasions and {report.ratings} ratings, {report.bad} of them bad."
    )


def _mark(act: str) -> None:
    from django.db import transaction

    from haochaping.audit.operations import record

    with transaction.atomic():
        record(now=present(), actor=ACTOR, act=act)


def _official() -> None:
    from haochaping.accounts.operations.officials import NewPost, create_official
    from haochaping.accounts.queries.officials import official_id_by_username
    from haochaping.accounts.rules import Role
    from haochaping.registry.queries import organisation_id_by_credit_code

    posts = [
        NewPost(number, role)
        for code, role in ((AUTHORITY, Role.AUTHORITY_OFFICER), (ORGANISATION, Role.ORGANISATION_HANDLER))
        if (number := organisation_id_by_credit_code(code)) is not None
    ]
    if official_id_by_username(OFFICIAL) is None:
        create_official(username=OFFICIAL, name="演示人员", posts=posts, now=present(), actor=ACTOR)


def addresses(base_url: str) -> list[tuple[str, str]]:
    """Label and address of what a newcomer tries first."""
    from haochaping.accounts.operations.officials import issue_login_link
    from haochaping.accounts.queries.officials import awaits_password, official_id_by_username

    found = []
    if (official_id := official_id_by_username(OFFICIAL)) is not None:
        found.append(("评价链接 Rating link", _rating_link()))
        if awaits_password(official_id):
            token = issue_login_link(official_id=official_id, now=present(), actor=ACTOR)
            found.append(("工作台 Console (one-time link)", f"{base_url}/console/first-login/{token}/"))
        else:
            found.append((f"工作台 Console (user {OFFICIAL})", f"{base_url}/console/"))
    else:
        found.append(("工作台 Console", f"{base_url}/console/"))
    return [*found, ("公开页 Portal", f"{base_url}/")]


def _rating_link() -> str:
    """A service of the demo official's organisation a quarter of an hour ago, reported now: it can be rated."""
    from haochaping.simulation.fresh import fresh_occasion
    from haochaping.simulation.sender import sender

    now = present()
    client = sender(now=now)
    with asyncio.Runner() as runner, intake_services(runner) as services:
        return runner.run(
            fresh_occasion(organisation=ORGANISATION, now=now, services=services, client=client)
        )
