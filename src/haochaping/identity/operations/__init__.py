"""The acts on the vault: looking into it, and changing its keys while everybody works."""

from haochaping.identity.operations.forgetting import forget_people, forget_records
from haochaping.identity.operations.masked import masked_records
from haochaping.identity.operations.masters import rewrap_keys
from haochaping.identity.operations.people import Contact, Match, find_people, hide_person, reveal, speaks_of
from haochaping.identity.operations.rekeying import Batch, begin_rekeying, destroy_old_keys, rekey_batch

__all__ = [
    "Batch",
    "Contact",
    "Match",
    "begin_rekeying",
    "destroy_old_keys",
    "find_people",
    "forget_people",
    "forget_records",
    "hide_person",
    "masked_records",
    "rekey_batch",
    "reveal",
    "rewrap_keys",
    "speaks_of",
]
