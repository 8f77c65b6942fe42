"""Invoices on the pages of orders: issued by the hub, seen by whoever holds the order's link; receipts."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.test import Client

from bocage.invoicing.models import Document
from bocage.invoicing.tests import make as papers
from bocage.network.models import Customer, Enterprise, Instance
from bocage.orders.actions import cancel_order, record_payment
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in
from bocage.payments.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    Enterprise.objects.filter(id=town.hub.pk).update(**papers.SELLER)
    town.hub.refresh_from_db()
    town.offer("Poireaux", "2.80")
    return town


@pytest.fixture
def placed(town):
    return town.place({town.variants["Poireaux"]: 2})


@pytest.fixture
def client(client, town):
    return signed_in(client, "manager", town.hub)


def at(town, placed, rest=""):
    return f"/hub/{town.hub.slug}/orders/{placed.ref}/{rest}"


def text_of(response):
    return pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text().replace("\u00a0", " ")


def test_a_manager_issues_the_invoice_of_an_order_and_sees_it_there(town, placed, client):
    response = client.post(at(town, placed, "invoice/"))

    assert (response.status_code, response["Location"]) == (303, at(town, placed))
    assert "F2026-00001" in client.get(at(town, placed)).content.decode()


def test_an_invoice_of_a_cancelled_order_is_refused_on_its_page(town, placed, client):
    cancel_order(order_id=placed.order_id, actor=town.manager, now=NOON)

    response = client.post(at(town, placed, "invoice/"))

    assert response.status_code == 422
    assert not Document.objects.exists()


def test_who_holds_the_link_opens_the_invoice_and_nobody_else_does(town, placed, client):
    client.post(at(town, placed, "invoice/"))
    other = town.place({town.variants["Poireaux"]: 1})
    pk = Document.objects.get().pk
    guest = Client()

    assert guest.get(f"/order/{placed.ref}/{placed.token}/invoices/{pk}.pdf").content.startswith(b"%PDF")
    assert guest.get(f"/order/{placed.ref}/wrong/invoices/{pk}.pdf").status_code == 404
    assert guest.get(f"/order/{other.ref}/{other.token}/invoices/{pk}.pdf").status_code == 404
    assert f"/invoices/{pk}.pdf" in guest.get(f"/order/{placed.ref}/{placed.token}/").content.decode()


def test_a_receipt_says_what_was_ordered_and_paid(town, placed, client):
    record_payment(
        order_id=placed.order_id, amount=make.euros("3.00"), means="cash", key="p", actor=town.manager, now=NOON
    )

    whole = text_of(client.get(at(town, placed, "receipt.pdf")))
    one = text_of(client.get(at(town, placed, f"receipt.pdf?payment={Payment.objects.get().pk}")))

    assert "Poireaux" in whole and "5.60" in whole and "3.00" in whole and "2.60" in whole
    assert "Poireaux" not in one and "3.00" in one
    assert client.get(at(town, placed, "receipt.pdf?payment=999")).status_code == 404
    assert "Poireaux" in text_of(Client().get(f"/order/{placed.ref}/{placed.token}/receipt.pdf"))


def test_the_invoices_of_chosen_orders_are_foreseen_then_issued(town, placed, client):
    preview = client.get(f"/hub/{town.hub.slug}/orders/acts/new/?act=invoice&order={placed.ref}")
    form = preview.context["form"].initial

    done = client.post(
        f"/hub/{town.hub.slug}/orders/acts/", {"what": "invoice", "key": form["key"], "orders": form["orders"]}
    )

    assert preview.status_code == 200 and "An invoice" in preview.content.decode()
    assert done.status_code == 303
    assert Document.objects.get().number == "F2026-00001"
    again = client.get(f"/hub/{town.hub.slug}/orders/acts/new/?act=invoice&order={placed.ref}").content.decode()
    assert "F2026-00001 stands" in again


def test_a_month_with_nothing_in_it_is_refused_in_words(town, placed, client):
    customer = Customer.objects.get(hub=town.hub)
    url = f"/hub/{town.hub.slug}/customers/{customer.pk}/invoicing/month/"

    said = client.post(url, {"month": "2020-01"}, follow=True).content.decode()

    assert "Nothing was handed over in that month" in said
    assert not Document.objects.exists()
