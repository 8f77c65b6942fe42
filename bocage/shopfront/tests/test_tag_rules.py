"""What a hub's tag rules hide is not in the shop, the search, the basket or the checkout, and cannot be ordered."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from bocage.network.models import Agreement, Customer, CustomerTag, Person
from bocage.network.rules import GUEST
from bocage.order_cycles.actions import set_terms
from bocage.order_cycles.models import Exchange, OfferedPayment
from bocage.orders.actions import change_quantities
from bocage.orders.models import Order, OrderLine
from bocage.orders.rules import MethodWithdrawn, NotOffered, OrderCycleClosed, SaleNotForYou
from bocage.payments.models import PaymentMethod
from bocage.shopfront import rules
from bocage.shopfront.queries import snapshots
from bocage.shopfront.queries.entering import entrance
from bocage.shopfront.rules import Owner
from bocage.shopfront.tests import make
from bocage.shops import actions as shops
from bocage.shops.actions import tagging
from bocage.shops.models import DeliveryMethod
from bocage.shops.rules.tagging import Kind
from bocage.web.queries.sales import sales_of

pytestmark = pytest.mark.django_db


def customer(market, *tags):
    """Return somebody with an account whom the hub knows by these tags."""
    who = make.person("Bleuenn")
    row = Customer.objects.create(hub=market.hub, person=who, email=who.email, name=who.name, created_at=make.NOON)
    CustomerTag.objects.bulk_create(CustomerTag(customer=row, name=name) for name in tags)
    return make.actor(who=who)


def reserve(market, kind, *, tagged="pro", to="resto"):
    return tagging.reserve(
        hub_id=market.hub.pk, kind=kind, target_tags=tagged, customer_tags=to, actor=market.manager, now=make.NOON
    )


def market_with_crates():
    """Return a market whose crates are for restaurants."""
    market = make.market()
    market.instance.host, market.instance.language = "testserver", "en"
    market.instance.save()
    market.offer("Poireaux", "2.40")
    crate = market.offer("Cagette de poireaux", "18.00")
    Agreement.objects.create(producer=market.farm, hub=market.hub, starts_at=market.cycle.opens_at)
    shops.set_listing(hub_id=market.hub.pk, variant_id=crate.pk, tags="Pro", actor=market.manager, now=make.NOON)
    reserve(market, Kind.GOODS)
    return market


def seen(market, who=GUEST):
    """Return the names of what somebody sees in the first sale they see."""
    door = entrance(market.hub.slug, person_id=who.person_id, now=make.NOON)
    return [row.offer.product_name for row in door.snapshot(door.sales[0], make.NOON).rows]


def log_in(client, who):
    client.force_login(Person.objects.get(pk=who.person_id), backend="django.contrib.auth.backends.ModelBackend")


def page(client, market, query=""):
    return client.get(reverse("shopfront:shop", args=[market.hub.slug]) + query)


@pytest.fixture(autouse=True)
def _at_noon(settings):
    snapshots.forget()
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(make.NOON, tick=False), translation.override("en"):
        yield


def test_goods_kept_for_some_are_shown_to_them_alone():
    market = market_with_crates()

    assert seen(market) == ["Poireaux"]
    assert seen(market, customer(market)) == ["Poireaux"]
    assert seen(market, customer(market, "resto")) == ["Cagette de poireaux", "Poireaux"]


def test_a_tag_at_one_hub_says_nothing_at_another():
    market = market_with_crates()
    elsewhere = make.market()

    assert seen(market, customer(elsewhere, "resto")) == ["Poireaux"]


def test_those_who_see_the_same_share_one_snapshot():
    market = market_with_crates()
    first, second = (customer(market, "resto", name) for name in ("halle", "mardi"))
    doors = [entrance(market.hub.slug, person_id=one.person_id, now=make.NOON) for one in (first, second)]
    one, other = (door.snapshot(door.sales[0], make.NOON) for door in doors)

    assert one is other


def test_hubs_without_rules_ask_nothing_for_them(django_assert_num_queries):
    market = make.market()
    market.offer("Poireaux", "2.40")
    seen(market)

    with django_assert_num_queries(2):  # the shop with its sales, the versions
        seen(market)


@pytest.mark.parametrize("count", [1, 3])
def test_with_rules_a_shop_takes_the_same_few_queries_however_many(django_assert_num_queries, count):
    market = market_with_crates()
    for number in range(count):
        reserve(market, Kind.GOODS, tagged=f"lot {number}")
        reserve(market, Kind.DELIVERY, tagged=f"lot {number}")
    who = customer(market, "resto")
    seen(market, who)

    with django_assert_num_queries(7):  # shop, tags, rules, three for the ways, versions
        seen(market, who)


def test_what_is_hidden_is_not_found_on_the_page_or_by_search(client):
    market = market_with_crates()
    sheet = reverse("shopfront:product", args=[market.hub.slug, market.variants["Cagette de poireaux"].product_id])

    assert "Cagette" not in page(client, market).text
    assert "Cagette" not in page(client, market, "?q=cagette").text.replace('value="cagette"', "")
    assert client.get(sheet).status_code == 404
    who = customer(market, "resto")
    client.force_login(
        type(make.person()).objects.get(pk=who.person_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "Cagette de poireaux" in page(client, market).text
    assert client.get(sheet).status_code == 200


def test_what_is_hidden_does_not_go_into_a_basket():
    market = market_with_crates()
    crate = market.variants["Cagette de poireaux"]

    with pytest.raises(rules.NotOnSale):
        make.put(market, make.device(), {crate: 1})

    assert make.held(market, make.device()) == {}


def test_a_forged_order_of_hidden_goods_is_refused_in_words_and_the_basket_kept():
    market = market_with_crates()
    crate, leek = market.variants["Cagette de poireaux"], market.variants["Poireaux"]
    make.basket(market, make.device(), {crate: 1, leek: 1})

    with pytest.raises(NotOffered) as refusal:
        market.place({crate: 1, leek: 1})

    assert "Cagette de poireaux" in str(refusal.value)
    assert Order.objects.count() == 0
    assert make.held(market, make.device()) == {crate.pk: 1, leek.pk: 1}


def test_whom_a_rule_names_orders_what_it_shows():
    market = market_with_crates()
    crate = market.variants["Cagette de poireaux"]

    market.place({crate: 1}, actor=customer(market, "resto"))

    assert Order.objects.count() == 1


def test_the_hub_itself_orders_for_others_whatever_its_rules():
    market = market_with_crates()

    market.place({market.variants["Cagette de poireaux"]: 1}, actor=market.manager)

    assert Order.objects.count() == 1


def test_hidden_goods_do_not_come_into_an_order_that_stands():
    market = market_with_crates()
    leek, crate = market.variants["Poireaux"], market.variants["Cagette de poireaux"]
    placed = market.place({leek: 1})
    wish = {"order_id": placed.order_id, "quantities": {crate.pk: 1}, "now": make.NOON}

    with pytest.raises(NotOffered):
        change_quantities(**wish, token=placed.token, actor=GUEST)
    change_quantities(**wish, actor=market.manager)

    assert OrderLine.objects.filter(order_id=placed.order_id).count() == 2


def test_a_hidden_round_is_not_offered_and_not_taken():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    DeliveryMethod.objects.filter(pk=market.pickup.pk).update(tags="pro")
    reserve(market, Kind.DELIVERY)
    door = entrance(market.hub.slug, person_id=None, now=make.NOON)

    assert [one.name for one in door.snapshot(door.sales[0], make.NOON).deliveries] == ["Tournée"]
    with pytest.raises(MethodWithdrawn):
        market.place({leek: 1})
    market.place({leek: 1}, actor=customer(market, "resto"))


def test_a_hidden_way_to_pay_is_not_offered_and_not_taken():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    later = PaymentMethod.objects.create(hub=market.hub, kind="transfer", name="À la fin du mois", tags="pro")
    reserve(market, Kind.PAYMENT)

    with pytest.raises(MethodWithdrawn):
        market.place({leek: 1}, payment_method_id=later.pk)
    market.place({leek: 1}, payment_method_id=later.pk, actor=customer(market, "resto"))


def test_a_hidden_sale_is_not_shown_and_not_ordered_in():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    Exchange.objects.filter(pk=market.outgoing.pk).update(tags="pro")
    reserve(market, Kind.SALES)
    who = customer(market, "resto")

    assert entrance(market.hub.slug, person_id=None, now=make.NOON).sales == ()
    assert [sale.id for sale in entrance(market.hub.slug, person_id=who.person_id, now=make.NOON).sales] == [
        market.cycle.pk
    ]
    with pytest.raises(OrderCycleClosed):
        make.put(market, make.device(), {leek: 1})
    with pytest.raises(SaleNotForYou):
        market.place({leek: 1})
    market.place({leek: 1}, actor=who)


def test_nobody_else_is_told_of_a_sale_that_is_kept_for_some(client):
    market = market_with_crates()
    reserve(market, Kind.SALES)
    Exchange.objects.filter(pk=market.outgoing.pk).update(tags="pro")
    market.cycle.pk = None
    market.cycle.opens_at, market.cycle.closes_at = make.NOON + timedelta(days=3), make.NOON + timedelta(days=5)
    market.cycle.save()
    coming = Exchange.objects.create(cycle=market.cycle, direction="outgoing", enterprise=market.hub, tags="pro")

    kept = page(client, market).text
    hubs = sales_of([market.hub.pk], now=make.NOON)
    Exchange.objects.filter(pk=coming.pk).update(tags="")

    assert ("Nothing is on sale" in kept, "next sale opens" in kept, hubs) == (True, False, {})
    assert "next sale opens" in page(client, market).text
    assert sales_of([market.hub.pk], now=make.NOON)[market.hub.pk].cycle_id == market.cycle.pk


def test_a_sale_that_leaves_a_visitor_no_way_to_pay_is_not_shown_to_them():
    """Worked example 19: all ways to pay are hidden from guests."""
    market = make.market()
    market.offer("Poireaux", "2.40")
    PaymentMethod.objects.filter(pk=market.cash.pk).update(tags="pro")
    reserve(market, Kind.PAYMENT)

    assert entrance(market.hub.slug, person_id=None, now=make.NOON).sales == ()
    assert len(entrance(market.hub.slug, person_id=customer(market, "resto").person_id, now=make.NOON).sales) == 1


def test_a_way_to_pay_that_the_hub_left_out_of_a_cycle_is_refused_there():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    transfer = PaymentMethod.objects.create(hub=market.hub, kind="transfer", name="Virement", position=1)
    OfferedPayment.objects.create(exchange=market.outgoing, method=transfer)

    with pytest.raises(MethodWithdrawn):
        market.place({leek: 1})
    market.place({leek: 1}, payment_method_id=transfer.pk)


def test_a_choice_of_ways_to_pay_is_seen_at_once():
    market = make.market()
    market.offer("Poireaux", "2.40")
    transfer = PaymentMethod.objects.create(hub=market.hub, kind="transfer", name="Virement", position=1)

    def offered():
        door = entrance(market.hub.slug, person_id=None, now=make.NOON)
        return [one.name for one in door.snapshot(door.sales[0], make.NOON).payments]

    before = offered()
    set_terms(exchange_id=market.outgoing.pk, payment_ids=[transfer.pk], tags="", actor=market.manager, now=make.NOON)
    assert (before, offered()) == (["Sur place", "Virement"], ["Virement"])


def test_ways_to_pay_that_are_kept_for_some_are_shown_to_them_alone():
    market = make.market()
    market.offer("Poireaux", "2.40")
    PaymentMethod.objects.create(hub=market.hub, kind="transfer", name="À la fin du mois", tags="pro", position=1)
    reserve(market, Kind.PAYMENT)

    offered = {}
    for name, who in (("visitor", GUEST), ("resto", customer(market, "resto"))):
        door = entrance(market.hub.slug, person_id=who.person_id, now=make.NOON)
        offered[name] = [one.name for one in door.snapshot(door.sales[0], make.NOON).payments]

    assert offered == {"visitor": ["Sur place"], "resto": ["Sur place", "À la fin du mois"]}


def test_a_rule_that_is_removed_shows_everything_again():
    market = market_with_crates()
    hiding, showing = (rule.id for rule in tagging.TagRule.objects.order_by("priority"))
    for rule_id in (hiding, showing):
        tagging.remove_rule(hub_id=market.hub.pk, rule_id=rule_id, actor=market.manager, now=make.NOON)

    assert seen(market) == ["Cagette de poireaux", "Poireaux"]


def looking(client, market, key, who=None):
    """Return the shop as the manager sees it with somebody else's eyes."""
    manager = who or market.manager
    log_in(client, manager)
    return client.get(reverse("shopfront:shop", args=[market.hub.slug]), {"as": key})


