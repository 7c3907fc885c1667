"""Who comes too often waits; who shares an address with him, or a link, does not."""

import sys
from random import Random

import pytest

from haochaping.cases.token import mint
from haochaping.foundation.ids import random_id
from haochaping.foundation.keys import key_for
from haochaping.intake import visitors as module
from haochaping.intake.visitors import ADDRESS, REMEMBERED, TOKEN, Pace, Visitors

HALL, HOME = "198.51.100.7", "203.0.113.9"
PHONE, SCRIPT = "a phone", "a script"
FORGED = "0" * 40


@pytest.fixture
def clock() -> list[float]:
    return [5000.0]


def visitors(clock: list[float], address: Pace | None = ADDRESS, token: Pace | None = TOKEN) -> Visitors:
    return Visitors(address, token, clock=lambda: clock[0])


def token() -> str:
    return mint(random_id(), 3, key_for("rating token"))


def passed(found: Visitors, times: int, *who: str) -> int:
    return sum(found.wait(*who) == 0 for _ in range(times))


def test_so_many_at_once_and_then_so_many_a_minute(clock: list[float]) -> None:
    found = visitors(clock, Pace(60, 5))
    assert passed(found, 20, HOME) == 5
    assert found.wait(HOME) == 1
    clock[0] += 1
    assert passed(found, 20, HOME) == 1
    clock[0] += 3600
    assert passed(found, 20, HOME) == 5


def test_who_has_to_wait_is_told_how_long_and_asking_makes_it_no_longer(clock: list[float]) -> None:
    found = visitors(clock, token=Pace(4, 1))
    link = token()
    assert [found.wait(HOME, link, PHONE) for _ in range(100)] == [0] + [15] * 99
    clock[0] += 14.5
    assert found.wait(HOME, link, PHONE) == 1
    clock[0] += 0.5
    assert found.wait(HOME, link, PHONE) == 0


def test_a_clock_that_stands_gives_nothing(clock: list[float]) -> None:
    found = visitors(clock, Pace(60, 3))
    assert passed(found, 3, HOME) == 3
    clock[0] -= 100
    assert found.wait(HOME) > 0


def test_two_hundred_people_of_one_hall_are_all_let_in_at_once(clock: list[float]) -> None:
    found = visitors(clock)
    links = [token() for _ in range(200)]
    # The page, the form, the form again, the code; the page of the receipt and the receipt.
    assert all(found.wait(HALL, link, PHONE) == 0 for link in links for _ in range(4))
    assert all(found.wait(HALL, "", PHONE) == 0 for _ in range(400))


def test_a_hall_whose_address_is_misused_still_gets_in_with_genuine_links(clock: list[float]) -> None:
    found = visitors(clock)
    while found.wait(HALL, "", SCRIPT) == 0:
        pass
    assert found.wait(HALL, FORGED, PHONE) > 0
    assert all(found.wait(HALL, token(), PHONE) == 0 for _ in range(500))


def test_one_link_tried_all_the_time_is_slowed_and_its_citizen_is_not(clock: list[float]) -> None:
    found = visitors(clock)
    link = token()
    assert passed(found, 500, HALL, link, SCRIPT) == TOKEN.at_once
    # At home, and in the same hall.
    assert found.wait(HOME, link, PHONE) == found.wait(HALL, link, PHONE) == 0
    clock[0] += 60
    assert passed(found, 500, HALL, link, SCRIPT) == TOKEN.a_minute


def test_another_name_of_the_browser_each_time_uses_up_the_address_and_then_helps_no_more(
    clock: list[float],
) -> None:
    found = visitors(clock)
    link = token()
    times = 10_000
    let_in = sum(found.wait(HALL, link, f"{SCRIPT} {n}") == 0 for n in range(times))
    assert let_in == ADDRESS.at_once + TOKEN.at_once
    assert found.wait(HOME, link, PHONE) == 0


