"""Which paths are the door's, and what they match."""

import pytest

from haochaping.intake.http import Request, Response, Route
from haochaping.intake.routing import Match, NoMatch, RouteTable


async def nothing(request: Request, services: object) -> Response:
    return Response(204)


TABLE = RouteTable(
    [
        Route("GET", "/r/{token}", nothing, permission="rating token"),
        Route("POST", "/r/{token}", nothing, permission="rating token"),
        Route("GET", "/r/{token}/qr", nothing, permission="rating token"),
        Route("POST", "/receipt", nothing, permission="receipt"),
        Route("POST", "/api/v1/occasions", nothing, permission="client:report"),
    ]
)


@pytest.mark.parametrize("path", ["/r/AbC", "/R/AbC"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_token_is_matched_as_it_came_under_upper_case_too(method: str, path: str) -> None:
    found = TABLE.find(method, path)
    assert isinstance(found, Match)
    assert (found.route.method, found.parameters) == ("GET", {"token": "AbC"})


def test_a_known_path_says_which_methods_it_takes() -> None:
    assert TABLE.find("DELETE", "/r/x") == NoMatch(ours=True, allowed=("GET", "HEAD", "POST"))
    assert TABLE.find("GET", "/receipt") == NoMatch(ours=True, allowed=("POST",))


@pytest.mark.parametrize("path", ["/r/x/", "/r/x/y", "/r/", "/R/x/qr/z", "/receipt/", "/API/v1/occasions/x"])
def test_what_lies_under_our_prefixes_is_never_passed_on(path: str) -> None:
    found = TABLE.find("GET", path)
    assert isinstance(found, NoMatch)
    assert found.ours


@pytest.mark.parametrize("path", ["/", "", "/console/", "/rx", "/receipts", "/api/v1/", "/static/r/x"])
def test_everything_else_is_not_ours(path: str) -> None:
    assert TABLE.find("GET", path) == NoMatch(ours=False)


def test_a_route_without_a_permission_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="permission"):
        Route("GET", "/", nothing, permission="")
