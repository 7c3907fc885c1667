"""The rankings of a publication, made out of its record alone: who stands where, with whom he shares it, who is not ranked
and why; and the same among those with about as many ratings. Pure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haochaping.scoring.beside import VOLUMES


@dataclass(frozen=True, slots=True)
class Standing:
    """One place. `rank` None: not ranked, `why` by a code of `scoring.words.why`, or of `publication.words.why` for what is
    `withheld`. `points`: an exact fraction, "" for none; `tied`: somebody else has the same rank."""

    name: str
    ended: bool
    rank: int | None
    of: int | None
    tied: bool
    points: str = ""
    grade: str = ""
    why: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """Those of one kind by one score, the first place first, then those who are not ranked, by name. `other_reading`: it is
    shown beside the score that counts."""

    key: str
    label: str
    clause: str
    kind: str
    other_reading: bool
    ranked: tuple[Standing, ...]
    unranked: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """One place among those with about as many ratings, by the good rate of active ratings."""

    standing: Standing
    ratings: int
    share: str | None
    interval: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Volume:
    """Those of one kind with so many ratings: `least` and more, fewer than `under` (None: any number)."""

    kind: str
    least: int
    under: int | None
    rows: tuple[Similar, ...]


def rankings(record: Mapping[str, Any]) -> Iterator[Ranking]:
    """One for each score and kind in which somebody has that score."""
    withheld = {(each["kind"], each["name"]): each["why"] for each in record["withheld"]}
    for key, score in record["scores"].items():
        for kind, rows in record["rows"].items():
            if any(key in row.get("scores", {}) for row in rows):
                standings = _standings(key, kind, rows, withheld)
                yield Ranking(
                    key=key,
                    label=score["label"],
                    clause=score["clause"],
                    kind=kind,
                    other_reading=bool(score.get("variant_of")),
                    ranked=tuple(sorted((each for each in standings if each.rank), key=_place)),
                    unranked=tuple(
                        sorted((each for each in standings if not each.rank), key=lambda one: one.name)
                    ),
                )


def volumes(record: Mapping[str, Any]) -> Iterator[Volume]:
    """The groups of each kind, that with most ratings first; none that is empty."""
    bounds = sorted(record.get("volumes", VOLUMES), reverse=True)
    for kind, rows in record["rows"].items():
        for least, under in zip(bounds, (None, *bounds), strict=False):
            found = [row for row in rows if row.get("rank_among_similar") and _within(row, least, under)]
            if found:
                yield Volume(kind, least, under, tuple(sorted(_similar(found), key=_similar_place)))


def _standings(
    key: str, kind: str, rows: Sequence[Mapping[str, Any]], withheld: Mapping[tuple[str, str], str]
) -> list[Standing]:
    """Who has the score, or is withheld. Of a unit to which the score does not apply nothing is said."""
    ranks = Counter(row["scores"][key]["rank"] for row in rows if key in row.get("scores", {}))
    found = []
    for row in rows:
        if "counts" not in row:
            why = withheld.get((kind, row["name"]), "")
            found.append(Standing(row["name"], row["ended"], None, None, False, why=why, withheld=True))
        elif key in row["scores"]:
            said = row["scores"][key]
            tied = said["rank"] is not None and ranks[said["rank"]] > 1
            found.append(
                Standing(
                    row["name"],
                    row["ended"],
                    said["rank"],
                    said["of"],
                    tied,
                    points=said["points"],
                    grade=said["grade"],
                    why=said["why"],
                )
            )
    return found


def _within(row: Mapping[str, Any], least: int, under: int | None) -> bool:
    ratings = row["counts"].get("ratings", 0)
    return ratings >= least and (under is None or ratings < under)


def _similar(rows: Sequence[Mapping[str, Any]]) -> Iterator[Similar]:
    ranks = Counter(row["rank_among_similar"][0] for row in rows)
    for row in rows:
        rank, of = row["rank_among_similar"]
        ends = row["interval"]
        yield Similar(
            Standing(row["name"], row["ended"], rank, of, ranks[rank] > 1),
            row["counts"].get("ratings", 0),
            row["shares"].get("good_active"),
            (ends[0], ends[1]) if ends else None,
        )


def _place(each: Standing) -> tuple[int, str]:
    return each.rank or 0, each.name


def _similar_place(each: Similar) -> tuple[int, str]:
    return _place(each.standing)
