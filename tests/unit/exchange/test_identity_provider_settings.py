"""The identity provider as the environment names it: none, a usable one, or a start that says what is wrong."""

import pytest

from haochaping.exchange.identity_provider.settings import Provider, provider_of

ISSUER, CLIENT = "HAOCHAPING_OIDC_ISSUER", "HAOCHAPING_OIDC_CLIENT"
GOOD = {ISSUER: "https://sso.example.org/realms/city", CLIENT: "haochaping"}


def test_without_an_issuer_there_is_none() -> None:
    assert provider_of({}) is None
    assert provider_of({ISSUER: " ", CLIENT: "haochaping"}) is None


def test_what_is_not_said_is_the_products_own() -> None:
    found = provider_of(GOOD)
    assert found == Provider(GOOD[ISSUER], "haochaping")
    assert (found.name, found.strong_amr, found.strong_acr) == ("统一身份认证", {"mfa"}, frozenset())


def test_all_can_be_said_and_the_secret_is_not_shown() -> None:
    more = {"SECRET": "s", "NAME": "昆明统一认证", "AMR": "otp hwk", "ACR": "gold"}
    found = provider_of({**GOOD, **{f"HAOCHAPING_OIDC_{name}": value for name, value in more.items()}})
    assert found == Provider(
        GOOD[ISSUER], "haochaping", "s", "昆明统一认证", frozenset({"otp", "hwk"}), frozenset({"gold"})
    )
    assert "'s'" not in repr(found)
    none = provider_of({**GOOD, "HAOCHAPING_OIDC_AMR": "none"})
    assert none is not None
    assert none.strong_amr == frozenset()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({**GOOD, ISSUER: "http://sso.example.org"}, ISSUER),
        ({**GOOD, ISSUER: "sso.example.org"}, ISSUER),
        ({**GOOD, ISSUER: "https://sso.example.org/?realm=city"}, ISSUER),
        ({**GOOD, ISSUER: "https://user:word@sso.example.org"}, ISSUER),
        ({ISSUER: GOOD[ISSUER]}, CLIENT),
        ({**GOOD, "HAOCHAPING_OIDC_NAME": "长" * 31}, "HAOCHAPING_OIDC_NAME"),
    ],
)
def test_what_cannot_be_stops_the_start_and_names_the_variable(said: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        provider_of(said)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])
def test_on_this_machine_it_need_not_be_encrypted(issuer: str) -> None:
    assert provider_of({**GOOD, ISSUER: issuer}) is not None
