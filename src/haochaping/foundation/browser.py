"""What every answer to a browser carries, whichever process gives it."""

from collections.abc import Mapping

CONTENT_POLICY: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'",),
    "connect-src": ("'self'",),
    "font-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
}


def content_policy(*, style_hash: str = "") -> str:
    """The Content-Security-Policy header; `style_hash` ('sha256-...') admits one inline style sheet of our own."""
    extra = {"style-src": (f"'{style_hash}'",)} if style_hash else {}
    return "; ".join(
        f"{directive} {' '.join((*sources, *extra.get(directive, ())))}"
        for directive, sources in CONTENT_POLICY.items()
    )
