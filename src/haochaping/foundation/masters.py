"""Master keys: what wraps other keys, in a file or in hardware, and which of them stands for what was wrapped."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from haochaping.foundation.sealing import KEY_SIZE, SealBroken, derive, hmac_sm3, seal, unseal

MASTER_SIZE = 32
_ROOT = b"root secret"


class MasterUnknown(LookupError):
    """What was wrapped names a master key that is not at hand: put the old key back beside the new one."""


class Master(Protocol):
    """A master key that wraps and opens other keys and need not show itself: also one inside an HSM.

    `fingerprint` (1 to 16 characters) names it and tells nothing of it. `place` binds what is wrapped to where it lies;
    `unwrap` raises SealBroken for another place or key.
    """

    @property
    def fingerprint(self) -> str: ...
    def wrap(self, plain: bytes, place: bytes) -> bytes: ...
    def unwrap(self, wrapped: bytes, place: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class HeldMaster:
    """A master key of 32 bytes held in memory, as files and the environment give it."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return hmac_sm3(self.secret, b"fingerprint")[:8].hex()

    def wrap(self, plain: bytes, place: bytes) -> bytes:
        return seal(derive(self.secret, "vault kek"), plain, place)

    def unwrap(self, wrapped: bytes, place: bytes) -> bytes:
        return unseal(derive(self.secret, "vault kek"), wrapped, place)


@dataclass(frozen=True, slots=True)
class Ring:
    """The master keys of this installation: `current` wraps, `retired` only open what they wrapped once.

    `sealed_root` is the root secret wrapped by `current`, or by a retired key as long as a change is under way; None where
    the master key itself is the root.
    """

    current: Master
    retired: tuple[Master, ...] = ()
    sealed_root: bytes | None = field(default=None, repr=False)

    def wrap(self, plain: bytes, place: bytes) -> tuple[bytes, str]:
        """Wrapped by the current master key, and its fingerprint to be kept beside."""
        return self.current.wrap(plain, place), self.current.fingerprint

    def unwrap(self, wrapped: bytes, place: bytes, by: str) -> bytes:
        """What the master key `by` wrapped; "" where none was kept. Raises MasterUnknown and SealBroken."""
        for master in (self.current, *self.retired):
            if by in (master.fingerprint, ""):
                try:
                    return master.unwrap(wrapped, place)
                except SealBroken:
                    if by:
                        raise
        raise MasterUnknown(by)

    def root(self) -> bytes:
        """The secret (32 bytes) that all keys with a purpose are derived from; it outlives master keys.

        Raises SealBroken when it was wrapped by none of these master keys.
        """
        if self.sealed_root is not None:
            return self._opened_root(self.sealed_root)
        if isinstance(self.current, HeldMaster):
            return self.current.secret
        raise SealBroken

    def _opened_root(self, sealed: bytes) -> bytes:
        for master in (self.current, *self.retired):
            with suppress(SealBroken):
                return master.unwrap(sealed, _ROOT)
        raise SealBroken

    def succeeded_by(self, successor: Master) -> "Ring":
        """The ring after a change of the master key: the same root under the successor, ours retired."""
        retired: Sequence[Master] = (self.current, *self.retired)
        return Ring(successor, tuple(retired), seal_root(successor, self.root()))


def seal_root(master: Master, root: bytes) -> bytes:
    """A root secret wrapped by a master key, as `Ring.sealed_root` has it."""
    if len(root) < KEY_SIZE:
        raise ValueError("a root secret has 32 bytes")
    return master.wrap(root, _ROOT)