def test_nobody_learns_from_his_own_refusal_that_somebody_else_has_the_link(clock: list[float]) -> None:
    alone, together = visitors(clock), visitors(clock)
    link = token()
    assert passed(together, 20, HOME, link, PHONE) == 20
    told = [[found.wait(HALL, link, SCRIPT) for _ in range(60)] for found in (alone, together)]
    assert told[0] == told[1]


def test_however_a_link_is_spelled_it_is_one_link(clock: list[float]) -> None:
    found = visitors(clock)
    link = token()
    spelled = {
        "".join(random.choice([each, each.lower(), {"0": "o", "1": "L"}.get(each, each)]) for each in link)
        for random in map(Random, range(200))
    }
    assert len(spelled) > 190
    assert sum(found.wait(HOME, each, PHONE) == 0 for each in spelled) == TOKEN.at_once


def test_a_subscriber_of_ipv6_is_one_and_an_address_in_ipv6s_clothes_is_itself(clock: list[float]) -> None:
    found = visitors(clock, Pace(1, 3))
    assert [found.wait(f"2001:db8:1:2::{last}") == 0 for last in range(5)] == [True] * 3 + [False] * 2
    assert found.wait("2001:db8:1:3::1") == 0
    assert passed(found, 3, HOME) == 3
    assert found.wait(f"::ffff:{HOME}") > 0


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "", "nonsense"])
def test_the_machine_itself_and_who_has_no_address_are_not_counted(clock: list[float], address: str) -> None:
    assert passed(visitors(clock, Pace(1, 1), Pace(1, 1)), 50, address, token(), PHONE) == 50


def test_a_million_addresses_take_little_memory_and_make_nobody_wait(clock: list[float]) -> None:
    found = visitors(clock)
    for n in range(3 * REMEMBERED):
        found.wait(f"2001:db8:{n >> 16:x}:{n & 0xFFFF:x}::1", f"{n:040}", SCRIPT)
    tables = [
        table
        for buckets in (found._addresses, found._tokens, found._genuine)
        for table in (buckets._lately, buckets._before)  # type: ignore[union-attr]
    ]
    assert max(map(len, tables)) == REMEMBERED
    assert sum(map(sys.getsizeof, tables)) < 8_000_000
    assert module._counted.cache_info().currsize == REMEMBERED
    assert found.wait(HOME, token(), PHONE) == 0


def test_no_address_and_no_token_is_kept_in_the_tables(clock: list[float]) -> None:
    found = visitors(clock)
    found.wait(HOME, token(), PHONE)
    kept = [*found._addresses._lately.items(), *found._tokens._lately.items()]  # type: ignore[union-attr]
    assert len(kept) == 2
    assert {(type(key), type(value)) for key, value in kept} == {(int, float)}


def test_each_limit_can_be_set_and_turned_off() -> None:
    names = ("HAOCHAPING_ADDRESS_LIMIT", "HAOCHAPING_TOKEN_LIMIT")
    set_both = Visitors.of(dict(zip(names, ("1/7", "1/3"), strict=True)))
    assert (passed(set_both, 50, HOME), passed(set_both, 50, HALL, token(), PHONE)) == (7, 3)
    off = Visitors.of(dict.fromkeys(names, "off"))
    assert passed(off, 5000, HOME, token(), PHONE) == 5000
    no_address = Visitors.of({names[0]: "off", names[1]: "1/3"})
    assert (passed(no_address, 5000, HOME), passed(no_address, 50, HOME, token(), PHONE)) == (5000, 3)
    assert ADDRESS.at_once <= passed(Visitors.of({names[0]: " "}), 5000, HOME) < 5000


@pytest.mark.parametrize("text", ["60", "60/", "/5", "0/5", "5/0", "-1/5", "a/b", "on", "6.5/7"])
def test_what_is_no_limit_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r'HAOCHAPING_TOKEN_LIMIT .* "30/30", or "off"'):
        Visitors.of({"HAOCHAPING_TOKEN_LIMIT": text})
