"""Which files the rules are read from, and whether they are still what they were."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Final

from haochaping.policy.sources import OPERATOR_RULES, RULES_DIR, RulesError, operator_rules

# The directory of the operator's own rules, beneath the data directory where no other one is named.
_DATA: Final = "HAOCHAPING_DATA"
CALENDARS: Final = Path("calendars") / "CN"
PROFILES: Final = Path("jurisdictions")
PROFILE: Final = "profile.toml"


def data_dir() -> Path | None:
    """The data directory of this installation, where one is named."""
    named = os.environ.get(_DATA)
    return Path(named) if named else None


def operator_dir() -> Path | None:
    """Where notices that came after the product are kept: HAOCHAPING_RULES_DIR, else `rules` in the data directory."""
    named, data = operator_rules(), data_dir()
    return named[0] if named else data / "rules" if data else None


@dataclass(frozen=True, slots=True)
class RuleDirs:
    """The directories of profiles and those of calendars; what a later one says goes before an earlier one's."""

    profiles: tuple[Path, ...]
    calendars: tuple[Path, ...]

    @classmethod
    def of_environment(cls) -> "RuleDirs":
        """The product's own, and on top of it the operator's."""
        return cls.with_operator(operator_rules(), operator_dir())

    @classmethod
    def with_operator(cls, profiles: Sequence[Path], calendars: Path | None) -> "RuleDirs":
        """The product's own, and these on top of it."""
        return cls((RULES_DIR, *profiles), (RULES_DIR, *([calendars] if calendars else [])))

    @classmethod
    def tried(cls, path: Path) -> "RuleDirs":
        """A directory that somebody is writing: on top of the product's own, as the operator's will be; by itself where it
        has a national base of its own."""
        own = any(b'layer = "national"' in each.read_bytes() for each in profiles_in(path) if each.is_file())
        return cls((path,) if own else (RULES_DIR, path), (RULES_DIR, path))

    def files(self) -> Iterator[tuple[Path, Path]]:
        """Every file that is read, with its directory of rules. Raises RulesError as those who list them do."""
        for root in self.profiles:
            yield from ((path, root) for path in profiles_in(root))
        for root in self.calendars:
            yield from ((path, root) for path in calendars_in(root))


def profiles_in(root: Path) -> list[Path]:
    """`jurisdictions/*/profile.toml`, sorted. Raises RulesError for a directory that is not there or cannot be read:
    rules that are not found must not look like rules that nobody laid down."""
    if not root.is_dir():
        problem = f"is no directory; expected one of rules, as {OPERATOR_RULES} names it"
        raise RulesError(str(root), "", problem)
    names = (root / PROFILES / name for name in _listed(root, PROFILES))
    return [folder / PROFILE for folder in names if not folder.is_file()]


def calendars_in(root: Path) -> list[Path]:
    """`calendars/CN/*.toml`, sorted. Raises RulesError when the directory cannot be read; none need be there."""
    return [root / CALENDARS / name for name in _listed(root, CALENDARS) if name.endswith(".toml")]


def _listed(root: Path, folder: Path) -> list[str]:
    """Names in a folder, without hidden ones, which editors and version control leave behind."""
    try:
        return sorted(each.name for each in (root / folder).iterdir() if not each.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise RulesError(folder.as_posix(), "", f"cannot be read ({problem.strerror})") from problem


def stamps(dirs: RuleDirs) -> tuple[object, ...]:
    """What changes whenever a file is written, replaced, added or taken away; no file is opened."""
    try:
        return tuple((path, *_stamp(path)) for path, _ in dirs.files())
    except RulesError as error:
        return (error.mistakes,)


def _stamp(path: Path) -> tuple[int | None, ...]:
    try:
        found = path.stat()
    except OSError as problem:
        return (problem.errno,)
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def version_of_files(dirs: RuleDirs) -> str:
    """A short name of what all files hold: the same in every process and on every machine that has the same files."""
    digest = hashlib.sha256()
    try:
        for path, root in dirs.files():
            content = _content(path)
            digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode())
            digest.update(content)
    except RulesError as error:
        digest.update(str(error).encode())
    return digest.hexdigest()[:12]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if S_ISREG(path.stat().st_mode) else b""
    except OSError as problem:
        return str(problem.errno).encode()
