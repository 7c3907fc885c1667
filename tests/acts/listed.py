"""All of them: whoever adds a module of acts names it here."""

from tests.acts import ACTS, orders, others, people

__all__ = ["ACTS", "orders", "others", "people"]
