"""Sends what nobody should: to parser, signature, dialects, verdicts and over HTTP. Only what is declared may come of it."""

from haochaping.cli import demo
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.policy.rulebook import Rulebook
from haochaping.starter.progress import Say
from tests.fuzzing.calls import Answered, Signed, play
from tests.fuzzing.properties import Property, properties
from tests.fuzzing.properties import play as play_property
from tests.verdicts import second_city as city

CALLS_PERCENT = 5


def run(*, quick: bool, say: Say) -> list[Figure]:
    """100,000 cases, or 1,000; one in twenty is a call over HTTP."""
    cases = 1_000 if quick else 100_000
    calls = cases * CALLS_PERCENT // 100
    with stage(say) as set_up:
        found = [_played(each, cases * each.share // 100, say) for each in properties(_rulebook(set_up))]
        say(f"{calls} calls")
        answered = _called(set_up, calls)
    for words in answered.wrong[:10]:
        say(words)
    drawn = sum(figure.value for figure in found) + answered.sent
    return [
        *found,
        Figure("calls over HTTP", answered.sent, "calls"),
        *(Figure(f"answered {status}", count, "calls") for status, count in sorted(answered.statuses.items())),
        *(Figure(f"records {verdict}", count, "records") for verdict, count in answered.verdicts.items()),
        Figure("answered by an error of ours", answered.errors, "calls", goal="value = 0",
               goal_met=answered.errors == 0),
        Figure("answered otherwise than described", len(answered.wrong), "calls", goal="value = 0",
               goal_met=not answered.wrong),
        Figure("all cases", drawn, "cases"),
    ]  # fmt: skip


def _rulebook(set_up: Stage) -> Rulebook:
    """The rules of the second city."""
    folder = set_up.layout.data / "second-city"
    city.write(folder / "registry", folder / "rules")
    return city.rulebook(folder / "rules")


def _played(each: Property, number: int, say: Say) -> Figure:
    """How many cases were drawn; the goal is missed when it does not hold for one, which is then told."""
    say(f"{each.name}: {number}")
    try:
        return Figure(each.name, play_property(each, number), "cases", goal="all hold", goal_met=True)
    except Exception as problem:
        say(
            f"{each.name}: {type(problem).__name__}: {problem}\n"
            + "\n".join(getattr(problem, "__notes__", ()))
        )
        return Figure(each.name, number, "cases", goal="all hold", goal_met=False)


def _called(set_up: Stage, number: int) -> Answered:
    from haochaping.accounts.operations.clients import Terms, create_client
    from haochaping.registry.operations import import_registry

    import_registry(directory=demo.CITY, now=now(), actor="drill")
    wide = Terms(limits=dict.fromkeys(("calls", "calls_burst", "records", "records_burst"), 1_000_000))
    rights = ["report", "rate", "quarantine"]
    issued = create_client(
        organisation=demo.AUTHORITY, rights=rights, actor="drill", now=now(), platform="drill", terms=wide
    )
    set_up.start_door()
    return play(set_up.port, Signed(issued.key, issued.secret), number)
