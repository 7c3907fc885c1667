"""Who is calling: the peer, or whom a trusted proxy names."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from haochaping.intake.http import Scope

# A Unix socket has no address: who may open the file is for its folder to say.
_UNIX: Final = "unix"
_KEPT: Final = 1_000


class Proxies:
    """The proxies that may say for whom they call; from HAOCHAPING_PROXIES, networks separated by blanks or commas, and
    "unix" for whoever comes over a Unix socket. Raises ValueError for what is no network."""

    def __init__(self, text: str = "") -> None:
        parts = text.replace(",", " ").split()
        networks = tuple(ip_network(part) for part in parts if part != _UNIX)

        def trusted(address: str) -> bool:
            if not address:
                return _UNIX in parts
            if not networks or not _is_address(address):
                return False
            parsed = ip_address(address)
            return any(parsed in network for network in networks)

        # A proxy is asked about with each request.
        self._trusted = lru_cache(maxsize=_KEPT)(trusted)

    def client(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """The client's address; of several forwarded ones the last that no trusted proxy bears. "" when the
        peer has none (a Unix socket) and is not trusted to say."""
        peer = scope["client"][0] if scope.get("client") else ""
        if not self._trusted(peer):
            return peer
        forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
        for address in reversed([part for part in forwarded if part]):
            if not _is_address(address):
                return peer
            peer = address
            if not self._trusted(address):
                return address
        return peer

    def scheme(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """`http` or `https`, as the client sees it."""
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = headers.get("x-forwarded-proto", "").lower()
        if self._trusted(peer) and forwarded in ("http", "https"):
            return forwarded
        return str(scope.get("scheme", "http"))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
