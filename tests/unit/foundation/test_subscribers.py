"""Addresses that belong to one subscriber count as one."""

import pytest

from haochaping.foundation.subscribers import subscriber


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_the_subscriber_of_an_address(address: str, counted: str) -> None:
    assert subscriber(address) == counted
