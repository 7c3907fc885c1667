"""What our processes may write down: of a request method, route and status; of an error where it happened.

Never a path (tokens), a host, or the message of an error: databases quote rows in them. HAOCHAPING_LOG says in which form:
"plain" lines for people, or "json", one object a line, for machines.
"""

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from haochaping.foundation.requests import current
from haochaping.intake.whereabouts import whereabouts

PLAIN: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_SETTING: Final = "HAOCHAPING_LOG"


class Discreet(logging.Formatter):
    """Django's own records carry their request, and an error as exc_info: both are put in our words."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "(no route)"
            status = getattr(record, "status_code", "")
            record.message = f"{getattr(request, 'method', '')} {route} {status}".rstrip()
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[1] is None:
            return super().format(record)
        # On a copy: other handlers have their own idea of it, and logging caches the traceback in the record.
        told = logging.makeLogRecord(record.__dict__)
        told.exc_info = told.exc_text = None
        return f"{super().format(told)}: {whereabouts(record.exc_info[1])}"


class JsonLines(Discreet):
    """at (UTC), level, logger, message, process, and the id of the request where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(record),
            "process": record.process,
        }
        if request := getattr(record, "request_id", "") or current.get():
            told["request"] = request
        return json.dumps(told, ensure_ascii=False)


def form(environment: Mapping[str, str] = os.environ) -> Discreet:
    """The formatter that HAOCHAPING_LOG names. Raises ValueError for an unknown one."""
    match environment.get(_SETTING) or "plain":
        case "plain":
            return Discreet(PLAIN)
        case "json":
            return JsonLines("%(message)s")
        case other:
            raise ValueError(f"{_SETTING} is {other!r}; it may be plain or json")


def set_up(environment: Mapping[str, str] = os.environ) -> None:
    """All that this process says goes to standard error in that form, what the server beneath says as well. Where somebody
    has set up logging before, as tests do, it stays as it is. Raises ValueError."""
    handler = logging.StreamHandler()
    handler.setFormatter(form(environment))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    server = logging.getLogger("uvicorn")
    server.handlers.clear()
    server.propagate = True
