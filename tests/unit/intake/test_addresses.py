"""Who is calling: only a trusted proxy may say that it calls for somebody else."""

import pytest

from haochaping.intake.addresses import Proxies

PROXIES = Proxies("127.0.0.1, 10.0.0.0/8 ::1")


def client(peer: str | None, forwarded: str = "", proxies: Proxies = PROXIES) -> str:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return proxies.client({"client": (peer, 1234) if peer else None}, headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("127.0.0.1", "10.2.3.4", "10.2.3.4"),
        ("127.0.0.1", "evil<script>, 10.2.3.4", "10.2.3.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        (None, "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_that_no_trusted_proxy_bears(
    peer: str | None, forwarded: str, expected: str
) -> None:
    assert client(peer, forwarded) == expected


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert client("127.0.0.1", "198.51.100.1", Proxies()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("", ""),
        ("x", ""),
    ],
)
def test_a_unix_socket_is_believed_where_it_is_named(forwarded: str, expected: str) -> None:
    named = Proxies("unix, 10.0.0.0/8")
    assert client(None, forwarded, named) == expected
    assert named.scheme({"client": None, "scheme": "http"}, {"x-forwarded-proto": "https"}) == "https"
    assert client("203.0.113.9", forwarded, named) == "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [("127.0.0.1", "https", "https"), ("203.0.113.9", "https", "http"), ("127.0.0.1", "gopher", "http")],
)
def test_the_scheme_likewise(peer: str, said: str, expected: str) -> None:
    scope = {"client": (peer, 1), "scheme": "http"}
    assert PROXIES.scheme(scope, {"x-forwarded-proto": said}) == expected


def test_what_is_no_network_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="nginx"):
        Proxies("nginx")
