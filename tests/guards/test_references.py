"""What imports do not show: foreign keys by name and templates by path must obey the floors too."""

import re

from tests.guards.floors import SOURCE, floor_of

KEY_BY_NAME = re.compile(r"(?:ForeignKey|OneToOneField|ManyToManyField)\(\s*[\"'](\w+)\.\w+[\"']")
TEMPLATE = re.compile(r"{%-?\s*(?:extends|include|from|import)\s+[\"']([\w-]+)/")


def keys_upwards(room: str, text: str, heights: dict[str, int]) -> list[str]:
    return [
        target
        for target in KEY_BY_NAME.findall(text)
        if heights.get(target, 99) >= heights[room] and target != room
    ]


def templates_elsewhere(face: str, text: str) -> list[str]:
    return [folder for folder in TEMPLATE.findall(text) if folder not in (face, "shared")]


def test_no_foreign_key_by_name_goes_up() -> None:
    heights = floor_of()
    found = {
        str(path): wrong
        for path in (*SOURCE.rglob("models.py"), *SOURCE.rglob("models/*.py"))
        if (
            wrong := keys_upwards(
                path.relative_to(SOURCE).parts[0], path.read_text(encoding="utf-8"), heights
            )
        )
    }
    assert found == {}


def test_no_template_takes_from_another_face() -> None:
    found = {
        str(path): wrong
        for path in (SOURCE / "faces").rglob("*.html")
        if (
            wrong := templates_elsewhere(
                path.relative_to(SOURCE / "faces").parts[0], path.read_text(encoding="utf-8")
            )
        )
    }
    assert found == {}


def test_the_guard_sees_what_it_looks_for() -> None:
    heights = floor_of()
    assert keys_upwards("cases", 'models.ForeignKey("ratings.Rating")', heights) == ["ratings"]
    assert keys_upwards("ratings", 'models.ForeignKey("cases.Case")', heights) == []
    assert templates_elsewhere("portal", '{% include "console/order.html" %}') == ["console"]
    assert templates_elsewhere("portal", '{% extends "shared/base.html" %}') == []
