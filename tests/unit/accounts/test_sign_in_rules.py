"""What an installation lays down for signing in is read from the environment, and refused in words."""

from datetime import timedelta

import pytest

from haochaping.accounts.sign_in_rules import SignInRules, sign_in_rules


def test_what_is_not_laid_down_is_the_products_own() -> None:
    assert sign_in_rules({}) == SignInRules()
    own = SignInRules()
    assert own.password_days is None
    assert own.second_factor_roles == {
        "authority_officer",
        "authority_leader",
        "system_administrator",
        "security_administrator",
        "audit_administrator",
    }


def test_all_of_it_may_be_laid_down() -> None:
    found = sign_in_rules(
        {
            "HAOCHAPING_SESSION_IDLE_MINUTES": "15",
            "HAOCHAPING_SESSION_HOURS": "4",
            "HAOCHAPING_SESSIONS": "1",
            "HAOCHAPING_PASSWORD_LENGTH": "12",
            "HAOCHAPING_PASSWORD_HISTORY": "0",
            "HAOCHAPING_PASSWORD_DAYS": "90",
            "HAOCHAPING_SECOND_FACTOR_ROLES": " inspector  hotline_agent ",
        }
    )
    roles = frozenset({"inspector", "hotline_agent"})
    assert found == SignInRules(timedelta(minutes=15), timedelta(hours=4), 1, 12, 0, 90, roles)
    assert sign_in_rules({"HAOCHAPING_SECOND_FACTOR_ROLES": "none"}).second_factor_roles == frozenset()


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("SESSION_IDLE_MINUTES", "0", "from 1 to 1440"),
        ("SESSION_HOURS", "169", "from 1 to 168"),
        ("SESSIONS", "three", "from 1 to 100"),
        ("PASSWORD_LENGTH", "7", "from 8 to 64"),
        ("PASSWORD_HISTORY", "-1", "from 0 to 24"),
        ("PASSWORD_DAYS", "9" * 20, "from 0 to 3650"),
        ("SECOND_FACTOR_ROLES", "boss", "known roles are window_staff"),
        ("SECOND_FACTOR_ROLES", "none inspector", "or none alone"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may_stand_there(name: str, value: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        sign_in_rules({f"HAOCHAPING_{name}": value})
