"""The facts of the occasion that `rules explain` asks for: typed, or the registry's, each with where it comes from."""

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from haochaping.policy.key_words import key_word
from haochaping.policy.occasions import Occasion, Selector
from haochaping.policy.shapes import keys
from haochaping.policy.vocabulary import CASE_TYPES
from haochaping.policy.wording import words_of
from haochaping.starter.layout import Layout

if TYPE_CHECKING:
    from haochaping.registry.queries import Described

_OPTIONS: Final = (
    ("department", "the kind of department (条线), e.g. hrss"),
    ("hall", "the hall's code"),
    ("place", "government_hall, own_hall, station, online, hotline or kiosk"),
    ("item", "the item's code: handling item as in the registry; without one, implementing or base code"),
    ("item-type", "permit, payment, confirmation, reward, adjudication, other_power or public_service"),
    ("channel", "web, mobile, qr, device, kiosk, hotline, sms, paper or upper_platform"),
    ("case-type", "instant or promised"),
    ("form", "single, batch, joint, theme or consultation"),
    ("stage", "the stage of the case"),
    ("rater", "person or organisation"),
    ("subject", "item, staff, hall, window, platform, guide, department or policy"),
    ("class", "the class of the bad rating"),
    ("finding", "what verification found: upheld, partly_upheld, rejected or no_legal_basis"),
)
_CREDIT: Final = re.compile(r"[0-9A-Z]{18}")
_TYPED, _REGISTRY, _CREDIT_CODE = "命令行", "登记库", "信用代码第3至8位（登记管理机关所在地）"
# Which key of a selector looks at a fact, where it is not the fact's plural.
_KEYS: Final[Mapping[str, str]] = {"named": "named", "bad_class": "classes"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An occasion. `sources`: where each known fact comes from; `names`: what the registry calls what has a code."""

    occasion: Occasion
    sources: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


def add_occasion(parser: argparse.ArgumentParser) -> None:
    """Options for every fact of an occasion."""
    parser.add_argument(
        "--organisation",
        metavar="CODE",
        help="credit code; where there is a database, the registry tells its division and line, the kind of the hall "
        "and the type of the item, as of the day",
    )
    parser.add_argument("--division", metavar="CODE", help="6 or 12 digits (default: the organisation's)")
    for name, words in _OPTIONS:
        parser.add_argument(f"--{name}", metavar="WORD", default="", help=words)
    parser.add_argument("--level", type=int, default=0, choices=range(1, 6), help="the rating's level")
    parser.add_argument("--named", choices=("yes", "no"), help="real name or anonymous")
    parser.add_argument("--no-registry", action="store_true", help="take nothing from the registry")


def asked(arguments: argparse.Namespace, on: date) -> Asked:
    """The occasion that the options describe, with what the registry knows of it on the day. What was typed goes first.

    Raises ValueError saying what is missing or wrong, NotFound for a code that the registry does not have.
    """
    typed = _typed(arguments)
    code = str(typed.get("organisation", ""))
    if code and not _CREDIT.fullmatch(code):
        raise ValueError(f"{code} is no credit code of 18 characters")
    found = _described(arguments, typed, on) if code and has_registry(arguments) else None
    known = _of_registry(found) if found else {}
    if code and not found and "division" not in typed:
        known, source = {"division": code[2:8]}, _CREDIT_CODE
    else:
        source = _REGISTRY
    facts = known | typed
    if "division" not in facts:
        raise ValueError("give --organisation CODE or --division CODE")
    sources = {fact: _TYPED if fact in typed else source for fact in facts}
    # A code that was typed is named by the registry; another division than the registry's is not.
    names = {fact: name for fact, name in found.names.items() if facts[fact] == known[fact]} if found else {}
    return Asked(Occasion(**facts), sources, names)


def has_registry(arguments: argparse.Namespace) -> bool:
    """Whether there is a database to ask: one that DATABASE_URL names, or the one of the data directory."""
    if arguments.no_registry:
        return False
    data = Path(arguments.data).expanduser().resolve()
    return bool(os.environ.get("DATABASE_URL")) or Layout(data).owner() is not None


def lines(asked: Asked) -> Iterator[str]:
    """What was asked, as text: each fact with where it comes from, and what is not known."""
    unknown = []
    yield "所问办件："
    kinds = {key.attribute: key.kind.item or key.kind for key in keys(Selector)}
    for fact in Occasion._fields:
        key = _KEYS.get(fact, f"{fact}s")
        word = key_word("Selector", key)
        if fact not in asked.sources:
            unknown.append(word)
            continue
        said = getattr(asked.occasion, fact)
        shown = words_of(kinds[key], said)
        shown = shown if shown == str(said) or not isinstance(said, str) else f"{shown}（{said}）"
        name = f" {asked.names[fact]}" if fact in asked.names else ""
        yield f"    {word}：{shown}{name} —— {asked.sources[fact]}"
    if unknown:
        yield f"    未知：{'、'.join(unknown)}。只适用于其中某一类的规定没有选用"


def _typed(arguments: argparse.Namespace) -> dict[str, Any]:
    """The facts that were typed, by their names in an occasion."""
    given = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name, _ in _OPTIONS}
    given["bad_class"] = given.pop("class")
    given |= {
        "organisation": arguments.organisation,
        "division": arguments.division,
        "level": arguments.level,
    }
    facts = {fact: said for fact, said in given.items() if said}
    return facts if arguments.named is None else {**facts, "named": arguments.named == "yes"}


def _described(arguments: argparse.Namespace, typed: Mapping[str, Any], on: date) -> "Described | None":
    """What the registry has; None where nothing was ever imported."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.registry import queries

        if not queries.edition():
            return None
        return queries.described(
            organisation=typed["organisation"], hall=typed.get("hall", ""), item=typed.get("item", ""), on=on
        )


def _of_registry(found: "Described") -> dict[str, Any]:
    case_types = {word: key for key, word in CASE_TYPES.items()}
    facts = found.situation._asdict() | {"case_type": case_types.get(found.project_type, "")}
    return {fact: said for fact, said in facts.items() if said}
