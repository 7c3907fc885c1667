"""What a handler may read of what a rater wrote: no numbers, and never the rater's own name."""

import logging
from collections.abc import Callable

from haochaping.cases.queries import occasion_facts
from haochaping.foundation.errors import NotFound
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.masks import mask_text
from haochaping.identity.operations import hide_person
from haochaping.ratings.afterwards import Word
from haochaping.ratings.queries import RatingForOrder
from haochaping.ratings.wording import opened_word

TEXT_WITHHELD = "（评价文字暂时无法隐去姓名，未予显示。）"

logger = logging.getLogger(__name__)


def masked_text(rating: RatingForOrder) -> str:
    """The text that stands.

    When the vault does not open, the order comes without the text rather than with a name in it, or not at all.
    """
    return _masked(rating, rating.text)


def masked_word(rating: RatingForOrder, word: Word) -> str:
    """The text of what was said later, likewise."""
    return _masked(rating, lambda: opened_word(word.text, word.id))


def _masked(rating: RatingForOrder, said: Callable[[], str]) -> str:
    try:
        text = said()
        if not text or rating.occasion_id is None:
            return mask_text(text)
        facts = occasion_facts(occasion_id=rating.occasion_id)
        return hide_person(record_id=facts.version_id, text=text)
    except (NotFound, SealBroken) as error:
        logger.error("the text of a bad rating is withheld (%s)", type(error).__name__)
        return TEXT_WITHHELD
