"""What the rules say of publishing answers and of naming people: with its clause, or not at all."""

from datetime import date

from haochaping.policy.rulebook import Rulebook
from haochaping.publication.laid_down import LaidDown, naming, of_answers

DAY = date(2026, 11, 23)


def test_kunming_publishes_what_is_done_about_bad_ratings_and_names_nobody() -> None:
    profile = Rulebook.load().profile("530100", DAY)
    found = of_answers(profile)
    assert found.clause == "《昆明市政务服务“好差评”实施办法》第十一条"
    assert found.withheld == (("依法不得公开的信息", "以公开为常态，不公开为例外"),)
    assert (found.released_by, found.least) == ("", 0)
    assert naming(profile, "staff") == naming(profile, "window") == ""


def test_where_a_body_must_release_it_is_named() -> None:
    found = of_answers(Rulebook.load().profile("999900", DAY))
    assert found.released_by == "city_authority"
    assert found.masks == ("name", "phone", "staff_name")
    assert found.withheld == (("涉及个人隐私的文字", "个人信息保护"),)


def test_where_nothing_is_laid_down_nothing_is_said() -> None:
    profile = Rulebook.load().profile("120000", DAY)
    assert of_answers(profile) == LaidDown()
    assert naming(profile, "organisation") == profile.publication["bulletin"].citation
