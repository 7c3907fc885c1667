"""What Django's process may write down: of a request method, route and status; of an error where it happened.

Never a path (tokens), a host, or the message of an error: databases quote rows in them.
"""

import logging

from haochaping.intake.whereabouts import whereabouts


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
