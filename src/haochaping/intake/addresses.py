"""Who is calling: the peer, or whom a trusted proxy names."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from haochaping.intake.http import Scope


class Proxies:
    """The proxies that may say for whom they call; from HAOCHAPING_PROXIES, networks separated by blanks or
    commas. Raises ValueError for what is no network."""

    def __init__(self, text: str = "") -> None:
        self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(
            ip_network(part) for part in text.replace(",", " ").split()
        )

    def client(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """The client's address; of several forwarded ones the last that no trusted proxy bears. "" when the
        peer has none (a Unix socket)."""
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

    def _trusted(self, address: str) -> bool:
        if not self._networks or not _is_address(address):
            return False
        parsed = ip_address(address)
        return any(parsed in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
