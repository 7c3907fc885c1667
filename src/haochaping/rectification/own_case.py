"""Nobody handles, approves or decides a case in which he is the one who was rated."""

from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.ratings.queries import RatingForOrder, rating_of_order


def is_own_case(*, subject_id: UUID, official_id: UUID) -> bool:
    """Whether the official was, on the day of the service, the member of staff whom the rating names.

    `subject_id` is the rating's id, as an order or an objection carries it; a rating that is not there is nobody's case.
    Whoever decides about a rating asks this first: the objection goes to the authority, and never to the rated (Kunming,
    article 10).
    """
    rating = rating_of_order(subject_id)
    return is_rated_in(rating, official_id=official_id)


def is_rated_in(rating: RatingForOrder | None, *, official_id: UUID) -> bool:
    """The same of a rating that is at hand."""
    return (
        rating is not None
        and rating.staff_id is not None
        and officials.is_staff(official_id=official_id, staff_id=rating.staff_id, on=rating.service_day)
    )
