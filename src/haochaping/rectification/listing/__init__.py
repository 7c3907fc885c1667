"""Lists of orders: the desk with its filters, what can be dispatched together, the ledger, the views that somebody keeps."""

from haochaping.rectification.listing.filters import Carrier, DeskFilter, Due, Show
from haochaping.rectification.listing.ledger import (
    Ledger,
    LedgerFilter,
    LedgerRow,
    Outcome,
    ledger,
    whole_ledger,
)
from haochaping.rectification.listing.pages import Desk, desk
from haochaping.rectification.listing.saved import ViewRow, views_of
from haochaping.rectification.listing.sight import lists_of
from haochaping.rectification.listing.together import Candidate, Hindrance, Together, together

__all__ = [
    "Candidate",
    "Carrier",
    "Desk",
    "DeskFilter",
    "Due",
    "Hindrance",
    "Ledger",
    "LedgerFilter",
    "LedgerRow",
    "Outcome",
    "Show",
    "Together",
    "ViewRow",
    "desk",
    "ledger",
    "lists_of",
    "together",
    "views_of",
    "whole_ledger",
]
