"""Crockford base 32: what people read from paper and type again. Upper and lower case, O = 0, I = L = 1."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_ALPHABET = ALPHABET + "*~$=U"
_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def encode(data: bytes) -> str:
    """`data` as base 32 without padding, ceil(bits / 5) characters, leading zeros kept."""
    length = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (length - 1), -1, -5))


def decode(text: str, size: int) -> bytes:
    """`size` bytes back from `text`; hyphens and spaces are passed over.

    Raises ValueError when a character is unknown or the number does not fit.
    """
    clean = text.upper().replace("-", "").replace(" ", "")
    if len(clean) != -(-size * 8 // 5):
        raise ValueError("wrong length")
    number = 0
    for character in clean:
        if character not in _VALUES:
            raise ValueError("not a base 32 character")
        number = number << 5 | _VALUES[character]
    if number >> (8 * size):
        raise ValueError("too large")
    return number.to_bytes(size, "big")


def check_character(text: str) -> str:
    """The check character (modulo 37) of base 32 text, as Crockford lays it down."""
    number = 0
    for character in text.upper():
        number = number << 5 | _VALUES[character]
    return _CHECK_ALPHABET[number % 37]
