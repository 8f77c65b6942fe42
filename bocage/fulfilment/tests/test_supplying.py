"""Orders to farms: written at the closing, told once, told again with the difference, confirmed by a signed link."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.fulfilment import actions, queries, rules
from bocage.fulfilment.links import key_for
from bocage.fulfilment.models import SupplierOrder, SupplierOrderVersion
from bocage.fulfilment.papers import paper
from bocage.fulfilment.tests import make
from bocage.infra.outbox import deliver_due
from bocage.messages.models import Message
from bocage.network.rules import SYSTEM
from bocage.order_cycles import actions as cycles
from bocage.orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + actions.supplying.QUIET


@pytest.fixture
def sale():
    """A sale that closes at NOW: two orders of leek and one of tomme, of one farm that has a contact."""

    class Sale:
        pass

    found = Sale()
    found.hub, found.farm = make.enterprise(), make.farm()
    make.person("manager", hub=found.farm, name="Maëlle Guivarc’h")
    found.cycle = make.cycle(found.hub, closes_at=NOW)
    make.bringing(found.cycle, found.farm, at=NOW + timedelta(days=1), instructions="Par la cour")
    found.leek = make.variant(found.farm, name="Poireaux")
    found.tomme = make.variant(found.farm, name="Tomme", size=500, pack="")
    found.orders = [
        make.order(found.hub, found.cycle, lines=[make.line(found.leek, 2), make.line(found.tomme)]),
        make.order(found.hub, found.cycle, lines=[make.line(found.leek, 3)]),
    ]
    return found


def close(now=NOW):
    cycles.tell_due(now=now)
    while deliver_due(now=now):
        pass


def amended(sale, quantity, now=NOW):
    line = OrderLine.objects.get(order=sale.orders[1])
    OrderLine.objects.filter(id=line.pk).update(quantity=quantity, goods_minor=line.price_minor * quantity)
    actions.renew(cycle_id=sale.cycle.pk, now=now)


def told(now):
    actions.tell_due(now=now)
    deliver_due(now=now)


def brought(sheet):
    return [(row.line.product_name, row.line.quantity, row.before) for row in sheet.lines]


def test_at_the_closing_each_farm_is_told_once_what_it_brings(sale):
    close()
    close()

    order = SupplierOrder.objects.get()
    assert brought(queries.supplier_order(order_id=order.pk)) == [("Poireaux", 5, None), ("Tomme", 1, None)]
    mail = Message.objects.get(template="fulfilment/mail/supplier_order")
    assert "5 × Poireaux" in mail.text and "Par la cour" in mail.text
    assert SupplierOrderVersion.objects.count() == 1


def test_a_change_after_the_closing_is_told_once_it_has_settled_with_the_difference(sale):
    close()

    amended(sale, 1)
    amended(sale, 4, now=NOW + timedelta(minutes=5))
    told(LATER)
    early = SupplierOrderVersion.objects.filter(told_at__isnull=False).count()
    told(LATER + timedelta(minutes=5))

    sheet = queries.supplier_order(order_id=SupplierOrder.objects.get().pk)
    assert (early, sheet.number, brought(sheet)) == (1, 2, [("Poireaux", 6, 5), ("Tomme", 1, 1)])
    assert sheet.changes == 1
    assert Message.objects.filter(template="fulfilment/mail/supplier_order").count() == 2


def test_what_is_changed_back_before_anyone_was_told_is_never_told(sale):
    close()

    amended(sale, 1)
    amended(sale, 3)
    told(LATER)

    assert SupplierOrderVersion.objects.count() == 1


def test_goods_that_nobody_wants_any_more_are_told_as_nothing(sale):
    close()

    Order.objects.update(state="cancelled")
    actions.renew(cycle_id=sale.cycle.pk, now=NOW)
    told(LATER)

    sheet = queries.supplier_order(order_id=SupplierOrder.objects.get().pk)
    assert brought(sheet) == [("Poireaux", 0, 5), ("Tomme", 0, 1)]
    assert sheet.items == 0


def test_a_final_weight_is_no_other_order(sale):
    close()

    OrderLine.objects.update(final_weight_g=900, goods_minor=999)

    assert actions.renew(cycle_id=sale.cycle.pk, now=NOW) == 0


def test_nothing_is_written_while_a_sale_takes_orders_or_for_its_own_goods(sale):
    own = make.variant(sale.hub, name="Cidre")
    make.order(sale.hub, sale.cycle, lines=[make.line(own)])

    assert actions.renew(cycle_id=sale.cycle.pk, now=NOW - timedelta(seconds=1)) == 0
    with pytest.raises(rules.StillTakesOrders):
        actions.tell_now(cycle_id=sale.cycle.pk, actor=SYSTEM, now=NOW - timedelta(seconds=1))
    close()
    assert SupplierOrder.objects.get().producer_id == sale.farm.pk


def test_page_mail_pdf_and_csv_show_alike(sale, client):
    close()
    amended(sale, 4)
    told(LATER)
    order = SupplierOrder.objects.get()
    key = key_for(order.pk, "Maëlle")
    client.cookies["django_language"] = "fr"
    words = paper(queries.supplier_order(order_id=order.pk), "fr")

    page = client.get(reverse("supplier_orders:paper", args=[key])).content.decode()
    table = client.get(reverse("supplier_orders:file", args=[key, "csv"])).content.decode("utf-8-sig")
    pdf = client.get(reverse("supplier_orders:file", args=[key, "pdf"]))
    mail = Message.objects.filter(template="fulfilment/mail/supplier_order").latest("id").text

    cells = [(row["product"], row["quantity"], row["goods"]) for row in words["rows"]]
    assert cells == [("Poireaux", "6", "16,80\u00a0€"), ("Tomme", "1", "2,80\u00a0€")]
    rows = re.findall(r"<td data-label=\"Produit\".*?</tr>", page, re.S)
    assert len(rows) == len(cells)
    for row, (product, quantity, goods) in zip(rows, cells, strict=True):
        assert product in row and f"<b>{quantity}</b>" in row and goods in row
    assert all(f"{quantity} × {product}" in mail and goods in mail for product, quantity, goods in cells)
    read = list(csv.reader(io.StringIO(table), delimiter=";"))[1:]
    assert [(row[0], row[2], f"{row[-1]}\u00a0€") for row in read] == cells
    assert pdf.content.startswith(b"%PDF")


def test_a_farm_confirms_with_its_link_and_the_hub_sees_by_whom(sale, client):
    close()
    order, key = SupplierOrder.objects.get(), key_for(SupplierOrder.objects.get().pk, "Maëlle Guivarc’h")

    opened = client.get(reverse("supplier_orders:paper", args=[key]))
    before = SupplierOrderVersion.objects.get().confirmed_at
    answers = [client.post(reverse("supplier_orders:confirmation", args=[key]), {"number": "1"}) for _ in range(2)]

    assert (opened.status_code, before, [answer.status_code for answer in answers]) == (200, None, [303, 303])
    (row,) = queries.supplier_orders(
        hub_id=sale.hub.pk, cycle_id=sale.cycle.pk, actor=make.actor("volunteer", sale.hub)
    )
    assert (row.order_id, row.confirmed_by) == (order.pk, "Maëlle Guivarc’h")


def test_a_version_that_was_followed_by_another_is_not_confirmed(sale, client):
    close()
    key = key_for(SupplierOrder.objects.get().pk, "Maëlle")
    amended(sale, 4)
    told(LATER)
    client.cookies["django_language"] = "en"

    answer = client.post(reverse("supplier_orders:confirmation", args=[key]), {"number": "1"})

    assert answer.status_code == 422
    assert "Look at version 2" in answer.content.decode()
    assert not SupplierOrderVersion.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize("name", ["paper", "confirmation", "file"])
def test_a_forged_key_opens_nothing(sale, client, name):
    close()
    key = key_for(SupplierOrder.objects.get().pk, "Maëlle")[:-3] + "xyz"
    args = [key, "pdf"] if name == "file" else [key]
    ask = client.post if name == "confirmation" else client.get

    assert ask(reverse(f"supplier_orders:{name}", args=args)).status_code == 404


def test_the_hub_sees_its_orders_to_farms_and_tells_them_by_hand(sale, client):
    client.force_login(make.person("manager", hub=sale.hub))
    client.cookies["django_language"] = "en"
    sale.cycle.closes_at = NOW - timedelta(days=1)
    sale.cycle.save()
    listing = reverse("supplier_orders:list", args=[sale.hub.slug])

    empty = client.get(listing).content.decode()
    told = client.post(reverse("supplier_orders:telling", args=[sale.hub.slug]))
    full = client.get(listing).content.decode()

    assert "No farm has been told yet." in empty
    assert told.status_code == 303
    assert "of 1 farms confirmed" in full and "not yet" in full
    order = SupplierOrder.objects.get()
    sheet = client.get(reverse("supplier_orders:order", args=[sale.hub.slug, order.pk])).content.decode()
    assert "Not confirmed yet" in sheet and "Poireaux" in sheet
    for kind, media in (("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8")):
        file = client.get(reverse("supplier_orders:order_file", args=[sale.hub.slug, order.pk, kind]))
        assert file["Content-Type"] == media


def test_another_hub_sees_and_tells_nothing(sale, client):
    close()
    order, other = SupplierOrder.objects.get(), make.enterprise("Autre")
    client.force_login(make.person("manager", hub=other))

    foreign = client.get(reverse("supplier_orders:order", args=[sale.hub.slug, order.pk]))
    own_door = client.get(reverse("supplier_orders:order", args=[other.slug, order.pk]))

    assert (foreign.status_code, own_door.status_code) == (403, 404)
    with pytest.raises(Forbidden):
        actions.tell_now(cycle_id=sale.cycle.pk, actor=make.actor("manager", other), now=NOW)


@pytest.mark.parametrize("count", [1, 4])
def test_orders_to_farms_take_the_same_queries_whatever_they_hold(sale, django_assert_num_queries, count):
    for number in range(count):
        goods = make.variant(make.farm(f"Ferme {number}"))
        make.order(sale.hub, sale.cycle, lines=[make.line(goods)])
    close()
    someone = make.actor("volunteer", sale.hub)

    with django_assert_num_queries(2):
        assert len(queries.supplier_orders(hub_id=sale.hub.pk, cycle_id=sale.cycle.pk, actor=someone)) == count + 1
    with django_assert_num_queries(4):
        queries.supplier_order(order_id=SupplierOrder.objects.order_by("id")[0].pk)


def farm_orders(sale, now):
    rows = queries.farm_orders(producer_id=sale.farm.pk, actor=SYSTEM, now=now)
    return [(row.hub, row.number, row.items, row.stage) for row in rows]


def test_a_farm_reads_which_orders_it_was_told_and_which_wait_for_its_yes(sale, django_assert_num_queries):
    assert farm_orders(sale, NOW) == []
    close()
    assert farm_orders(sale, NOW) == [(sale.hub.name, 1, 6, "confirm")]

    order = SupplierOrder.objects.get()
    actions.confirm(order_id=order.pk, number=1, by="Maëlle", now=NOW)
    assert farm_orders(sale, NOW) == [(sale.hub.name, 1, 6, "confirmed")]

    amended(sale, 5)
    told(LATER)
    with django_assert_num_queries(1):
        assert farm_orders(sale, LATER) == [(sale.hub.name, 2, 8, "changed")]
    assert farm_orders(sale, NOW + timedelta(days=32)) == []


def test_only_a_farms_own_people_read_what_it_was_told(sale):
    close()
    with pytest.raises(Forbidden):
        queries.farm_orders(producer_id=sale.farm.pk, actor=make.actor("manager", sale.hub), now=NOW)
