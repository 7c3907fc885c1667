"""How fast rules answer: deadlines a second on one core, the profile of an occasion asked for again."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from haochaping.cli.figures import Figure
from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course, due
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RULES_DIR
from haochaping.starter.progress import Say

DEADLINES_GOAL = 200_000
LOOKUP_GOAL = Decimal(2)
ROUNDS = 5
FIRST = date(2019, 1, 1)
DAYS = 2_900
DIVISION = "530102"


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Medians of five rounds, on one core, nothing else asked for."""
    number = 50_000 if quick else 1_000_000
    say(f"Counting {number:,} deadlines, five times")
    rulebook = Rulebook.load(RULES_DIR)
    profile = rulebook.profile(DIVISION, date(2021, 1, 1))
    days = [FIRST + timedelta(days=n % DAYS) for n in range(number)]
    occasion = Occasion(DIVISION, place="own_hall", department="hrss")

    def windows() -> None:
        for day in days:
            profile.rating_window(day)

    def looked_up() -> None:
        for day in days:
            rulebook.profile(DIVISION, day)

    def by_occasion() -> None:
        for day in days:
            rulebook.rules(occasion, day)

    window = profile.window.value if profile.window else None
    courses = [Course({"service": due_instant(day).astimezone(CN)}) for day in days[:DAYS]]

    def general() -> None:
        for n in range(number):
            if window is not None:
                due(window, courses[n % DAYS], rulebook.calendar)

    a_second = Decimal(number) / _seconds(windows)
    general_a_second = Decimal(number) / _seconds(general)
    plain = _seconds(looked_up) / number * 1_000_000
    full = _seconds(by_occasion) / number * 1_000_000
    goal, lookup = f"value >= {DEADLINES_GOAL}", f"value <= {LOOKUP_GOAL}"
    return [
        Figure(
            "deadlines, by the profile", round(a_second), "/s", goal=goal, goal_met=a_second >= DEADLINES_GOAL
        ),
        Figure("deadlines, any limit", round(general_a_second), "/s"),
        Figure(
            "warm look-up, division and day",
            round(plain, 2),
            "µs",
            goal=lookup,
            goal_met=plain <= LOOKUP_GOAL,
        ),
        Figure(
            "warm look-up, whole occasion", round(full, 2), "µs", goal=lookup, goal_met=full <= LOOKUP_GOAL
        ),
    ]


def _seconds(work: Callable[[], None]) -> Decimal:
    """Median seconds of the rounds, after one that warms up."""
    work()
    found = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return Decimal(str(median(found)))
