"""Which rules on revisits hold of an order: asked by whoever makes duties of them, and by whoever checks a frame."""

from haochaping.oversight.revisiting import Answered, Terms, terms_for
from haochaping.rectification.operations.answered import AnsweredOrder


def terms_of_order(order: AnsweredOrder) -> tuple[Terms, ...]:
    """By key; none where no rules are known for its place."""
    if order.rules is None:
        return ()
    said = Answered(
        named=order.named,
        rectified=order.rectified,
        verified=order.verified,
        unsatisfied=order.unsatisfied,
        objected=order.objected,
    )
    return terms_for(order.rules, said)
