"""A file out of a form: sealed as it comes in, so that it never lies anywhere in the open. Only for forms that expect one.

Django would put a larger upload on the disk as it is, before anybody has asked who sends it. Here the route has asked
already when the body is read (`route`), and the token against forgery is looked at by the view itself.
"""

from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from haochaping.evidence.shelf import Draft, NoShelf, Unwritable

FIELD: Final = "file"


class Received(NamedTuple):
    """What came in: a finished draft under the name that the browser gave, or a word for why not: "none" chosen,
    "too_large", "no_shelf", "unwritable", "cut_off"."""

    draft: Draft | None
    name: str = ""
    problem: str = "none"


class SealingHandler(FileUploadHandler):
    """Takes the first file of the form's field; any other is passed over."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.received = Received(None)
        self._draft: Draft | None = None
        self._taken = False

    def new_file(self, field_name: str, *arguments: Any, **named: Any) -> None:
        super().new_file(field_name, *arguments, **named)
        if self._taken or field_name != FIELD:
            raise SkipFile
        self._taken = True
        try:
            self._draft = Draft()
        except NoShelf:
            self._refuse("no_shelf")
        except Unwritable:
            self._refuse("unwritable")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._draft is None:
            raise SkipFile
        if start + len(raw_data) > settings.EVIDENCE_LIMITS.size:
            self._refuse("too_large")
        try:
            self._draft.write(raw_data)
        except Unwritable:
            self._refuse("unwritable")

    def file_complete(self, _file_size: int) -> None:
        """Nothing is left to Django: what came in is `received`."""
        if self._draft is None:
            return
        try:
            self._draft.finish()
        except Unwritable:
            self.discard()
            self.received = Received(None, problem="unwritable")
            return
        self.received = Received(self._draft, self.file_name or "", "")

    def upload_interrupted(self) -> None:
        if self._draft is not None and self.received.draft is None:
            self.discard()
            self.received = Received(None, problem="cut_off")

    def discard(self) -> None:
        """Takes away what was not kept: to be called when the request is over, whatever became of it."""
        if self._draft is not None:
            self._draft.discard()
            self._draft = None

    def _refuse(self, problem: str) -> None:
        self.discard()
        self.received = Received(None, problem=problem)
        raise SkipFile
