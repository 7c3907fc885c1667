"""SQL over the tables of this room, for the statements of the rooms above."""

# For the rater's own page: $1 = receipt number as stored. `kept_secret` must fit before anything is shown.
RATING_OF_RECEIPT = """
SELECT c.secret AS kept_secret, r.id AS rating_id, r.level, r.tags, r.text, r.named, r.service_day,
       r.organisation_id, r.division_id, r.hall_id, r.window_id, r.staff_id, r.item_id, r.profile, r.received_at
FROM ratings_receipt c JOIN ratings_rating r ON r.id = c.rating_id
WHERE c.number = $1
"""
