"""The picture for the counter: rendered here module by module and read by a decoder."""

import re
import uuid
from collections.abc import Awaitable, Callable
from io import BytesIO
from types import SimpleNamespace

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from haochaping.cases import token as tokens
from haochaping.faces.citizen import qr
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response

SERVICES = SimpleNamespace(base_url="https://hcp.example.cn")


def drawn(svg: str) -> Image.Image:
    """The picture, eight pixels a module, from the one path of horizontal strokes that it consists of."""
    size = int(re.search(r'width="(\d+)"', svg).group(1))  # type: ignore[union-attr]
    picture = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(picture)
    path = re.search(r'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', svg)
    x = y = 0.0
    for command, first, second in re.findall(
        r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path.group(1) or path.group(2)
    ):  # type: ignore[union-attr]
        if command == "M":
            x, y = float(first), float(second)
        elif command == "m":
            x, y = x + float(first), y + float(second)
        else:
            end = x + float(first)
            pen.rectangle((int(x * 8), int((y - 0.5) * 8), int(end * 8) - 1, int((y + 0.5) * 8) - 1), fill=0)
            x = end
    return picture


async def test_the_code_reads_as_the_address_of_the_page(request_with: Callable[..., Request]) -> None:
    token = tokens.mint(uuid.UUID(int=7), 3, key_for("rating token"))
    answer = await qr.show(request_with(method="GET", parameters={"token": token.lower()}), SERVICES)  # type: ignore[arg-type]
    assert answer.status == 200
    assert answer.content_type.startswith("image/svg+xml")
    assert b"<script" not in answer.body
    (code,) = zxingcpp.read_barcodes(drawn(answer.body.decode()))
    assert code.text == f"HTTPS://HCP.EXAMPLE.CN/R/{token}"


async def test_a_printer_that_draws_no_svg_gets_pixels(request_with: Callable[..., Request]) -> None:
    token = tokens.mint(uuid.UUID(int=7), 3, key_for("rating token"))
    answer = await qr.show_png(request_with(method="GET", parameters={"token": token}), SERVICES)  # type: ignore[arg-type]
    assert (answer.status, answer.content_type) == (200, "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.body)).convert("L"))
    assert code.text == f"HTTPS://HCP.EXAMPLE.CN/R/{token}"


@pytest.mark.parametrize("show", [qr.show, qr.show_png])
async def test_a_forged_token_has_no_picture(
    request_with: Callable[..., Request], show: Callable[..., Awaitable[Response]]
) -> None:
    answer = await show(request_with(method="GET", parameters={"token": "0" * 40}), SERVICES)
    assert answer.status == 404
