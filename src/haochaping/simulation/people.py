"""Invented citizens and companies. Telephone numbers begin with 12, which no network gives out."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉萍红玲建国文斌宇浩凯云晨欣怡然子涵梓轩"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")
_MINORITY = ("阿卜杜热西提·买买提", "木呷·阿木", "扎西·次仁", "岩温·罕")
_TRADES = ("商贸", "餐饮", "物流", "建筑工程", "文化传播", "科技")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """Who was served, in the fields of the national convention."""

    name: str
    kind: str  # userProp
    document_kind: str  # userPageType
    document: str
    phone: str


def person(random: Random, division_code: str, today: date) -> Person:
    """A citizen (nine of ten) or a company of a division."""
    number = phone(random)
    if random.random() < 0.1:
        company = f"{name(random)}{random.choice(_TRADES)}有限公司"
        return Person(company, "2", "001", credit_code(random, division_code), number)
    return Person(name(random), "1", "111", resident_id(random, division_code, today), number)


def phone(random: Random) -> str:
    """Eleven digits that no network gives out."""
    return "12" + "".join(random.choices("0123456789", k=9))


def resident_id(random: Random, division_code: str, today: date) -> str:
    """An 18-character number of an adult with its check character (GB 11643)."""
    born = today - timedelta(days=random.randrange(18 * 366, 90 * 365))
    body = f"{division_code}{born:%Y%m%d}{random.randrange(1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit_code(random: Random, division_code: str) -> str:
    """An 18-character code of a company with its check character (GB 32100)."""
    body = "91" + division_code + "".join(random.choices(_CREDIT_ALPHABET, k=9))
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight
        for character, weight in zip(body, _CREDIT_WEIGHTS, strict=True)
    )
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]


def name(random: Random) -> str:
    """Of a citizen."""
    chance = random.random()
    if chance < 0.01:
        return random.choice(_MINORITY)
    surname = random.choice(_COMPOUND) if chance < 0.03 else random.choice(_SURNAMES)
    given = random.sample(_GIVEN, k=2 if random.random() < 0.75 else 1)
    return surname + "".join(given)
