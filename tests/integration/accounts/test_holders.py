"""Who acts with a permission in an organisation today: those who hold the post, and who stands in for them."""

from datetime import datetime, timedelta

import pytest

from haochaping.accounts.models import Deputy, Official, Post
from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission, Role
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from tests.orders import make_city, make_official

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_holders_and_their_deputies_of_this_very_organisation_and_day(now: datetime) -> None:
    city, today = make_city(), local_day(now)
    handler = make_official(city.police, now, "handler")
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    deputy = make_official(city.county, now, "deputy")
    post = Post.objects.get(official_id=handler)
    Deputy.objects.create(
        id=new_id(now), post=post, official_id=deputy, valid_from=today + DAY, valid_to=today + 2 * DAY
    )

    def found(permission: Permission, days: int = 0) -> dict[int, set[object]]:
        asked = [city.police, city.authority]
        told = holders(organisations=asked, permission=permission, on=today + days * DAY)
        return {organisation: set(officials) for organisation, officials in told.items()}

    assert found(Permission.HANDLE_ORDERS) == {city.police: {handler}, city.authority: set()}
    assert found(Permission.HANDLE_ORDERS, 1)[city.police] == {handler, deputy}
    assert found(Permission.HANDLE_ORDERS, 3)[city.police] == {handler}
    # The authority looks after the police and is told as the authority, not as the police.
    assert found(Permission.VIEW_ORDERS) == {city.police: {handler}, city.authority: {officer}}
    Official.objects.filter(id__in=[handler, deputy]).update(is_active=False)
    assert found(Permission.HANDLE_ORDERS, 1)[city.police] == set()
    assert holders(organisations=[], permission=Permission.VIEW_ORDERS, on=today) == {}
