"""That a file is not what is taken."""

from haochaping.evidence.states import Fault


class Unacceptable(Exception):
    """`fault` says why, never what the file holds."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
