"""Acts on many orders: what will happen is shown first, each order stands for itself, twice is once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra import outbox
from bocage.ledger.queries import due_by_reference
from bocage.messages.models import Message
from bocage.network.models import Instance, Role
from bocage.orders import rules
from bocage.orders.actions import bulk, cancel_order, carry_out, carry_out_waiting, plan_act, record_payment
from bocage.orders.models import BulkAct, BulkActLine, Order, OrderChange, SavedFilter
from bocage.orders.queries.bulk import act_page, preview_of_refs
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in
from bocage.payments.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    return town


@pytest.fixture
def three(town):
    """Three orders: one stands, one is cancelled, one is paid."""
    leek = town.variants["Poireaux"]
    stands, cancelled, paid = (town.place({leek: n}) for n in (1, 2, 3))
    cancel_order(order_id=cancelled.order_id, actor=town.manager, now=NOON)
    record_payment(
        order_id=paid.order_id, amount=make.euros("8.40"), means="cash", key="p", actor=town.manager, now=NOON
    )
    return stands.ref, cancelled.ref, paid.ref


def act(town, what, refs, *, key="k1", actor=None, **details):
    who = actor or town.manager
    act_id = plan_act(key=key, hub_id=town.hub.pk, what=what, orders=refs, details=details, actor=who, now=NOON)
    carry_out(act_id=act_id, actor=who, now=NOON)
    return act_page(hub_id=town.hub.pk, key=key, actor=who)


def states(page, refs):
    found = {row.ref: row.state for row in page.rows}
    return [found[ref] for ref in refs]


def foreseen(town, what, refs):
    right = {"actor": town.manager, "right": "manage_orders"}
    found = preview_of_refs(hub_id=town.hub.pk, what=what, refs=refs, **right)
    by_ref = {row.ref: row.refusal.code if row.refusal else "" for row in found.rows}
    return [by_ref[ref] for ref in refs], found.amount


@pytest.mark.parametrize(
    ("what", "codes", "amount"),
    [
        ("pay", ["", "orders.is_cancelled", "orders.nothing_due"], "2.80"),
        ("cancel", ["", "orders.cancelled", ""], "11.20"),
        ("mail", ["", "orders.is_cancelled", ""], "11.20"),
    ],
)
def test_the_preview_says_what_will_be_done_and_the_act_does_just_that(town, three, what, codes, amount):
    assert foreseen(town, what, three) == (codes, make.euros(amount))

    page = act(town, what, three, means="transfer")

    assert states(page, three) == ["refused" if code else "done" for code in codes]
    assert (page.done, page.refused, page.waiting) == (codes.count(""), 3 - codes.count(""), 0)


def test_marking_paid_records_what_is_due_at_that_moment(town, three):
    act(town, "pay", three, means="cheque")

    assert list(Payment.objects.order_by("id").values_list("amount_minor", "means")) == [(840, "cash"), (280, "cheque")]
    assert due_by_reference(kind="customer", abouts=[f"order:{three[0]}"]) == {f"order:{three[0]}": 0}


def test_one_refused_order_undoes_no_other_and_says_why(town, three):
    page = act(town, "cancel", three)

    assert list(Order.objects.order_by("id").values_list("state", flat=True)) == ["cancelled"] * 3
    assert {row.ref: row.said for row in page.rows}[three[1]]["message"] == rules.AlreadyCancelled.message


def test_the_confirmation_is_mailed_again_as_the_order_stands(town, three):
    outbox.deliver_due(now=NOON)
    before = Message.objects.filter(template="orders/mail/placed").count()

    act(town, "mail", three)
    outbox.deliver_due(now=NOON)

    assert Message.objects.filter(template="orders/mail/placed").count() == before + 2
    assert OrderChange.objects.filter(what="confirmation").count() == 2


def test_sent_twice_it_is_done_once(town, three):
    for _ in range(2):
        act(town, "pay", three[:1], means="cash")

    assert (BulkAct.objects.count(), BulkActLine.objects.count(), Payment.objects.count()) == (1, 1, 2)


def test_many_orders_are_begun_at_once_and_the_worker_goes_on_in_the_same_name(town):
    refs = [town.place({town.variants["Poireaux"]: 1}).ref for _ in range(3)]
    act_id = plan_act(key="k", hub_id=town.hub.pk, what="cancel", orders=refs, actor=town.manager, now=NOON)

    assert carry_out(act_id=act_id, actor=town.manager, now=NOON, most=2) == 2
    assert act_page(hub_id=town.hub.pk, key="k", actor=town.manager).waiting == 1
    assert [carry_out_waiting(now=NOON) for _ in range(2)] == [1, 0]

    by = set(OrderChange.objects.filter(what="cancelled").values_list("by", flat=True))
    assert (by, act_page(hub_id=town.hub.pk, key="k", actor=town.manager).done) == ({town.manager.label}, 3)


def test_the_worker_does_nothing_for_who_may_no_longer(town):
    ref = town.place({town.variants["Poireaux"]: 1}).ref
    plan_act(key="k", hub_id=town.hub.pk, what="cancel", orders=[ref], actor=town.manager, now=NOON)
    Role.objects.all().delete()

    carry_out_waiting(now=NOON + timedelta(minutes=1))

    assert Order.objects.get().state == "placed"
    assert BulkActLine.objects.get().said["message"] == Forbidden.message


def test_a_fault_at_one_order_is_told_and_holds_up_no_other(town, three, monkeypatch, caplog):
    real = bulk.cancel_order
    first = Order.objects.get(ref=three[0]).pk

    def faulty(*, order_id, **given):
        if order_id == first:
            raise RuntimeError("a fault of ours")
        real(order_id=order_id, **given)

    monkeypatch.setattr(bulk, "cancel_order", faulty)
    page = act(town, "cancel", [three[0], three[2]])

    assert (states(page, [three[0], three[2]]), page.failed, page.waiting) == (["failed", "done"], 1, 0)
    reference = next(row.said["reference"] for row in page.rows if row.state == "failed")
    assert reference in {record.__dict__.get("reference") for record in caplog.records}
    assert Order.objects.get(ref=three[0]).state == "placed"


def test_an_act_that_cannot_be_begun_does_not_hold_up_those_behind_it(town, three):
    plan = {"hub_id": town.hub.pk, "orders": [three[0]], "actor": town.manager, "now": NOON}
    plan_act(key="a", what="nonsense", **plan)
    plan_act(key="b", what="mail", **plan)

    assert [carry_out_waiting(now=NOON) for _ in range(3)] == [1, 1, 0]
    assert list(BulkActLine.objects.order_by("id").values_list("state", flat=True)) == ["failed", "done"]


def test_the_result_names_a_fault_with_its_reference(client, town, three, monkeypatch):
    monkeypatch.setattr(bulk, "cancel_order", None)
    page = act(town, "cancel", [three[0]])

    body = signed_in(client, "manager", town.hub).get(reverse("orders:act", args=[town.hub.slug, "k1"]))

    words = f"we were told: reference {page.rows[0].said['reference']}"
    assert (words in body.content.decode(), "1 failed" in body.content.decode()) == (True, True)


def test_another_hubs_order_is_not_touched(town, three):
    other = make.market()
    other.offer("Miel", "7.00")
    theirs = other.place({other.variants["Miel"]: 1}).ref

    with pytest.raises(NotFound):
        act(town, "cancel", [*three, theirs])
    with pytest.raises(Forbidden):
        act(town, "cancel", three, actor=other.manager)
    assert BulkAct.objects.count() == 0


@pytest.mark.parametrize(("role", "what", "allowed"), [
    ("volunteer", "pay", True), ("volunteer", "cancel", False), ("bookkeeper", "pay", True), ("bookkeeper", "mail", False),
])  # fmt: skip
def test_each_role_acts_as_it_may(client, town, three, role, what, allowed):
    signed_in(client, role, town.hub)
    data = {"what": what, "key": "k9", "orders": " ".join(three), "means": "cash"}

    shown = client.get(reverse("orders:act_preview", args=[town.hub.slug]), {"act": what, "order": three})
    done = client.post(reverse("orders:acts", args=[town.hub.slug]), data)

    assert (shown.status_code, done.status_code) == ((200, 303) if allowed else (403, 403))


def test_from_the_list_to_the_result(client, town, three):
    signed_in(client, "manager", town.hub)

    shown = client.get(
        reverse("orders:act_preview", args=[town.hub.slug]), {"act": "cancel", "whose": "all", "state": "placed"}
    )
    assert (shown.context["found"].done, shown.context["total"]) == (2, 2)
    assert "Cancel 2 orders" in shown.content.decode()
    form = shown.context["form"].initial
    done = client.post(reverse("orders:acts", args=[town.hub.slug]), {"what": "cancel", **form})

    result = client.get(done["Location"])
    assert "2 of 2 done" in result.content.decode()
    again = client.post(reverse("orders:acts", args=[town.hub.slug]), {"what": "cancel", **form})
    assert (again["Location"], OrderChange.objects.filter(what="cancelled").count()) == (done["Location"], 3)


def test_the_result_says_why_an_order_was_left_out(client, town, three):
    signed_in(client, "manager", town.hub)
    data = {"what": "pay", "key": "k9", "orders": " ".join(three), "means": "cash"}

    body = client.get(client.post(reverse("orders:acts", args=[town.hub.slug]), data)["Location"]).content.decode()

    assert "1 of 3 done" in body
    assert "Nothing is due for this order any more." in body


@pytest.mark.parametrize("query", [{"act": "cancel"}, {"act": "cancel", "order": "NOPE"}])
def test_nothing_ticked_is_explained(client, town, three, query):
    response = signed_in(client, "manager", town.hub).get(reverse("orders:act_preview", args=[town.hub.slug]), query)

    assert (response.status_code, "Tick the orders that are meant" in response.content.decode()) == (422, True)


@pytest.mark.parametrize("what", ["", "explode", "share"])
def test_an_unknown_act_is_not_there(client, town, three, what):
    signed_in(client, "manager", town.hub)

    assert client.get(reverse("orders:act_preview", args=[town.hub.slug]), {"act": what}).status_code == 404
    assert client.post(reverse("orders:acts", args=[town.hub.slug]), {"what": what, "key": "k"}).status_code == 404


def test_the_chosen_orders_are_printed_one_sheet_each(client, town, three):
    signed_in(client, "bookkeeper", town.hub)

    led = client.get(reverse("orders:act_preview", args=[town.hub.slug]), {"act": "print", "order": three[:2]})
    sheets = client.get(led["Location"])

    assert sheets.content.decode().count('<article class="sheet">') == 2
    assert [one.due for one in sheets.context["sheets"]] == [make.euros("0.00"), make.euros("2.80")]


@pytest.mark.parametrize("orders", [1, 3])
@pytest.mark.parametrize("where", ["orders:act_preview", "orders:sheets"])
def test_previews_and_sheets_take_the_same_queries_for_any_number_of_orders(
    client, town, orders, where, django_assert_num_queries
):
    for _ in range(orders):
        town.place({town.variants["Poireaux"]: 1})
    signed_in(client, "manager", town.hub)

    with django_assert_num_queries({"orders:act_preview": 8, "orders:sheets": 12}[where]):
        client.get(reverse(where, args=[town.hub.slug]), {"act": "mail", "whose": "all"})


def test_a_filter_is_kept_by_name_for_one_person_at_one_hub(client, town, three):
    signed_in(client, "manager", town.hub)
    keep = reverse("orders:keep_filter", args=[town.hub.slug])

    for query in ("paid=due&after=3&evil=1", "paid=due&state=placed"):
        client.post(keep, {"name": "À encaisser", "query": query})

    [kept] = SavedFilter.objects.values_list("name", "query")
    assert kept == ("À encaisser", "state=placed&paid=due")
    assert "À encaisser" in client.get(reverse("orders:list", args=[town.hub.slug])).content.decode()
    other = signed_in(client, "manager", town.hub).get(reverse("orders:list", args=[town.hub.slug]))
    assert "À encaisser" not in other.content.decode()


def test_a_filter_is_forgotten_by_who_kept_it_alone(client, town):
    person = make.person()
    Role.objects.create(person=person, enterprise=town.hub, name="manager")
    kept = SavedFilter.objects.create(hub=town.hub, person=person, name="X", query="paid=due")
    where = reverse("orders:forget_filter", args=[town.hub.slug, kept.pk])

    assert signed_in(client, "manager", town.hub).post(where).status_code == 404
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(where).status_code == 303
    assert SavedFilter.objects.count() == 0


def test_a_filter_without_a_name_is_explained_and_keeps_what_was_chosen(client, town):
    response = signed_in(client, "manager", town.hub).post(
        reverse("orders:keep_filter", args=[town.hub.slug]), {"name": " ", "query": "paid=due"}
    )

    assert (response.status_code, SavedFilter.objects.count()) == (422, 0)
    assert 'value="paid=due"' in response.content.decode()
