"""One fresh occasion, to be tried at once."""

import secrets
from datetime import datetime, timedelta
from random import Random

from haochaping.cases.token import mint
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.keys import key_for
from haochaping.intake import bulk
from haochaping.intake.occasions import QR_CHANNEL, judge_and_store
from haochaping.intake.services import Services
from haochaping.intake.signature import Client
from haochaping.simulation.served import ndjson, places, record

_AGO = timedelta(minutes=15)


async def fresh_occasion(*, organisation: str, now: datetime, services: Services, client: Client) -> str:
    """Reports a service of the organisation (credit code) a quarter of an hour ago; its rating address.

    Raises NotFound when nobody serves there today, or when the intake did not accept it.
    """
    served_at = now - _AGO
    found = [
        each
        for each in places(services.directory.current(), local_day(served_at))
        if each.organisation.code == organisation
    ]
    if not found:
        raise NotFound("place", f"The registry has no window of {organisation} today.")
    made = record(Random(0), found[0], f"DEMO{secrets.token_hex(8).upper()}", served_at)  # noqa: S311 - invented people
    (judged,) = await judge_and_store(client, bulk.read(ndjson([made]), "application/x-ndjson"), services)
    if judged.rateable is None:
        raise NotFound(
            "rateable", "The fresh occasion was not accepted: " + "; ".join(p.message for p in judged.reasons)
        )
    return f"{services.base_url}/r/{mint(judged.rateable, QR_CHANNEL, key_for('rating token'))}"
