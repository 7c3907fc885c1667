"""Where a rating came from, what may be said later, whether it found its case.

A default is no origin: it is another fact (`DefaultRating`)."""

from enum import StrEnum


class Origin(StrEnum):
    CITIZEN = "citizen"
    DEVICE = "device"
    CLIENT = "client"
    CLIENT_OF_RATED = "client_of_rated"
    PAPER = "paper_entry"
    HOTLINE = "hotline_entry"
    UPPER_PLATFORM = "upper_platform"
    IMPORT = "import"
    SIMULATION = "simulation"


class WordKind(StrEnum):
    """What a rater says later, beside the rating: each kind is a dimension of the rules by the same name."""

    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    FOLLOW_UP = "follow_up"


class VoidEffect(StrEnum):
    """What became of a rating by a decision of two persons; the last one stands."""

    COUNTED = ""  # it counts (again)
    NOT_COUNTED = "not_counted"  # its occasion is neither rated nor un-rated
    UNRATED = "unrated"  # as if nobody had rated
    DEFAULT = "default"  # as if silence had counted


class Settled(StrEnum):
    """What became of the number of a case that somebody named with a rating by a static code."""

    MATCHED = "matched"  # the rating counts for that service
    # One device named several cases, several devices one, or one number means several services.
    SEVERAL = "several"
    TAKEN = "taken"  # the service was rated otherwise
    UNFIT = "unfit"  # the rules of the service take no such rating: without a name, or without a reason
    VOIDED = "voided"  # the rating itself was decided not to count
    WITHDRAWN = "withdrawn"  # its rater took the rating back
    UNMATCHED = "unmatched"  # no such service was reported in time
