"""The version of a set of rules: what is not said leaves no trace, what is said does."""

from decimal import Decimal

from haochaping.policy.limits import Limit
from haochaping.policy.scores import Part
from haochaping.policy.versions import canonical


def test_a_key_that_says_what_it_says_by_itself_leaves_no_trace() -> None:
    plain = Part("bad_rate", counts_defaults=False)
    assert canonical(plain) == "{counts_defaults='False',measure='bad_rate'}"
    assert canonical(Part("bad_rate", counts_defaults=False, weight=Decimal("1.0"))) == canonical(plain)


def test_a_key_that_says_something_does() -> None:
    plain = Limit(5, "workday", "service", count_first=True)
    rolled = Limit(5, "workday", "service", count_first=True, roll="next_workday")
    assert canonical(rolled) == canonical(plain).replace("unit=", "roll='next_workday',unit=")


def test_what_has_no_default_is_always_told() -> None:
    assert canonical(Limit(0, "hour", "service")) == "{after='service',n='0',unit='hour'}"
