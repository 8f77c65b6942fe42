"""Orders handed over many at a time from the orders' list, and their slips and labels as one PDF."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bocage.fulfilment.actions import hand_over
from bocage.fulfilment.models import Parcel
from bocage.fulfilment.queries import chosen_baskets
from bocage.fulfilment.tests import make
from bocage.fulfilment.tests.test_views import sign_in
from bocage.network.models import Instance
from bocage.orders.models import BulkActLine, OrderChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    hub = make.enterprise()
    Instance.objects.update(host=None)
    return hub


@pytest.fixture
def orders(hub):
    """Three orders of a sale: one stands, one was handed over, one is cancelled."""
    sale, leek = make.cycle(hub), make.variant(make.farm())
    made = [make.order(hub, sale, lines=[make.line(leek, n)]) for n in (1, 2)]
    made.append(make.order(hub, sale, lines=[make.line(leek, 3)], state="cancelled"))
    hand_over(order_id=made[1].pk, actor=make.actor("manager", hub), now=make.NOW)
    return made


def test_the_preview_says_who_has_their_order_already_and_the_act_does_just_that(client, hub, orders):
    refs = [order.ref for order in orders]
    sign_in(client, "volunteer", hub)

    listed = client.get(reverse("orders:list", args=[hub.slug])).content.decode()
    shown = client.get(reverse("orders:act_preview", args=[hub.slug]), {"act": "hand_over", "order": refs})
    form = shown.context["form"].initial
    done = client.post(reverse("orders:acts", args=[hub.slug]), {"what": "hand_over", **form})
    result = client.get(done["Location"]).content.decode()

    assert ('value="hand_over"' in listed, "Hand over 1 order" in shown.content.decode()) == (True, True)
    assert {row.ref: getattr(row.refusal, "code", "") for row in shown.context["found"].rows} == {
        refs[0]: "", refs[1]: "fulfilment.already_handed_over", refs[2]: "orders.is_cancelled",
    }  # fmt: skip
    assert ("1 of 3 done" in result, "was already handed over" in result) == (True, True)
    assert Parcel.objects.filter(handed_over_at__isnull=False).count() == 2
    assert OrderChange.objects.filter(order=orders[0], what="handed_over").count() == 1


def test_handed_over_twice_it_is_done_once(client, hub, orders):
    sign_in(client, "manager", hub)
    for _ in range(2):
        data = {"what": "hand_over", "key": "k", "orders": orders[0].ref}
        client.post(reverse("orders:acts", args=[hub.slug]), data)

    assert list(BulkActLine.objects.values_list("state", flat=True)) == ["done"]
    assert OrderChange.objects.filter(order=orders[0], what="handed_over").count() == 1


def test_a_bookkeeper_hands_nothing_over(client, hub, orders):
    sign_in(client, "bookkeeper", hub)
    listed = client.get(reverse("orders:list", args=[hub.slug])).content.decode()
    preview = client.get(reverse("orders:act_preview", args=[hub.slug]), {"act": "hand_over", "order": orders[0].ref})

    assert ('value="hand_over"' in listed, preview.status_code) == (False, 403)


@pytest.mark.parametrize("what", ["labels", "slips"])
def test_chosen_orders_become_one_pdf_without_the_cancelled(client, hub, orders, what):
    refs = [order.ref for order in orders]
    sign_in(client, "volunteer", hub)

    led = client.get(reverse("orders:act_preview", args=[hub.slug]), {"act": what, "order": refs})
    paper = client.get(led["Location"])

    assert (led.status_code, paper["Content-Type"], paper.content[:5]) == (303, "application/pdf", b"%PDF-")


@pytest.mark.parametrize("query", ["", "?orders=", "?orders=NOPE", "?orders=%00"])
def test_a_paper_of_nothing_is_not_there(client, hub, orders, query):
    sign_in(client, "volunteer", hub)
    url = reverse("fulfilment:chosen", args=[hub.slug, "labels"])

    assert client.get(f"{url}{query}").status_code == 404
    assert client.get(f"{url}?orders={orders[2].ref}").status_code == 404
    assert (
        client.get(reverse("fulfilment:chosen", args=[hub.slug, "nope"]) + f"?orders={orders[0].ref}").status_code
        == 404
    )


def test_papers_and_orders_of_another_hub_are_not_there(client, hub, orders):
    other = make.enterprise("Ailleurs")
    sign_in(client, "manager", other)

    assert client.get(reverse("fulfilment:chosen", args=[hub.slug, "labels"])).status_code == 403
    url = reverse("fulfilment:chosen", args=[other.slug, "labels"])
    assert client.get(f"{url}?orders={orders[0].ref}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_chosen_orders_take_the_same_queries_for_any_number(hub, count, django_assert_num_queries):
    sale, leek = make.cycle(hub), make.variant(make.farm())
    refs = [make.order(hub, sale, lines=[make.line(leek)]).ref for _ in range(count)]

    actor = make.actor("manager", hub)

    with django_assert_num_queries(5):
        rows = chosen_baskets(hub_id=hub.pk, refs=refs, actor=actor)
    assert [row.crate for row in rows] == list(range(1, count + 1))
