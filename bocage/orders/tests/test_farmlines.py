"""A farm reads what was ordered of it, without names, and changes it where the hub allows, under its own name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.models import Instance
from bocage.orders import rules
from bocage.orders.actions import LineValue, add_farm_line, cancel_order, set_farm_access, set_farm_line
from bocage.orders.models import Order, OrderChange, OrderLine, Untold
from bocage.orders.queries.farmlines import farm_line, farm_sales, farm_sheet
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: NOON)


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Tomme", "10.00", size=1000, is_weighed=True, farm=town.other_farm)
    town.charge("flat", amount_minor=100)
    town.place({town.variants["Poireaux"]: 3, town.variants["Tomme"]: 1})
    return town


def allow(town, **allowed):
    given = {"edits_lines": True, "adds_lines": False, "edits_prices": False, "sees_names": False} | allowed
    set_farm_access(hub_id=town.hub.pk, **given, actor=town.manager)


def save(town, row, quantity, weight=None, price=None, *, farm=None, actor=None):
    farm = farm or town.farm
    seen = LineValue(row.quantity, row.final_weight_g, None if price is None else row.price_minor)
    actor = actor or make.actor("manager", on=farm)
    wanted = LineValue(quantity, weight, price)
    set_farm_line(farm_id=farm.pk, line_id=row.pk, wanted=wanted, seen=seen, actor=actor, now=NOON)
    row.refresh_from_db()


def leeks():
    return OrderLine.objects.get(product_name="Poireaux")


def test_a_farm_reads_its_own_lines_alone_and_no_name(town):
    actor = make.actor("volunteer", on=town.farm)

    [sale] = farm_sales(farm_id=town.farm.pk, actor=actor)
    sheet = farm_sheet(farm_id=town.farm.pk, hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=actor)

    assert (sale.lines, sale.goods) == (1, make.euros("8.40"))
    assert [(goods.product_name, [line.name for line in lines]) for goods, lines in sheet.groups] == [
        ("Poireaux", [""])
    ]
    assert (sheet.amount, sheet.farms) == (make.euros("8.40"), ((town.farm.pk, town.farm.name),))


def test_names_are_read_where_the_hub_shows_them(town):
    allow(town, sees_names=True)
    actor = make.actor("manager", on=town.farm)

    sheet = farm_sheet(farm_id=town.farm.pk, hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=actor)

    assert sheet.groups[0][1][0].name == "Armelle Le Goff"


def test_a_page_of_the_farm_never_says_a_name_that_the_hub_keeps(client, town):
    order = Order.objects.get()
    signed_in(client, "manager", town.farm)
    where = reverse("orders:farm_lines", args=[town.farm.slug])

    hidden = client.get(where).content.decode()
    allow(town, sees_names=True)
    shown = client.get(where).content.decode()

    assert [name in hidden for name in ("Armelle", order.email, order.ref, "Tomme")] == [False, False, True, False]
    assert ["Armelle" in shown, order.email in shown] == [True, False]


def test_without_the_hubs_leave_a_farm_reads_and_is_refused_in_words(client, town):
    signed_in(client, "manager", town.farm)
    body = client.get(reverse("orders:farm_lines", args=[town.farm.slug])).content.decode()

    with pytest.raises(rules.HubEditsAlone) as refused:
        save(town, leeks(), 2)

    assert ("changes orders itself" in body, "hx-post" in body) == (True, False)
    assert (refused.value.values, leeks().quantity) == ({"hub": town.hub.name}, 3)


def test_taking_out_and_adding_are_another_leave(town):
    allow(town)
    more = town.offer("Épinards", "3.00")

    with pytest.raises(rules.HubAddsAlone):
        save(town, leeks(), 0)
    with pytest.raises(rules.HubAddsAlone):
        add(town, more)

    assert OrderLine.objects.count() == 2


def test_with_leave_a_farm_puts_its_own_goods_into_an_order_and_takes_them_out(town):
    allow(town, adds_lines=True)
    more = town.offer("Épinards", "3.00")

    add(town, more)
    row = leeks()
    set_farm_line(
        farm_id=town.farm.pk, line_id=row.pk, wanted=LineValue(0, None), seen=LineValue(3, None),
        actor=make.actor("manager", on=town.farm), now=NOON,
    )  # fmt: skip

    held = dict(OrderLine.objects.values_list("product_name", "quantity"))
    assert (held, town.on_hand(more), town.on_hand(town.variants["Poireaux"])) == ({"Tomme": 1, "Épinards": 2}, 48, 50)
    assert {change.by_name for change in OrderChange.objects.filter(what="quantity")} == {f"Nolwenn, {town.farm.name}"}
    assert Untold.objects.count() == 1


def test_a_farm_adds_neither_goods_of_others_nor_to_an_order_without_its_own(town):
    allow(town, adds_lines=True)
    flour = town.offer("Farine", "2.00", farm=town.other_farm)
    without = town.place({flour: 1})

    for ref, variant in ((Order.objects.first().ref, flour), (without.ref, town.offer("Épinards", "3.00"))):
        with pytest.raises(NotFound):
            add(town, variant, ref=ref)
    with pytest.raises(Forbidden):
        add(town, variant, ref=without.ref, actor=make.actor("volunteer", on=town.farm))


def test_the_farm_does_both_on_its_pages(client, town):
    allow(town, adds_lines=True)
    more, order, row = town.offer("Épinards", "3.00"), Order.objects.get(), leeks()
    signed_in(client, "manager", town.farm)
    where = reverse("orders:farm_products", args=[town.farm.slug, town.hub.pk, order.ref])

    shown = client.get(where).content.decode()
    added = client.post(where, {"variant": more.pk, "quantity": 2, "seen": 0})
    typed = {"quantity": 0, "seen_quantity": 3, "weight": "", "seen_weight": ""}
    gone = client.post(reverse("orders:farm_line", args=[town.farm.slug, row.pk]), typed, headers=HTMX)

    assert ["Épinards" in shown, "Poireaux" in shown, "Armelle" in shown] == [True, False, False]
    assert added.status_code == 303
    said = gone.content.decode()
    assert ("Taken out, back in stock." in said, "Armelle" in said) == (True, False)
    assert set(OrderLine.objects.values_list("product_name", flat=True)) == {"Tomme", "Épinards"}


def add(town, variant, *, ref="", actor=None):
    add_farm_line(
        farm_id=town.farm.pk, hub_id=town.hub.pk, ref=ref or Order.objects.get().ref, variant_id=variant.pk, quantity=2,
        actor=actor or make.actor("manager", on=town.farm), now=NOON,
    )  # fmt: skip


def test_with_leave_a_farm_changes_quantity_and_the_order_keeps_who_of_which_farm(town):
    allow(town)
    row = leeks()

    save(town, row, 2)

    change = OrderChange.objects.get(what="quantity")
    assert (row.quantity, row.total_minor, change.by_name) == (2, 560, f"Nolwenn, {town.farm.name}")
    assert Untold.objects.count() == 1


def test_with_leave_a_farm_weighs_its_goods(town):
    allow(town)
    cheese = OrderLine.objects.get(product_name="Tomme")

    save(town, cheese, 1, 1120, farm=town.other_farm)

    assert (cheese.final_weight_g, cheese.goods_minor) == (1120, 1120)


def test_prices_are_another_leave(town):
    allow(town)
    row = leeks()
    with pytest.raises(rules.HubSetsPrices):
        save(town, row, 3, None, 100)
    allow(town, edits_prices=True)

    save(town, row, 3, None, 250)

    assert row.price_minor == 250


def test_a_farm_touches_no_line_of_another_and_none_of_a_cancelled_order(town):
    allow(town)
    cheese = OrderLine.objects.get(product_name="Tomme")
    with pytest.raises(rules.LineGone):
        save(town, cheese, 2)
    cancel_order(order_id=cheese.order_id, actor=town.manager, now=NOON)
    with pytest.raises(rules.AlreadyCancelled):
        save(town, leeks(), 2)


def test_only_managers_of_the_farm_change_its_lines(town):
    allow(town)
    with pytest.raises(Forbidden):
        save(town, leeks(), 2, actor=make.actor("volunteer", on=town.farm))
    with pytest.raises(Forbidden):
        save(town, leeks(), 2, actor=town.manager)
    with pytest.raises(Forbidden):
        farm_sales(farm_id=town.farm.pk, actor=town.manager)
    with pytest.raises(NotFound):
        farm_line(farm_id=town.other_farm.pk, line_id=leeks().pk, actor=make.actor("manager", on=town.other_farm))


def test_who_saves_second_is_shown_what_the_hub_made_of_it(client, town):
    allow(town)
    row = leeks()
    save(town, row, 5)
    signed_in(client, "manager", town.farm)
    data = {"quantity": 2, "weight": "", "seen_quantity": 3}

    answer = client.post(reverse("orders:farm_line", args=[town.farm.slug, row.pk]), data, headers=HTMX)

    body = answer.content.decode()
    assert (answer.status_code, "Poireaux (5)" in body, "Keep what is there now" in body) == (422, True, True)
    assert "Armelle" not in body


def test_a_saved_cell_answers_with_its_row_and_what_the_farm_gets(client, town):
    allow(town)
    row = leeks()
    signed_in(client, "manager", town.farm)
    data = {"quantity": 2, "weight": "", "seen_quantity": 3}
    where = reverse("orders:farm_line", args=[town.farm.slug, row.pk])

    body = client.post(where, data, headers=HTMX).content.decode()

    assert ("€5.60" in body, "Undo: 3" in body, "Armelle" in body, 'id="untold"' in body) == (
        True, True, False, False,
    )  # fmt: skip
    assert client.post(where, {**data, "quantity": 1, "seen_quantity": 2}).status_code == 303


def test_the_hub_decides_on_a_page_of_its_settings(client, town):
    where = reverse("orders:farm_access", args=[town.hub.slug])
    assert signed_in(client, "volunteer", town.hub).get(where).status_code == 403
    signed_in(client, "manager", town.hub)

    client.post(where, {"edits_prices": "on"})
    assert farm_access(town) == (False, False, False)
    client.post(where, {"edits_lines": "on", "sees_names": "on"})
    assert farm_access(town) == (True, False, True)


def farm_access(town):
    from bocage.orders.models import FarmAccess

    return FarmAccess.objects.values_list("edits_lines", "edits_prices", "sees_names").get()


@pytest.mark.parametrize("count", [1, 4])
def test_a_farms_page_takes_the_same_queries_for_any_number_of_lines(town, count, django_assert_num_queries):
    for _ in range(count):
        town.place({town.variants["Poireaux"]: 1})
    actor = make.actor("manager", on=town.farm)

    with django_assert_num_queries(6):
        sheet = farm_sheet(farm_id=town.farm.pk, hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=actor)
    assert sheet.total == count + 1


def test_a_farm_of_which_nothing_was_ordered_is_told_what_to_wait_for(client, town):
    lonely = make.market().farm
    body = signed_in(client, "manager", lonely).get(reverse("orders:farm_lines", args=[lonely.slug])).content.decode()

    assert "Nothing ordered of you yet" in body
