"""All rules, loaded once: ask it for the rule of a place on a day."""

import hashlib
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.calendars import load_calendar
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.divisions import stem
from haochaping.policy.jurisdictions import Jurisdiction, read_jurisdictions
from haochaping.policy.profile import Profile
from haochaping.policy.sources import RULES_DIR, RulesError
from haochaping.policy.values import Value

__all__ = ["Profile", "Rulebook", "RulesError"]

# Some 3,000 counties for three weeks of days; what is not asked for again falls out.
_LOOKUPS_KEPT = 65_536


class Rulebook:
    """Jurisdictions and calendar, immutable; safe to share between threads. Load one and keep it."""

    def __init__(self, jurisdictions: tuple[Jurisdiction, ...], calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._jurisdictions = jurisdictions
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._lookup = lru_cache(maxsize=_LOOKUPS_KEPT)(self._find)

    @classmethod
    def load(cls, rules_dir: Path | None = None) -> "Rulebook":
        """Reads everything or nothing: the product's own `rules/`, or another directory of the same form.

        Raises RulesError naming file, key and what is wrong.
        """
        chosen = rules_dir or RULES_DIR
        return cls(read_jurisdictions(chosen), load_calendar(chosen))

    def profile(self, division_code: str, on: date) -> Profile:
        """The rules in force in a division (6 or 12 digits) on a day, e.g. the day of the service.

        Each value is that of the narrowest layer that lays it down. Asked again, it costs well under 2 µs.
        Raises ValueError for what is no division code, LookupError when no jurisdiction applies to it.
        """
        return self._lookup(division_code, on)

    def _find(self, division_code: str, on: date) -> Profile:
        division = stem(division_code)
        layers = [each for each in self._jurisdictions if each.covers(division)]
        if not layers:
            raise LookupError(f"no jurisdiction applies to the division {division_code}")
        values: dict[str, Any] = {name: _effective(layers, name, on) for name in DIMENSIONS}
        version = _version(values)
        # Days on which nothing changes share one profile.
        key = layers[0].key, version
        if key not in self._profiles:
            self._profiles[key] = Profile(
                key=layers[0].key,
                name=layers[0].name,
                layers=tuple(each.key for each in layers),
                version=version,
                calendar=self.calendar,
                **values,
            )
        return self._profiles[key]


def _effective(layers: list[Jurisdiction], dimension: str, on: date) -> Value[Any] | None:
    found = (layer.value(dimension, on) for layer in layers)
    return next((value for value in found if value is not None), None)


def _version(values: dict[str, Any]) -> str:
    """The same for the same values and citations, in every process and on every machine."""
    text = ";".join(f"{name}={_canonical(values[name])}" for name in sorted(values))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _canonical(value: object) -> str:
    if is_dataclass(value):
        return "(" + ",".join(f"{f.name}={_canonical(getattr(value, f.name))}" for f in fields(value)) + ")"
    if isinstance(value, tuple):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if hasattr(value, "items"):
        return "{" + ",".join(f"{key!r}:{_canonical(each)}" for key, each in sorted(value.items())) + "}"
    return repr(str(value)) if value is not None else "-"
