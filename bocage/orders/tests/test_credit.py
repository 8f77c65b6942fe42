"""What customers have to spend: paid in, used for orders, given back; credits with a reason; small debts carried on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import NotFound
from bocage.ledger.models import Posting
from bocage.ledger.queries import balance, due_by_reference
from bocage.network.models import Customer
from bocage.network.queries import actor_for
from bocage.network.rules import GUEST, Forbidden
from bocage.orders import actions
from bocage.orders.actions.accounts import grant_credit, pay_out, top_up
from bocage.orders.models import Order, OrderChange
from bocage.orders.queries.pages import order_page
from bocage.orders.rules import Buyer, CreditTooLarge, DebtChanged, PaidTwice, RefundTooLarge
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments.models import PaymentMethod
from bocage.payments.queries.accounts import held, my_accounts, statement
from bocage.payments.rules import CreditGone, ReasonMissing
from bocage.shops.actions import carry_debts
from bocage.shops.models import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make.market()


@pytest.fixture
def ana(shop):
    """A customer with an account of her own."""
    who = make.person("Ana")
    Customer.objects.create(hub=shop.hub, person=who, email=who.email, name="Ana", created_at=NOON)
    return who


def record(shop, who):
    return Customer.objects.get(hub=shop.hub, person=who).pk


def paid_in(shop, who, amount, *, key="one"):
    top_up(
        hub_id=shop.hub.pk, customer_id=record(shop, who), amount=euros(amount), means="transfer", key=key,
        actor=shop.manager, now=NOON,
    )  # fmt: skip


def order(shop, who, price, *, name="Colis", **fields):
    buyer = Buyer("Ana", who.email)
    placed = shop.place({shop.offer(name, price): 1}, actor=actor_for(who), buyer=buyer, **fields)
    return Order.objects.get(pk=placed.order_id)


def due(order):
    about = f"order:{order.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def in_balance():
    return sum(Posting.objects.values_list("amount_minor", flat=True)) == 0


# Domain 06, worked examples 3 to 6.
def test_balances_follow_from_what_moved(shop, ana):
    paid_in(shop, ana, "25.00")
    order(shop, ana, "9.40", credit_minor=940)
    paid_in(shop, ana, "3.10", key="two")

    told = statement(customer_id=record(shop, ana), actor=shop.manager)

    assert held(record(shop, ana)) == euros("18.70")
    assert [(row.what, row.amount.minor, row.balance.minor) for row in told.rows] == [
        ("topped_up", -2500, -2500), ("sale", 940, -1560), ("credit_used", 0, -1560), ("topped_up", -310, -1870),
    ]  # fmt: skip
    assert told.account.balance == -euros("18.70")


@pytest.mark.parametrize(
    ("price", "used", "left", "still"), [("12.00", 1200, "6.70", 0), ("31.50", 1870, "0.00", 1280)]
)
def test_credit_pays_an_order_or_a_part_of_it(shop, ana, price, used, left, still):
    paid_in(shop, ana, "18.70")

    placed = order(shop, ana, price, credit_minor=used)

    page = order_page(ref=placed.ref, actor=shop.manager, now=NOON)
    assert (held(record(shop, ana)), due(placed), page.paid.minor) == (euros(left), still, used)
    assert placed.total_minor == euros(price).minor and in_balance()


def test_what_an_order_paid_too_much_can_be_kept_as_credit(shop, ana):
    carrots = shop.offer("Carottes", "7.65")
    placed = shop.place(
        {carrots: 1, shop.offer("Colis", "42.35"): 1}, actor=actor_for(ana), buyer=Buyer("Ana", ana.email)
    )
    pay = {"order_id": placed.order_id, "actor": shop.manager, "now": NOON}
    actions.record_payment(amount=euros("50.00"), means="cash", key="p", **pay)
    actions.change_quantities(quantities={carrots.pk: 0}, **pay)

    actions.refund(amount=euros("7.65"), means="credit", key="r", **pay)

    page = order_page(ref=placed.ref, actor=shop.manager, now=NOON)
    assert (held(record(shop, ana)), page.due.minor, page.paid) == (euros("7.65"), 0, euros("42.35"))


def test_an_order_wholly_paid_from_credit_awaits_no_card(shop, ana, monkeypatch):
    from bocage.payments.models import ProviderAccount

    ProviderAccount.objects.create(hub=shop.hub, provider="demobank", account="a", can_charge=True, connected_at=NOON)
    monkeypatch.setattr("bocage.orders.queries.choices.ready", lambda: ["demobank"])
    card = PaymentMethod.objects.create(hub=shop.hub, kind="card", name="Carte")
    paid_in(shop, ana, "20.00")

    whole = order(shop, ana, "12.00", credit_minor=1200, payment_method_id=card.pk)
    part = order(shop, ana, "15.00", name="Autre", credit_minor=800, payment_method_id=card.pk)

    assert (whole.state, part.state, due(part)) == ("placed", "awaiting", 700)


def test_more_than_there_is_or_than_it_costs_is_refused_and_nothing_is_ordered(shop, ana):
    paid_in(shop, ana, "5.00")

    with pytest.raises(CreditGone):
        order(shop, ana, "9.00", credit_minor=501)
    with pytest.raises(PaidTwice):
        order(shop, ana, "4.00", name="Petit", credit_minor=500)
    with pytest.raises(CreditGone):
        shop.place({shop.offer("Pain", "4.00"): 1}, actor=GUEST, credit_minor=100)

    assert (Order.objects.count(), held(record(shop, ana))) == (0, euros("5.00"))


def test_cancelling_gives_credit_back_and_an_order_made_smaller_what_is_too_much(shop, ana):
    paid_in(shop, ana, "30.00")
    carrots = shop.offer("Carottes", "6.00")
    placed = shop.place(
        {carrots: 3, shop.offer("Pain", "4.00"): 1},
        actor=actor_for(ana),
        buyer=Buyer("Ana", ana.email),
        credit_minor=2000,
    )
    act = {"order_id": placed.order_id, "actor": shop.manager, "now": NOON}

    actions.change_quantities(quantities={carrots.pk: 1}, **act)
    smaller = held(record(shop, ana)), due(Order.objects.get())
    actions.cancel_order(**act)

    assert smaller == (euros("20.00"), 0)
    assert (held(record(shop, ana)), due(Order.objects.get())) == (euros("30.00"), 0)
    assert balance(book_id=shop.hub.pk, kind="takings", subject="bank") == euros("30.00") and in_balance()


def test_credit_is_paid_out_up_to_what_was_paid_in_and_is_left(shop, ana):
    paid_in(shop, ana, "30.00")
    order(shop, ana, "12.00", credit_minor=1200)
    act = {
        "hub_id": shop.hub.pk, "customer_id": record(shop, ana), "means": "cash", "actor": shop.manager, "now": NOON,
    }  # fmt: skip

    with pytest.raises(RefundTooLarge):
        pay_out(amount=euros("18.01"), key="a", **act)
    pay_out(amount=euros("18.00"), key="b", **act)

    assert held(record(shop, ana)).minor == 0


def test_only_who_may_records_and_only_the_hub_and_its_customer_read(shop, ana):
    paid_in(shop, ana, "30.00")
    stranger, volunteer = make.actor(), make.actor("volunteer", on=shop.hub)
    mine, theirs = my_accounts(actor=actor_for(ana)), my_accounts(actor=stranger)

    with pytest.raises(Forbidden):
        top_up(
            hub_id=shop.hub.pk, customer_id=record(shop, ana), amount=euros("5.00"), means="cash", key="x",
            actor=stranger, now=NOON,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        grant_credit(
            hub_id=shop.hub.pk, customer_id=record(shop, ana), amount=euros("5.00"), reason="x",
            bearer_id=shop.hub.pk, key="x", actor=volunteer, now=NOON,
        )  # fmt: skip
    with pytest.raises(NotFound):
        statement(customer_id=record(shop, ana), actor=stranger)

    assert ([one.credit for one in mine], theirs) == ([euros("30.00")], [])


def test_the_table_says_the_day_it_was_here(client, shop, ana):
    shop.instance.host = "testserver"
    shop.instance.save()
    top_up(
        hub_id=shop.hub.pk, customer_id=record(shop, ana), amount=euros("12.50"), means="cash", key="late",
        actor=shop.manager, now=datetime(2026, 10, 6, 22, 30, tzinfo=UTC),
    )  # fmt: skip
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    table = reverse("orders:my_account_csv", args=[shop.hub.slug])

    [_head, row] = client.get(table).content.decode("utf-8-sig").splitlines()
    whole = client.get(table, {"since": "0001-01-01", "until": "9999-12-31"}).content.decode("utf-8-sig")

    assert row.split(";")[0] == "2026-10-07"
    assert row in whole.splitlines()


def test_a_hub_that_never_set_up_its_shop_carries_debts_once_it_says_so(shop):
    Shop.objects.filter(hub=shop.hub).delete()

    carry_debts(hub_id=shop.hub.pk, up_to=euros("5.00"), actor=shop.manager)

    assert Shop.objects.get(hub=shop.hub).carries_debt_up_to_minor == 500


# ── Credits that are granted ───────────────────────────────────────────────────────────────────────────────────────
def grant(shop, who, amount, *, bearer=None, key="g", reason="Salade abîmée", **fields):
    return grant_credit(
        hub_id=shop.hub.pk, customer_id=record(shop, who), amount=euros(amount), reason=reason,
        bearer_id=(bearer or shop.hub).pk, key=key, actor=shop.manager, now=NOON, **fields,
    )  # fmt: skip


def test_two_credits_granted_at_once_each_keep_their_reason(shop, ana):
    grant(shop, ana, "1.00", key="a", reason="Retard")
    grant(shop, ana, "2.00", key="b", reason="Salade abîmée")

    rows = statement(customer_id=record(shop, ana), actor=actor_for(ana)).rows

    assert [(one.amount.minor, one.reason) for one in rows] == [(-100, "Retard"), (-200, "Salade abîmée")]


def test_accounts_at_two_hubs_are_read_in_as_many_queries_as_at_one(shop, ana, django_assert_num_queries):
    Customer.objects.create(hub=shop.farm, person=ana, email=ana.email, name="Ana", created_at=NOON)
    paid_in(shop, ana, "30.00")
    reader = actor_for(ana)

    with django_assert_num_queries(3):
        found = my_accounts(actor=reader)

    assert {one.hub_id: one.credit for one in found} == {shop.hub.pk: euros("30.00"), shop.farm.pk: euros("0.00")}


def test_a_credit_on_an_order_lowers_what_is_due_the_vat_and_what_its_farm_gets(shop, ana):
    shop.hub.is_vat_liable = True
    shop.hub.save()
    shop.farm.is_vat_liable = True
    shop.farm.save()
    placed = order(shop, ana, "21.10")

    credit = grant(shop, ana, "2.11", bearer=shop.farm, ref=placed.ref)
    grant(shop, ana, "2.11", bearer=shop.farm, ref=placed.ref)  # the same click twice

    taxed = balance(book_id=shop.hub.pk, kind="vat", subject="vat:55000").minor
    farm = balance(book_id=shop.hub.pk, kind="producer", subject=f"producer:{shop.farm.pk}").minor
    assert credit.parts == [[55000, 211, 11]]
    assert (due(placed), taxed, farm) == (1899, -99, -1800) and in_balance()


def test_a_credit_on_a_paid_order_is_there_to_spend_and_goes_with_the_order(shop, ana):
    placed = order(shop, ana, "20.00")
    act = {"order_id": placed.pk, "actor": shop.manager, "now": NOON}
    actions.record_payment(amount=euros("20.00"), means="cash", key="p", **act)

    grant(shop, ana, "3.00", ref=placed.ref)
    given = held(record(shop, ana)), due(placed)
    actions.cancel_order(**act)

    told = statement(customer_id=record(shop, ana), actor=shop.manager).account
    assert given == (euros("3.00"), 0)
    assert told.balance == -euros("20.00") and in_balance()


def test_a_credit_that_a_cancellation_took_back_is_not_said_of_the_order_that_stands_again(shop, ana):
    placed = order(shop, ana, "20.00")
    act = {"order_id": placed.pk, "actor": shop.manager, "now": NOON}
    grant(shop, ana, "3.00", ref=placed.ref)
    actions.cancel_order(**act)
    actions.resume_order(**act)

    told = order_page(ref=placed.ref, actor=shop.manager, now=NOON)

    assert (told.granted, told.due) == (euros("0.00"), euros("20.00"))


def test_a_kindness_without_an_order_is_borne_by_the_hub_and_has_no_vat(shop, ana):
    grant(shop, ana, "5.00")

    told = statement(customer_id=record(shop, ana), actor=shop.manager)
    assert [(row.what, row.amount.minor, row.reason) for row in told.rows] == [("granted", -500, "Salade abîmée")]
    borne = balance(book_id=shop.hub.pk, kind="allowance", subject=f"credits:{shop.hub.pk}")
    assert (held(record(shop, ana)), borne) == (euros("5.00"), euros("5.00"))


def test_a_credit_has_a_reason_and_is_never_more_than_its_order(shop, ana):
    placed = order(shop, ana, "20.00")
    grant(shop, ana, "15.00", ref=placed.ref)

    with pytest.raises(ReasonMissing):
        grant(shop, ana, "1.00", key="h", reason="  ")
    with pytest.raises(CreditTooLarge):
        grant(shop, ana, "5.01", key="i", ref=placed.ref)


# ── Small debts ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def owing(shop, ana):
    """An order handed over, of which 1.20 is left to pay, at a hub that carries up to 5 €."""
    shop.shop.carries_debt_up_to_minor = 500
    shop.shop.save()
    placed = order(shop, ana, "20.00")
    actions.record_payment(
        order_id=placed.pk, amount=euros("18.80"), means="cash", key="p", actor=shop.manager, now=NOON
    )
    Order.objects.filter(pk=placed.pk).update(hand_over_to=NOON - timedelta(days=1))
    return placed


def test_a_small_debt_goes_with_the_next_order_and_comes_back_when_that_is_cancelled(shop, ana, owing):
    following = order(shop, ana, "10.00", name="Pain", debt_minor=120)
    moved = due(owing), due(following)
    whole = statement(customer_id=record(shop, ana), actor=shop.manager).account.balance

    actions.cancel_order(order_id=following.pk, actor=shop.manager, now=NOON)

    assert (moved, whole) == ((0, 1120), euros("11.20"))
    assert (due(owing), due(following)) == (120, 0) and in_balance()
    assert list(OrderChange.objects.filter(order=following).order_by("id").values_list("what", flat=True)) == [
        "placed", "carried", "carried_back", "cancelled",
    ]  # fmt: skip


def test_a_debt_that_is_not_as_shown_stops_the_order(shop, ana, owing):
    with pytest.raises(DebtChanged):
        order(shop, ana, "10.00", name="Pain", debt_minor=121)
    shop.shop.carries_debt_up_to_minor = 100
    shop.shop.save()
    with pytest.raises(DebtChanged):
        order(shop, ana, "10.00", name="Beurre", debt_minor=120)

    assert Order.objects.count() == 1
