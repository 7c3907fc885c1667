"""What the pages of scores say of numbers."""

import pytest

from haochaping.faces.console.templatetags.score_words import score_count


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (20_957, "20,957"), (None, "")])
def test_counts_have_their_thousands_apart(number: int | None, said: str) -> None:
    assert score_count(number) == said
