"""Master keys are read from where they are; whatever one wrapped is opened by that one only; the root outlives them."""

import base64
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from haochaping.foundation.keys import CREDENTIAL, KeyMissing, read_ring, written
from haochaping.foundation.masters import HeldMaster, Master, MasterUnknown, Ring, seal_root
from haochaping.foundation.sealing import SealBroken, seal, unseal

SECRET = b"01234567890123456789012345678901"
TEXT = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OLD, NEW = HeldMaster(SECRET), HeldMaster(b"n" * 32)


def test_the_master_key_comes_from_the_environment_or_the_file(tmp_path: Path) -> None:
    assert read_ring({"HAOCHAPING_MASTER_KEY": TEXT}) == Ring(OLD)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_text(TEXT + "\n")
    assert read_ring({"HAOCHAPING_DATA": str(tmp_path)}) == Ring(OLD)


def test_a_credential_of_systemd_holds_the_current_key_and_earlier_ones_below(tmp_path: Path) -> None:
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "HAOCHAPING_DATA": "nowhere"}
    with pytest.raises(KeyMissing, match="nowhere"):
        read_ring(environment)
    (tmp_path / CREDENTIAL).write_text(f"{written(Ring(NEW))}\n{TEXT}\n")
    assert read_ring(environment) == Ring(NEW, (OLD,))
    assert read_ring(environment | {"HAOCHAPING_MASTER_KEY": TEXT}) == Ring(OLD)
    (tmp_path / CREDENTIAL).write_text("")
    with pytest.raises(KeyMissing, match="0 bytes"):
        read_ring(environment)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "neither"),
        ({"HAOCHAPING_MASTER_KEY": "!!"}, "not base64"),
        ({"HAOCHAPING_MASTER_KEY": "AAAA"}, "3 bytes"),
        ({"HAOCHAPING_DATA": "nowhere"}, "is missing"),
        ({"HAOCHAPING_MASTER_KEY": TEXT, "HAOCHAPING_OLD_MASTER_KEYS": "AAAA"}, "OLD_MASTER_KEYS holds 3"),
        ({"HAOCHAPING_MASTER_KEY": TEXT, "HAOCHAPING_MASTER_MODULE": "json"}, "holds no root secret"),
        ({"HAOCHAPING_MASTER_KEY": ".AAAA", "HAOCHAPING_MASTER_MODULE": "json"}, "json with masters"),
        ({"HAOCHAPING_MASTER_KEY": ".AAAA", "HAOCHAPING_MASTER_MODULE": "no_such"}, "no_such with masters"),
    ],
)
def test_without_a_usable_key_nothing_starts(environment: dict[str, str], says: str) -> None:
    with pytest.raises(KeyMissing, match=says):
        read_ring(environment)


def test_the_root_is_the_first_master_key_and_outlives_it() -> None:
    first = Ring(OLD)
    assert first.root() == SECRET
    second = first.succeeded_by(NEW)
    assert second.root() == SECRET
    assert second.current is NEW
    assert second.retired == (OLD,)
    read = read_ring({"HAOCHAPING_MASTER_KEY": written(second), "HAOCHAPING_OLD_MASTER_KEYS": TEXT})
    assert read == second
    assert written(first) == TEXT


def test_a_root_under_a_lost_master_key_is_no_root() -> None:
    sealed = seal_root(OLD, SECRET)
    assert Ring(NEW, (OLD,), sealed).root() == SECRET
    with pytest.raises(SealBroken):
        Ring(NEW, (), sealed).root()


def test_each_master_key_opens_its_own() -> None:
    wrapped, by = Ring(OLD).wrap(b"key", b"place")
    ring = Ring(OLD).succeeded_by(NEW)
    assert ring.unwrap(wrapped, b"place", by) == b"key"
    assert ring.unwrap(wrapped, b"place", "") == b"key"
    with pytest.raises(SealBroken):
        ring.unwrap(wrapped, b"elsewhere", by)
    with pytest.raises(MasterUnknown):
        ring.unwrap(wrapped, b"elsewhere", "")
    with pytest.raises(MasterUnknown):
        Ring(NEW).unwrap(wrapped, b"place", by)


def test_no_secret_is_in_what_is_printed() -> None:
    shown = repr(Ring(OLD).succeeded_by(NEW))
    assert "0123456789" not in shown
    assert "nnnn" not in shown


class Module:
    """A hardware module as a test plays it: its key never leaves it."""

    fingerprint = "slot-7"

    def wrap(self, plain: bytes, place: bytes) -> bytes:
        return seal(b"h" * 16, plain, place)

    def unwrap(self, wrapped: bytes, place: bytes) -> bytes:
        return unseal(b"h" * 16, wrapped, place)


def test_hardware_stands_behind_the_same_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    def masters(environment: Mapping[str, str]) -> Sequence[Master]:
        return [Module(), OLD][: int(environment["SLOTS"])]

    module = ModuleType("a_module")
    module.masters = masters  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "a_module", module)
    root = base64.b64encode(seal_root(Module(), SECRET)).decode()
    settings = {"HAOCHAPING_MASTER_KEY": f".{root}", "HAOCHAPING_MASTER_MODULE": "a_module", "SLOTS": "2"}
    ring = read_ring(settings)
    assert ring.root() == SECRET
    assert ring.wrap(b"key", b"place")[1] == "slot-7"
    assert ring.unwrap(OLD.wrap(b"key", b"place"), b"place", OLD.fingerprint) == b"key"
    assert written(ring) == f".{root}"
    with pytest.raises(KeyMissing, match="gave no master key"):
        read_ring({**settings, "SLOTS": "0"})


def test_hardware_without_a_root_is_no_ring() -> None:
    with pytest.raises(SealBroken):
        Ring(Module()).root()
