"""Administrative division codes (GB/T 2260, 6 digits; extended to 12) as a tree."""

# Widths of province, city, county, township and village inside the code.
_GROUPS = (2, 2, 2, 3, 3)
_FORMS = (6, 12)


def stem(code: str) -> str:
    """The code without the zeros of the levels below: 530100 and 530100000000 are both "5301", 000000 is "".

    A division lies in another one when its stem begins with the other's. Raises ValueError for no code.
    """
    if len(code) not in _FORMS or not (code.isascii() and code.isdigit()):
        raise ValueError("a division code has 6 or 12 digits")
    groups, at = [], 0
    for width in _GROUPS:
        groups.append(code[at : at + width])
        at += width
    while groups and not groups[-1].strip("0"):
        groups.pop()
    return "".join(groups)
