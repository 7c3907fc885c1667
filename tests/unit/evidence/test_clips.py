"""Which piece of a camera's record is looked at."""

from datetime import UTC, datetime, timedelta

import pytest

from haochaping.evidence.clips import Clip, clip_of, margin

AT = datetime(2026, 11, 19, 1, 40, tzinfo=UTC)


def test_a_clip_lies_around_the_service() -> None:
    around = timedelta(minutes=15)
    wanted = Clip("cam", datetime(2026, 11, 19, 1, 25, tzinfo=UTC), datetime(2026, 11, 19, 1, 55, tzinfo=UTC))
    assert clip_of("cam", AT, around=around, widened=False) == wanted


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_of_an_anonymous_rating_it_does_not_tell_the_time(minute: int) -> None:
    clip = clip_of("cam", AT.replace(minute=minute), around=timedelta(minutes=15), widened=True)
    assert clip == Clip("cam", AT.replace(hour=0, minute=0), AT.replace(hour=3, minute=0))


def test_a_margin_is_the_operators() -> None:
    assert margin({}) == timedelta(minutes=15)
    assert margin({"HAOCHAPING_VIDEO_MINUTES": "30"}) == timedelta(minutes=30)
    for wrong in ("0", "121", "x", "1.5"):
        with pytest.raises(ValueError, match="HAOCHAPING_VIDEO_MINUTES"):
            margin({"HAOCHAPING_VIDEO_MINUTES": wrong})
