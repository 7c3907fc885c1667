"""The navigation: each finds what he may see, in few words at the top."""

import pytest
from django.urls import reverse

from haochaping.accounts.rules import MAP, Role
from haochaping.faces.console.navigation import DESK, GROUPS, groups_for

# The desk and three words beside the name of the site and the account: one line on a desktop.
MOST_WORDS = 3


def test_every_entry_leads_somewhere_and_tells_its_page_apart() -> None:
    entries = [DESK, *(entry for group in GROUPS for entry in group.entries)]
    assert all(reverse(entry.route).startswith("/console/") for entry in entries)
    assert len({entry.flag for entry in entries}) == len({entry.route for entry in entries}) == len(entries)
    assert len(GROUPS) <= MOST_WORDS


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_what_it_may_see_and_nothing_else(role: Role) -> None:
    held = MAP[role].keys()
    shown = [entry for group in groups_for(held) for entry in group.entries]
    assert shown == [entry for group in GROUPS for entry in group.entries if entry.permission in held]
    assert all(group.entries for group in groups_for(held))
