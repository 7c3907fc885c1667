"""Sets of data as files for programs: by a name that stays, to be saved or asked again whether they are the same."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from django.http import Http404, HttpResponse

from haochaping.publication.datasets import FORMS, DataSet, Written, written


def given(form: str, data: Callable[[], DataSet]) -> HttpResponse:
    """The set in a form, "json" or "csv"; raises Http404 for another, and then asks for nothing."""
    if form not in FORMS:
        raise Http404
    return as_file(written(data(), form))


def as_file(file: Written) -> HttpResponse:
    """A file to be saved, with the digest of its bytes (RFC 9530); where its columns are explained, beside a CSV."""
    content = file.text.encode()
    answer = HttpResponse(content, content_type=file.media)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["Repr-Digest"] = f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"
    if file.media.startswith("text/csv"):
        answer["Link"] = '<data.json>; rel="describedby"; type="application/json"'
    return answer
