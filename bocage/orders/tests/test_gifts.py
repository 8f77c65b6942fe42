"""Gift vouchers: no turnover when sold, a payment when used, several times until empty."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from bocage.commons.refusals import NotFound
from bocage.infra import outbox
from bocage.ledger.models import Posting
from bocage.ledger.queries import balance, due_by_reference
from bocage.messages.models import Message
from bocage.network.rules import GUEST
from bocage.orders import actions
from bocage.orders.actions.gifts import Gift, order_gift, pay_gift, sell_gift
from bocage.orders.models import Order
from bocage.orders.queries.pages import order_page
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments.models import GiftVoucher
from bocage.payments.queries.accounts import gift_left
from bocage.payments.rules import AbsurdGift, GiftExpired, GiftGone, GiftNotKnown

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make.market()


def gift(amount="20.00", **fields):
    return Gift(euros(amount), "Ana", "ana@exemple.bocage.example", **fields)


@pytest.fixture
def sold(shop):
    pk = sell_gift(hub_id=shop.hub.pk, gift=gift(), means="cash", key="one", actor=shop.manager, now=NOON)
    return GiftVoucher.objects.get(pk=pk)


def order(shop, price, *, name="Colis", **fields):
    return Order.objects.get(pk=shop.place({shop.offer(name, price): 1}, **fields).order_id)


def test_sold_it_is_a_debt_of_the_hub_without_vat_and_told_to_whom_it_is_for(shop):
    wish = gift(to_name="Léa", to_email="lea@exemple.bocage.example", message="Bon appétit")
    for _twice in range(2):
        sell_gift(hub_id=shop.hub.pk, gift=wish, means="cash", key="one", actor=shop.manager, now=NOON)
    outbox.deliver_due(now=NOON)

    row, mail = GiftVoucher.objects.get(), Message.objects.get(template="orders/mail/gift")
    owed = balance(book_id=shop.hub.pk, kind="gift", subject=f"gift:{row.pk}")
    assert (owed, Posting.objects.filter(account__kind="vat").count()) == (-euros("20.00"), 0)
    assert mail.to_email == "lea@exemple.bocage.example" and row.code in mail.html and "Bon appétit" in mail.html


def test_it_pays_several_orders_until_it_is_empty_and_is_a_payment_not_a_discount(shop, sold):
    first = order(shop, "12.00", gift=f" {sold.code.lower()} ", gift_minor=1200)
    second = order(shop, "15.00", name="Pain", gift=sold.code, gift_minor=800)

    page = order_page(ref=first.ref, actor=shop.manager, now=NOON)
    about = f"order:{second.ref}"
    assert (first.total_minor, page.due.minor, page.stored) == (1200, 0, (("gift", euros("12.00")),))
    assert due_by_reference(kind="customer", abouts=[about])[about] == 700
    assert gift_left(sold.pk).minor == 0
    with pytest.raises(GiftGone):
        order(shop, "5.00", name="Miel", gift=sold.code, gift_minor=100)


def test_a_cancelled_order_gives_it_back(shop, sold):
    placed = order(shop, "12.00", gift=sold.code, gift_minor=1200)

    actions.cancel_order(order_id=placed.pk, actor=shop.manager, now=NOON)

    assert gift_left(sold.pk) == euros("20.00")
    assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0


def test_unknown_expired_unpaid_and_absurd_ones_are_refused_in_words(shop, sold):
    unpaid = order_gift(hub_id=shop.hub.pk, gift=gift(), actor=GUEST, now=NOON)
    with pytest.raises(GiftNotKnown):
        order(shop, "5.00", gift="NOPE", gift_minor=100)
    with pytest.raises(GiftGone):
        order(shop, "5.00", name="Pain", gift=unpaid.code, gift_minor=100)
    with pytest.raises(AbsurdGift):
        order_gift(hub_id=shop.hub.pk, gift=gift("4.99"), actor=GUEST, now=NOON)
    GiftVoucher.objects.filter(pk=sold.pk).update(expires_at=NOON)
    with pytest.raises(GiftExpired):
        order(shop, "5.00", name="Miel", gift=sold.code, gift_minor=100)

    assert Order.objects.count() == 0 and sold.expires_at == datetime(2028, 10, 6, tzinfo=ZoneInfo("Europe/Paris"))


def test_one_that_was_ordered_online_is_worth_something_once_it_is_paid(shop):
    row = order_gift(hub_id=shop.hub.pk, gift=gift(), actor=GUEST, now=NOON)
    before = gift_left(row.pk).minor

    for _twice in range(2):
        pay_gift(
            hub_id=shop.hub.pk, gift_id=row.pk, means="transfer", key="p", actor=shop.manager,
            now=NOON + timedelta(days=1),
        )  # fmt: skip

    assert (before, gift_left(row.pk)) == (0, euros("20.00"))


def test_another_hub_cannot_say_that_it_is_paid(shop, sold):
    other = make.market()
    with pytest.raises(NotFound):
        pay_gift(hub_id=other.hub.pk, gift_id=sold.pk, means="cash", key="p", actor=other.manager, now=NOON)


def test_anybody_may_look_what_is_left_by_its_code_and_give_one(client, shop, sold):
    shop.instance.host = "testserver"
    shop.instance.save()
    url = reverse("orders:gift", args=[shop.hub.slug])
    looked = client.post(reverse("orders:gift_left", args=[shop.hub.slug]), {"code": sold.code})
    wrong = client.post(reverse("orders:gift_left", args=[shop.hub.slug]), {"code": "NOPE"})
    given = client.post(
        url, {"amount": "30", "buyer_name": "Bo", "buyer_email": "bo@exemple.bocage.example"}, follow=True
    )

    assert "20,00" in looked.content.decode() or "20.00" in looked.content.decode()
    assert (wrong.status_code, given.status_code, GiftVoucher.objects.filter(amount_minor=3000).count()) == (
        422,
        200,
        1,
    )
