"""Administrative division codes (GB/T 2260, 6 digits; extended to 12) as a tree."""

# Where village, township, county, city and province begin inside the code.
_BEGINNINGS = (9, 6, 4, 2, 0)
_FORMS = (6, 12)


def stem(code: str) -> str:
    """The code without the zeros of the levels below: 530100 and 530100000000 are both "5301", 000000 is "".

    A division lies in another one when its stem begins with the other's. Raises ValueError for no code.
    """
    if len(code) not in _FORMS or not (code.isascii() and code.isdigit()):
        raise ValueError("a division code has 6 or 12 digits")
    for at in _BEGINNINGS:
        if code[at:].strip("0"):
            break
        code = code[:at]
    return code
