"""Which editions of the rules were in force in a period. Pure."""

from datetime import timedelta

from haochaping.policy.owed import Period
from haochaping.policy.rulebook import Rulebook


def editions(rulebook: Rulebook, code: str, period: Period) -> list[dict[str, str]]:
    """Those of a division, in order: `from` which day of the period (ISO), `rules` and `version`. Days without rules are
    left out."""
    found: list[dict[str, str]] = []
    for number in range((period.last - period.first).days + 1):
        day = period.first + timedelta(days=number)
        try:
            profile = rulebook.profile(code, day)
        except LookupError:
            continue
        if not found or found[-1]["version"] != profile.version:
            found.append({"from": day.isoformat(), "rules": profile.key, "version": profile.version})
    return found