def test_a_manager_sees_the_shop_with_a_customers_eyes(client):
    market = market_with_crates()
    resto = Customer.objects.get(person_id=customer(market, "resto").person_id)

    assert "Cagette" in looking(client, market, str(resto.pk)).text
    assert "Cagette" in looking(client, market, "tags:resto").text
    as_visitor = looking(client, market, "visitor").text
    assert "Cagette" not in as_visitor
    assert 'class="looking"' in as_visitor
    assert "as=visitor" in as_visitor  # the way on keeps the eyes


def test_a_shop_for_members_is_shut_to_a_visitors_eyes(client):
    market = market_with_crates()
    type(market.shop).objects.update(is_members_only=True)

    assert "This shop is for members" in looking(client, market, "visitor").text
    assert "Poireaux" in looking(client, market, "tags:resto").text


def test_nothing_is_ordered_with_somebody_elses_eyes(client):
    market = market_with_crates()
    leek = market.variants["Poireaux"]
    looking(client, market, "visitor")
    basket = reverse("shopfront:basket", args=[market.hub.slug]) + "?as=visitor"

    answer = client.post(basket, {"cycle": market.cycle.pk, "add": leek.pk})

    assert answer.status_code == 422
    assert make.held(market, Owner(person_id=market.manager.person_id)) == {}


