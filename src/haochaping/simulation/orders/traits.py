"""What becomes of each order: drawn from its rating and the seed, so that it is the same however often one begins. Pure."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from haochaping.simulation.marginals import Shape


@dataclass(frozen=True, slots=True)
class Traits:
    """`idle`: nobody takes it for weeks; `extended`: more time is asked for; `joint`: another organisation has a part;
    `contested`: what becomes of an objection, "" where nobody objects."""

    idle: bool
    extended: bool
    joint: bool
    contested: str


def traits(shape: Shape, seed: int, subject: UUID) -> Traits:
    """Of the order about this rating."""
    draws = drawn(seed, subject, "traits")
    outcomes = shape.objections.outcomes
    contested = draws.random() < shape.objections.share
    became = draws.choices(tuple(outcomes), weights=tuple(outcomes.values()))[0]
    return Traits(
        idle=draws.random() < shape.orders.idle,
        extended=draws.random() < shape.orders.extended,
        joint=draws.random() < shape.orders.joint,
        contested=became if contested else "",
    )


def drawn(seed: int, subject: UUID, about: object) -> Random:
    """Draws about one thing of one order."""
    return Random(f"{seed} {subject} {about}")  # noqa: S311 - reproducible on purpose
