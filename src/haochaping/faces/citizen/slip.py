"""The slip for the citizen to take along, printed by the browser of the counter: what was served, and the code."""

from markupsafe import Markup

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices, qr
from haochaping.faces.citizen.language import manner_of
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.served import Away, served
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services


async def show(request: Request, services: Services) -> Response:
    """GET /r/{token}/slip: a page of 80 mm; 404 and 410 as for the form. It says nothing that the form does not say."""
    manner, text = manner_of(request), request.parameters["token"]
    try:
        token = tokens.read(text, key_for("rating token"))
        subject = await served(services, token, request.received_at)
        words = subject.words(manner) if subject else {}
    except tokens.ForgedToken:
        return notices.unknown(manner)
    except Away:
        return notices.away(manner)
    if subject is None:
        return notices.unknown(manner)
    if not subject.is_open:
        return notices.gone(manner)
    code = Markup(qr.inline(f"{services.base_url}/r/{text}"))  # noqa: S704  (drawn here, of an address of ours)
    return page(200, "slip.html", manner, served=words, code=code)
