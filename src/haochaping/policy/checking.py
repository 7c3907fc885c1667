"""Every mistake in rule files at once: also what can be loaded and yet cannot be meant."""

import os
from collections.abc import Iterator
from pathlib import Path

from haochaping.policy.calendars import load_calendar
from haochaping.policy.doubts import doubts
from haochaping.policy.jurisdictions import collect_jurisdictions
from haochaping.policy.rule_files import CALENDARS, PROFILE, PROFILES, RuleDirs, calendars_in, profiles_in
from haochaping.policy.shortfalls import shortfall
from haochaping.policy.sources import RULES_DIR, Mistake, RulesError
from haochaping.policy.tags import Tags

_TAGS = Path("tags")


def check(path: Path) -> tuple[Mistake, ...]:
    """All mistakes of a directory of rules, or of one file in it; names and lines as in the directory.

    A directory that is not the product's own is checked on top of it, as HAOCHAPING_RULES_DIR is read. Raises RulesError
    for a path that is no directory of rules and stands in none.
    """
    if path.is_dir() and (path / PROFILE).is_file():
        path = path / PROFILE
    if path.is_file():
        root = _root_of(path)
        alone = path.resolve().relative_to(root).as_posix()
        return tuple(each for each in check(root) if each.file == alone)
    if not any((path / folder).is_dir() for folder in (PROFILES, CALENDARS, _TAGS)):
        problem = (
            f"holds no rules; expected {PROFILES}/NAME/{PROFILE} or {CALENDARS.as_posix()}/YEAR.toml in it"
        )
        raise RulesError(path.name, "", problem)
    dirs = RuleDirs.tried(path)
    jurisdictions, mistakes = collect_jurisdictions(dirs.profiles)
    broken = {each.key.partition("[")[0] for each in mistakes}
    found = [*mistakes, *doubts(jurisdictions, broken=broken)]
    found += [*_calendar_mistakes(dirs), *_tag_mistakes(path), *_strays(path)]
    # Of the product's own files only that is told which the operator's have brought about.
    return tuple(each for each in found if os.path.lexists(path / each.file) or not _shipped(each.file))


def remarks(path: Path) -> tuple[str, ...]:
    """What the running system does not carry out of rules without mistakes, a line for each value with its file and line; of
    the same files as `check`."""
    if path.is_dir() and (path / PROFILE).is_file():
        path = path / PROFILE
    root = _root_of(path) if path.is_file() else path
    jurisdictions, _ = collect_jurisdictions(RuleDirs.tried(root).profiles)
    asked = [each for each in jurisdictions if os.path.lexists(root / each.file)]
    if path.is_file():
        asked = [each for each in asked if each.file == path.resolve().relative_to(root).as_posix()]
    return tuple(
        f"{value.place}: {name}: not carried out by the running system: {said}"
        for each in asked
        for name, values in each.values.items()
        for value in values
        if (said := shortfall(name, value))
    )


def _root_of(path: Path) -> Path:
    """The directory of rules in which a profile, calendar or dictionary stands."""
    for parent in path.resolve().parents:
        if parent.name in (PROFILES.name, CALENDARS.parent.name, _TAGS.name):
            return parent.parent
    raise RulesError(
        path.name, "", f"stands in no directory of rules; expected DIR/{PROFILES}/NAME/{PROFILE}"
    )


def _shipped(file: str) -> bool:
    return (RULES_DIR / file).is_file()


def _calendar_mistakes(dirs: RuleDirs) -> Iterator[Mistake]:
    try:
        load_calendar(*dirs.calendars)
    except RulesError as error:
        yield from error.mistakes


def _tag_mistakes(root: Path) -> Iterator[Mistake]:
    if (root / _TAGS).is_dir():
        try:
            Tags.load(root)
        except RulesError as error:
            yield from error.mistakes


def _strays(root: Path) -> Iterator[Mistake]:
    """Files that look like rules and are never read: a name that is spelt wrongly must not pass for a rule."""
    try:
        read = {*profiles_in(root), *calendars_in(root)}
    except RulesError:
        return  # told with the profiles and calendars
    for folder in (PROFILES, Path("calendars")):
        for path in sorted((root / folder).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if path.is_file() and ".toml" in path.name.lower() and path not in read and not hidden:
                expected = (
                    f"{PROFILES}/NAME/{PROFILE}"
                    if folder == PROFILES
                    else f"{CALENDARS.as_posix()}/YEAR.toml"
                )
                yield Mistake(
                    path.relative_to(root).as_posix(), "", f"is read by nobody; expected {expected}"
                )
