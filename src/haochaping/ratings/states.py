"""Where a rating came from. A default is no origin of a rating: it is another fact (`DefaultRating`)."""

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
