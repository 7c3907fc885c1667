"""How much waits for somebody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many, of them so many `late`: their limit has passed, and its end is no provisional one."""

    number: int
    late: int