def test_nobody_else_looks_with_a_customers_eyes(client):
    market = market_with_crates()
    resto = Customer.objects.get(person_id=customer(market, "resto").person_id)
    elsewhere = make.market()

    assert looking(client, market, str(resto.pk), who=customer(market)).status_code == 403
    assert looking(client, market, str(resto.pk), who=elsewhere.manager).status_code == 403
    client.logout()
    assert client.get(reverse("shopfront:shop", args=[market.hub.slug]), {"as": "tags:resto"}).status_code == 403
    assert looking(client, elsewhere, str(resto.pk), who=elsewhere.manager).status_code == 404


def test_who_ordered_without_an_account_sees_what_a_visitor_does(client):
    market = market_with_crates()
    row = Customer.objects.create(hub=market.hub, email="a@b.example", name="Annaïg", created_at=make.NOON)
    CustomerTag.objects.create(customer=row, name="resto")

    assert "Cagette" not in looking(client, market, str(row.pk)).text


def test_the_hub_reads_what_somebody_does_not_see_and_by_which_rule(client):
    market = market_with_crates()
    DeliveryMethod.objects.filter(pk=market.delivery.pk).update(tags="pro")
    reserve(market, Kind.DELIVERY)
    looking(client, market, "visitor")

    text = client.get(reverse("shopfront:sight", args=[market.hub.slug])).text

    assert "Cagette de poireaux" in text and "Tournée" in text
    assert "Poireaux</b>" not in text
    assert text.count("<b>pro</b>") == 2
    everything = client.get(reverse("shopfront:sight", args=[market.hub.slug]), {"tags": "resto"}).text
    assert "Cagette" not in everything
