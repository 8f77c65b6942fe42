"""The lines of a sale on one page: grouped with their totals, changed cell by cell, a shortage shared as it was shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra import outbox
from bocage.ledger.queries import due_by_reference
from bocage.messages.models import Message
from bocage.network.models import Instance
from bocage.orders import rules
from bocage.orders.actions import LineValue, cancel_order, change_quantities, set_batch, set_line
from bocage.orders.models import Batch, Order, OrderChange, OrderLine, SharingRule
from bocage.orders.queries.linesheet import line_sheet
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: NOON)


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Épinards", "3.00")
    town.offer("Tomme", "10.00", size=1000, is_weighed=True, farm=town.other_farm)
    return town


@pytest.fixture
def orders(town):
    """Three orders: leeks 2 with a cheese, leeks 5, leeks 3."""
    leek, cheese = town.variants["Poireaux"], town.variants["Tomme"]
    wanted = [{leek: 2, cheese: 1}, {leek: 5}, {leek: 3}]
    return [Order.objects.get(id=town.place(one).order_id) for one in wanted]


def sheet(town, **given):
    return line_sheet(hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=given.pop("actor", town.manager), **given)


def told(found):
    return [(goods.product_name, [line.quantity for line in lines]) for goods, lines in found.groups]


def line(order, name):
    return OrderLine.objects.get(order=order, product_name=name)


def test_goods_stand_by_name_each_with_its_lines_and_totals(town, orders):
    town.place({town.variants["Épinards"]: 1})

    found = sheet(town)

    assert told(found) == [("Épinards", [1]), ("Poireaux", [2, 5, 3]), ("Tomme", [1])]
    leeks = found.groups[1][0]
    assert (leeks.orders, leeks.quantity, leeks.ordered_size, leeks.total) == (3, 10, 5000, make.euros("28.00"))
    assert (found.total, found.goods, found.amount, found.next) == (5, 3, make.euros("41.00"), None)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"text": "epin"}, []),
        ({"text": "poireau"}, ["Poireaux"]),
        ({"text": "moulin"}, ["Tomme"]),
        ({"text": "zz"}, []),
    ],
)
def test_goods_are_found_by_their_name_or_farm(town, orders, given, names):
    assert [goods.product_name for goods, _ in sheet(town, **given).groups] == names


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
def test_the_pages_together_show_each_line_once(town, orders, limit):
    seen, start, pages = [], 0, 0
    while start is not None:
        page = sheet(town, start=start, limit=limit)
        seen += [line.id for _, lines in page.groups for line in lines]
        assert page.shown == min(limit, 4 - start)
        start, pages = page.next, pages + 1

    assert (sorted(seen), len(seen)) == (sorted(OrderLine.objects.values_list("id", flat=True)), 4)


def test_cancelled_orders_and_other_hubs_are_left_out(town, orders):
    other = make.market()
    other.offer("Miel", "7.00")
    other.place({other.variants["Miel"]: 1})
    cancel_order(order_id=orders[1].pk, actor=town.manager, now=NOON)

    assert told(sheet(town)) == [("Poireaux", [2, 3]), ("Tomme", [1])]
    with pytest.raises(Forbidden):
        sheet(town, actor=other.manager)


@pytest.mark.parametrize("count", [1, 4])
def test_a_page_takes_the_same_queries_for_any_number_of_lines(town, count, django_assert_num_queries):
    for _ in range(count):
        town.place({town.variants["Poireaux"]: 1, town.variants["Tomme"]: 2})

    with django_assert_num_queries(5):
        assert sheet(town).total == 2 * count


def save(town, row, quantity, weight=None, *, seen=None, actor=None):
    wanted = LineValue(quantity, weight)
    seen = LineValue(*(seen or (row.quantity, row.final_weight_g)))
    set_line(hub_id=town.hub.pk, line_id=row.pk, wanted=wanted, seen=seen, actor=actor or town.manager, now=NOON)
    row.refresh_from_db()
    return row.quantity, row.final_weight_g, row.total_minor


def test_a_cell_changes_quantity_or_weight_and_price_and_books_follow(town, orders):
    cheese = line(orders[0], "Tomme")

    assert save(town, cheese, 2) == (2, None, 2000)
    assert save(town, cheese, 2, 2150) == (2, 2150, 2150)
    assert due_by_reference(kind="customer", abouts=[f"order:{orders[0].ref}"]) == {f"order:{orders[0].ref}": 2710}


def test_a_changed_quantity_forgets_the_weight_and_undo_brings_both_back(town, orders):
    cheese = line(orders[0], "Tomme")
    save(town, cheese, 1, 1080)

    assert save(town, cheese, 3, 1080, seen=(1, 1080)) == (3, None, 3000)
    assert save(town, cheese, 1, 1080, seen=(3, None)) == (1, 1080, 1080)


def test_a_weight_is_taken_back(town, orders):
    cheese = line(orders[0], "Tomme")
    save(town, cheese, 1, 1080)

    assert save(town, cheese, 1, None, seen=(1, 1080)) == (1, None, 1000)


def test_who_saves_second_is_told_what_the_first_made_of_it(town, orders):
    leek = line(orders[0], "Poireaux")
    save(town, leek, 4)

    with pytest.raises(rules.ChangedMeanwhile) as refused:
        save(town, leek, 3, seen=(2, None))

    assert refused.value.values == {"lines": "Poireaux (4)"}
    assert save(town, leek, 4, seen=(2, None))[0] == 4


def test_a_line_that_is_gone_or_elsewhere_is_refused(town, orders):
    leek = line(orders[0], "Poireaux")
    other = make.market()
    with pytest.raises(rules.LineGone):
        seen = LineValue(2, None)
        set_line(hub_id=other.hub.pk, line_id=leek.pk, wanted=seen, seen=seen, actor=other.manager, now=NOON)
    change_quantities(order_id=orders[0].pk, quantities={leek.variant_id: 0}, actor=town.manager, now=NOON)
    with pytest.raises(rules.LineGone):
        save(town, leek, 3)


def test_volunteers_weigh_and_leave_quantities_alone(town, orders):
    volunteer = make.actor("volunteer", on=town.hub)
    cheese = line(orders[0], "Tomme")

    assert save(town, cheese, 1, 990, actor=volunteer) == (1, 990, 990)
    with pytest.raises(Forbidden):
        save(town, cheese, 2, 990, actor=volunteer)
    with pytest.raises(Forbidden):
        save(town, cheese, 1, 900, actor=make.actor("bookkeeper", on=town.hub))


def cell(row, **changed):
    values = {"quantity": row.quantity, "weight": "", "seen_quantity": row.quantity, "seen_weight": ""}
    return values | changed


def at(town, row):
    return reverse("orders:line", args=[town.hub.slug, row.pk])


HTMX = {"HX-Request": "true"}


def test_a_saved_cell_answers_with_its_row_the_totals_and_the_way_back(client, town, orders):
    leek = line(orders[0], "Poireaux")
    signed_in(client, "manager", town.hub)

    body = client.post(at(town, leek), cell(leek, quantity=4), headers=HTMX).content.decode()

    assert body.lstrip().startswith(f'<tr id="line-{leek.pk}">')
    assert f'id="goods-{leek.variant_id}" hx-swap-oob="true"' in body
    assert ("12 ordered" in body, "Undo: 2" in body) == (True, True)


def test_a_conflict_shows_both_values_and_saving_again_chooses(client, town, orders):
    leek = line(orders[0], "Poireaux")
    save(town, leek, 4)
    signed_in(client, "manager", town.hub)

    stale = client.post(at(town, leek), cell(leek, quantity=3, seen_quantity=2), headers=HTMX)

    body = stale.content.decode()
    assert (stale.status_code, "Poireaux (4)" in body) == (422, True)
    assert ('name="seen_quantity" value="4"' in body, f'id="q-{leek.pk}" min="0" max="999" value="3"' in body) == (
        True, True,
    )  # fmt: skip
    assert client.post(at(town, leek), cell(leek, quantity=3, seen_quantity=4), headers=HTMX).status_code == 200


@pytest.mark.parametrize("typed", [{"quantity": -1}, {"quantity": "x"}, {"quantity": ""}, {"quantity": 1000}])
def test_an_absurd_cell_is_explained_and_changes_nothing(client, town, orders, typed):
    leek = line(orders[0], "Poireaux")
    signed_in(client, "manager", town.hub)

    response = client.post(at(town, leek), cell(leek, **typed), headers=HTMX)

    assert (response.status_code, line(orders[0], "Poireaux").quantity) == (422, 2)


def test_without_javascript_a_cell_leads_back_to_its_goods(client, town, orders):
    leek = line(orders[0], "Poireaux")

    response = signed_in(client, "manager", town.hub).post(at(town, leek), cell(leek, quantity=4))

    assert response.status_code == 303
    assert response["Location"].endswith(f"?cycle={town.cycle.pk}&goods={leek.variant_id}#line-{leek.pk}")


def shortage_at(town, name="Poireaux"):
    return reverse("orders:shortage", args=[town.hub.slug, town.cycle.pk, town.variants[name].pk])


def confirm(client, town, came, rule, key="k1", name="Poireaux"):
    shown = client.get(shortage_at(town, name), {"came": came, "rule": rule}).context
    data = {"came": came, "rule": rule, "key": key, "shares": shown["shares"]}
    return client.post(shortage_at(town, name), data)


def quantities(name="Poireaux"):
    rows = OrderLine.objects.filter(product_name=name, order__state="placed").order_by("order_id")
    return list(rows.values_list("quantity", flat=True))


@pytest.mark.parametrize(("rule", "kept"), [("first", [2, 4]), ("even", [1, 3, 2]), ("fewest", [2, 1, 3])])
def test_a_shortage_is_shared_as_it_was_shown(client, town, orders, rule, kept):
    signed_in(client, "manager", town.hub)
    before = town.on_hand(town.variants["Poireaux"])

    shown = client.get(shortage_at(town), {"came": 6, "rule": rule})
    assert [after for _, after in shown.context["rows"] if after] == kept
    done = confirm(client, town, 6, rule)

    assert (done.status_code, quantities()) == (303, kept)
    assert town.on_hand(town.variants["Poireaux"]) == before
    assert SharingRule.objects.get().rule == rule
    assert client.get(shortage_at(town)).context["form"].initial["rule"] == rule


def test_who_ordered_nothing_else_and_gets_nothing_is_cancelled_and_told(client, town, orders):
    outbox.deliver_due(now=NOON)
    signed_in(client, "manager", town.hub)

    shown = client.get(shortage_at(town), {"came": 0, "rule": "even"})
    assert (shown.context["cut"], shown.context["cancelled"]) == (3, 2)
    result = client.get(confirm(client, town, 0, "even")["Location"]).content.decode()
    outbox.deliver_due(now=NOON)

    assert "3 of 3 done" in result
    assert list(Order.objects.order_by("id").values_list("state", flat=True)) == ["placed", "cancelled", "cancelled"]
    assert Message.objects.filter(template="orders/mail/cancelled").count() == 2
    assert Message.objects.filter(template="orders/mail/changed").count() == 1


def test_a_line_changed_since_it_was_shown_is_left_out_and_the_others_are_cut(client, town, orders):
    signed_in(client, "manager", town.hub)
    shares = client.get(shortage_at(town), {"came": 5, "rule": "even"}).context["shares"]
    save(town, line(orders[1], "Poireaux"), 7)

    done = client.post(shortage_at(town), {"came": 5, "rule": "even", "key": "k", "shares": shares})

    body = client.get(done["Location"]).content.decode()
    assert ("2 of 3 done" in body, "Poireaux (7)" in body) == (True, True)
    assert quantities() == [1, 7, 1]


def test_a_shortage_confirmed_twice_is_cut_once(client, town, orders):
    signed_in(client, "manager", town.hub)
    shares = client.get(shortage_at(town), {"came": 5, "rule": "even"}).context["shares"]

    for _ in range(2):
        client.post(shortage_at(town), {"came": 5, "rule": "even", "key": "k", "shares": shares})

    assert OrderChange.objects.filter(what="quantity").count() == 3


@pytest.mark.parametrize("came", ["10", "11", "-1", "x", ""])
def test_what_is_no_shortage_is_explained(client, town, orders, came):
    response = signed_in(client, "manager", town.hub).get(shortage_at(town), {"came": came, "rule": "even"})

    assert (response.status_code, response.context["rows"]) == (422, [])


@pytest.mark.parametrize("shares", ["", "NOPE:3:2", "x", "a:b:c"])
def test_shares_that_nobody_showed_change_nothing(client, town, orders, shares):
    signed_in(client, "manager", town.hub)

    response = client.post(shortage_at(town), {"came": 5, "rule": "even", "key": "k", "shares": shares})

    assert (response.status_code in (404, 422), quantities()) == (True, [2, 5, 3])


def test_only_managers_share_and_only_at_their_hub(client, town, orders):
    assert signed_in(client, "volunteer", town.hub).get(shortage_at(town)).status_code == 403
    elsewhere = make.market()
    signed_in(client, "manager", elsewhere.hub)
    where = reverse("orders:shortage", args=[elsewhere.hub.slug, town.cycle.pk, town.variants["Poireaux"].pk])
    assert client.get(where).status_code == 404


def test_a_group_sees_how_many_batches_all_sizes_of_a_product_fill(client, town, orders):
    leek = town.variants["Poireaux"]
    signed_in(client, "manager", town.hub)
    data = {"size": "4", "unit": "weight", "cycle": town.cycle.pk, "goods": leek.pk}

    client.post(reverse("orders:batch", args=[town.hub.slug, leek.product_id]), data)

    goods = sheet(town, text="poireaux").groups[0][0]
    assert (goods.batch, goods.in_all, goods.filled, goods.missing) == (4000, 5000, 1.25, 3000)
    body = client.get(reverse("orders:lines", args=[town.hub.slug])).content.decode()
    assert "1.25 batch of 4\u00a0kg" in body
    set_batch(hub_id=town.hub.pk, product_id=leek.product_id, size=0, actor=town.manager)
    assert Batch.objects.count() == 0


@pytest.mark.parametrize(("size", "refusal"), [(-1, rules.AbsurdBatch), (10**9, rules.AbsurdBatch)])
def test_an_absurd_batch_is_refused(town, orders, size, refusal):
    with pytest.raises(refusal):
        set_batch(hub_id=town.hub.pk, product_id=town.variants["Poireaux"].product_id, size=size, actor=town.manager)
    other = make.market().offer("Miel", "1.00")
    with pytest.raises(NotFound):
        set_batch(hub_id=town.hub.pk, product_id=other.product_id, size=1, actor=town.manager)


def test_an_empty_hub_is_told_what_to_wait_for(client, town):
    body = signed_in(client, "manager", town.hub).get(reverse("orders:lines", args=[town.hub.slug])).content.decode()

    assert "No order yet" in body
