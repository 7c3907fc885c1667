"""What citizens send, for trials."""

from urllib.parse import urlencode


def form(level: int, submission: str) -> bytes:
    """The fields of the citizen's page; a bad level with its reason."""
    fields = {"satisfaction": str(level), "named": "0", "submission": submission}
    if level <= 2:
        fields["writingEvaluation"] = "材料清单与现场要求不一致"
    return urlencode(fields).encode()
