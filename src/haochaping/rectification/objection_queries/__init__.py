"""Reads of objections: of the rated, of the body that decides, and the figures of bodies."""

from haochaping.rectification.objection_queries.body import objection, objections_of_body, objections_waiting
from haochaping.rectification.objection_queries.elsewhere import rated_elsewhere, rated_order
from haochaping.rectification.objection_queries.figures import (
    decisions_by_body,
    held_back,
    held_back_orders,
    is_held_back,
)
from haochaping.rectification.objection_queries.own import own_offer, own_rating, own_ratings
from haochaping.rectification.objection_queries.rated import contests_of, offer_to_file

__all__ = [
    "contests_of",
    "decisions_by_body",
    "held_back",
    "held_back_orders",
    "is_held_back",
    "objection",
    "objections_of_body",
    "objections_waiting",
    "offer_to_file",
    "own_offer",
    "own_rating",
    "own_ratings",
    "rated_elsewhere",
    "rated_order",
]
