"""What is refused before any view is said to people on a page and to programs in JSON."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_is_told_in_json(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/nothing")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["code"] == "not_found"
    assert error["message"] == "没有这个接口。请对照接口说明核对地址。"


def test_a_stranger_among_hosts_is_told_in_json_too(client: Client) -> None:
    answer = client.get("/api/v1/nothing", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


@pytest.mark.parametrize(
    ("host", "status", "told"),
    [("localhost", 404, "没有这个页面"), ("elsewhere.example", 400, "无法处理这个请求")],
)
def test_a_person_gets_a_page(client: Client, host: str, status: int, told: str) -> None:
    answer = client.get("/nothing", headers={"host": host})
    assert answer.status_code == status
    assert told in answer.content.decode()
