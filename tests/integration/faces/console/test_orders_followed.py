"""What the rated see of what a rater did later: that, and never when."""

from datetime import datetime, timedelta

from django.test import Client

from haochaping.ratings.models import WithdrawnConsent
from haochaping.rectification.models import BadRating
from haochaping.rectification.operations import open_orders
from tests.integration.faces.console.test_orders import address, hidden, text
from tests.orders import NAME, PHONE, City, open_order, say


def test_what_was_added_is_read_masked_and_without_a_time(browser: Client, city: City, now: datetime) -> None:
    order = open_order(city, now, named=True)
    before = text(browser.get(address(order)))
    assert "查看评价人的姓名" in before
    later = now + timedelta(hours=5, minutes=17)
    say(order.subject_id, later, "supplement", text=f"我是{NAME}，电话{PHONE}，又去了一次")
    WithdrawnConsent.objects.create(rating_id=order.subject_id, withdrawn_at=later)
    open_orders(now=later, limit=10)
    page = text(browser.get(address(order)))
    for words in ("我是[姓名]，电话[电话]，又去了一次", "评价人补充过意见。", "不得再与其联系", "匿名"):
        assert words in page
    assert "查看评价人的姓名" not in page
    assert "<time" not in page
    refused = browser.post(address(order, "contact"), {"purpose": "核实情况"})
    assert refused.status_code == 404
    assert PHONE not in text(refused)
    assert NAME not in text(refused)


def test_a_withdrawn_order_says_why_and_takes_no_act(browser: Client, city: City, now: datetime) -> None:
    order = open_order(city, now)
    stale = hidden(text(browser.get(address(order))))
    say(order.subject_id, now, "correction", level=5, text="改为满意")
    BadRating.objects.get(rating_id=order.subject_id)
    open_orders(now=now, limit=10)
    page = text(browser.get(address(order)))
    assert "这张工单已经撤销" in page
    assert "改为满意" not in page, "what it says now is not for those who were rated"
    assert hidden(page) == {}
    assert "<time" not in page
    late = browser.post(address(order, "act"), stale)
    assert late.status_code == 409
    desk = text(browser.get("/console/?show=closed"))
    assert order.number in desk
    assert "已撤销" in desk
