"""Every list, limit, channel and hindrance has its words."""

from haochaping.faces.console.desk_words import CARRIERS, HINDRANCES, LIMITS, OUTCOMES, SHOWS, filter_fields
from haochaping.rectification.listing import Carrier, DeskFilter, Due, Hindrance, Outcome, Show
from haochaping.rectification.listing.choices import Choices

NOTHING = Choices((), (), carriers=False)


def test_the_tables_are_total() -> None:
    for table, kind in (
        (SHOWS, Show),
        (LIMITS, Due),
        (CARRIERS, Carrier),
        (HINDRANCES, Hindrance),
        (OUTCOMES, Outcome),
    ):
        assert set(table) == set(kind)


def test_what_there_is_nothing_to_choose_of_is_not_offered() -> None:
    names = [field.name for field in filter_fields(DeskFilter(), NOTHING)]
    assert names == ["state", "type", "named", "joint", "contested"]
    assert "state" not in [field.name for field in filter_fields(DeskFilter(show=Show.CLOSED), NOTHING)]
    full = filter_fields(DeskFilter(bad_class=""), Choices(((1, "甲"),), (("a", "立整立改"),), carriers=True))
    assert {field.name: field.chosen for field in full} == {
        "state": "",
        "unit": "",
        "type": "",
        "class": "none",
        "channel": "",
        "named": "",
        "joint": "",
        "contested": "",
    }
