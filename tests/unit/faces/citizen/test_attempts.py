"""Who guesses is slowed down; who waits may try again; nobody else is."""

from datetime import datetime, timedelta

from haochaping.faces.citizen.attempts import Attempts


def test_an_address_may_be_wrong_ten_times_a_minute(now: datetime) -> None:
    attempts = Attempts()
    for _ in range(10):
        assert attempts.allowed("203.0.113.9", now)
        attempts.failed("203.0.113.9", now)
    assert not attempts.allowed("203.0.113.9", now)
    assert attempts.allowed("203.0.113.10", now)
    assert not attempts.allowed("203.0.113.9", now + timedelta(seconds=5))
    assert attempts.allowed("203.0.113.9", now + timedelta(seconds=6))
    assert attempts.allowed("203.0.113.9", now + timedelta(minutes=1))


def test_one_subscriber_of_ipv6_counts_once(now: datetime) -> None:
    attempts = Attempts(most=1)
    attempts.failed("2001:db8:1:2::1", now)
    assert not attempts.allowed("2001:db8:1:2:ffff::9", now)
    assert attempts.allowed("2001:db8:1:3::1", now)


def test_only_so_many_addresses_are_remembered(now: datetime) -> None:
    attempts = Attempts(most=1, remembered=2)
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        attempts.failed(address, now)
    assert [attempts.allowed(f"198.51.100.{last}", now) for last in (1, 2, 3)] == [True, False, False]
