"""The rater's verdict in the loop by the rules of Mingzhou: an answer counts once a second person gave it, 第十二条."""

from datetime import datetime
from uuid import UUID

import pytest

from haochaping.ratings.models import Verdict
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import count_silence, open_orders
from haochaping.rectification.operations.silence import GRACE
from haochaping.rectification.states import Act, RaterAct, State
from tests import raters
from tests.integration.rectification.test_loop import RATED, TOLD, VERIFIED, at, dues, opened
from tests.orders import MINGZHOU, City, do_act, make_city, make_official

GIVEN = at(5, 27)
LAST_DAY_OVER = at(6, 4, 0)


@pytest.fixture
def city(db: None) -> City:
    return make_city(MINGZHOU)


@pytest.fixture
def handler(city: City) -> UUID:
    return make_official(city.police, RATED, "handler")


@pytest.fixture
def colleague(city: City) -> UUID:
    return make_official(city.police, RATED, "colleague")


def drafted(city: City, handler: UUID) -> WorkOrder:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, reasonable="yes", **VERIFIED)
    order = do_act(order, Act.CLASSIFY, handler, at(5, 20), bad_class="complex")
    order = do_act(order, Act.RECTIFY, handler, at(5, 26), "已增设一个窗口。")
    return do_act(order, Act.ANSWER, handler, at(5, 26), "我们已经增设一个窗口。")


def judge(order: WorkOrder, now: datetime) -> WorkOrder:
    """The rater is not satisfied with the one answer, and the order follows."""
    raters.judge(order.subject_id, now)
    assert open_orders(now=now, limit=10) == 0
    order.refresh_from_db()
    return order


def test_silence_runs_from_the_approval_and_counts_for_that_one_answer(
    city: City, handler: UUID, colleague: UUID
) -> None:
    order = drafted(city, handler)
    assert order.silence_at is None, "nobody was given an answer yet"
    order = do_act(order, Act.APPROVE, colleague, GIVEN)
    assert (order.silence_at, order.silence_provisional) == (LAST_DAY_OVER, False)
    order = do_act(order, Act.CLOSE, handler, at(5, 28))
    assert order.silence_at == LAST_DAY_OVER
    assert count_silence(now=LAST_DAY_OVER) == 0, "one that was said in time may be on its way"
    assert count_silence(now=LAST_DAY_OVER + GRACE) == 1
    order.refresh_from_db()
    assert (order.state, order.verdict, order.silence_at) == (State.CLOSED, "satisfied", None)
    assert list(Verdict.objects.values_list("answers", "silent")) == [(1, True)]


def test_not_satisfied_the_work_and_its_limits_begin_anew(city: City, handler: UUID, colleague: UUID) -> None:
    order = do_act(drafted(city, handler), Act.APPROVE, colleague, GIVEN)
    assert {"rectification", "approval", "answer"} <= dues(order).keys()
    order = judge(order, at(5, 29))
    assert (order.state, order.finding, order.bad_class, order.reasonable) == (State.OPENED, "", "", None)
    assert (order.silence_at, order.answer) == (None, "")
    assert not {"rectification", "approval", "answer"} & dues(order).keys()
    assert order.steps.filter(act=RaterAct.VERDICT).count() == 1
    order = do_act(order, Act.TAKE, handler, at(5, 30))
    order = do_act(order, Act.VERIFY, handler, at(6, 1), TOLD, **VERIFIED)
    assert dues(order)["rectification"] is not None
    assert order.due_at == dues(order)["rectification"]


def test_what_is_explained_is_an_answer_too(city: City, handler: UUID) -> None:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, finding="no_basis", reasonable="no")
    order = do_act(order, Act.EXPLAIN, handler, at(5, 21), "您的要求没有法律依据，可以向上级机关反映。")
    assert order.silence_at == at(5, 29, 0)
