"""Keys, seals and keyed hashes with the national algorithms: SM4-GCM (GB/T 32907, RFC 8998) and HMAC-SM3 (GB/T 32905).

Pure functions over bytes; where keys come from is said in `foundation.keys`.
"""

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_SIZE = 16
_NONCE = 12
_DRAWN = 256
_TAG = 16


class SealBroken(Exception):
    """What was sealed was altered, moved to another row or column, or sealed under another key."""


def sm3(data: bytes) -> bytes:
    """The SM3 digest, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


class Sm3:
    """An SM3 digest that is still being made, as hashlib makes them."""

    def __init__(self) -> None:
        self._made = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._made.update(data)

    def hexdigest(self) -> str:
        return self._made.copy().finalize().hex()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    mac = _begun(key).copy()
    mac.update(data)
    return mac.finalize()


# Reported records take a dozen seals and keyed hashes each: what depends on the key alone is made once for it.
_KEYS = 64


@lru_cache(maxsize=_KEYS)
def _begun(key: bytes) -> keyed.HMAC:
    return keyed.HMAC(key, hashes.SM3())


@lru_cache(maxsize=_KEYS)
def _sm4(key: bytes) -> algorithms.SM4:
    return algorithms.SM4(key)


def same(left: bytes, right: bytes) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(left, right)


def derive(master: bytes, purpose: str, size: int = KEY_SIZE) -> bytes:
    """A key of its own for each purpose (HKDF-expand with HMAC-SM3, RFC 5869 2.3); `size` up to 32 bytes."""
    return hmac_sm3(master, purpose.encode() + b"\x01")[:size]


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """nonce (12) + ciphertext + tag (16). `bound_to` names row and column: the seal opens nowhere else."""
    nonce = os.urandom(_NONCE)
    return nonce + _encrypted(Cipher(_sm4(key), modes.GCM(nonce)), plain, bound_to)


class Sealer:
    """Many seals under one key, as `seal` makes them, with nonces drawn in blocks. For one thread."""

    def __init__(self, key: bytes) -> None:
        self._cipher: Cipher[modes.GCM] = Cipher(_sm4(key), modes.GCM(bytes(_NONCE)))
        self._nonces = b""
        self._at = 0

    def __call__(self, plain: bytes, bound_to: bytes) -> bytes:
        if self._at >= len(self._nonces):
            self._nonces, self._at = os.urandom(_DRAWN * _NONCE), 0
        nonce = self._nonces[self._at : self._at + _NONCE]
        self._at += _NONCE
        # A quarter of the cost is the making of a cipher; only the nonce is another each time.
        self._cipher.mode = modes.GCM(nonce)
        return nonce + _encrypted(self._cipher, plain, bound_to)


def _encrypted(cipher: Cipher[modes.GCM], plain: bytes, bound_to: bytes) -> bytes:
    encryptor = cipher.encryptor()
    encryptor.authenticate_additional_data(bound_to)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What `seal` closed. Raises SealBroken."""
    nonce, body, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
    if len(sealed) < _NONCE + _TAG:
        raise SealBroken
    decryptor = Cipher(_sm4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound_to)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag as error:
        raise SealBroken from error
