"""Every route of a hub's or a steward's work, asked for by people who have no business there: real addresses, real forms.

The addresses are filled with what the hub really has, so that a page that forgot to ask for a right would show it.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver

from bocage.network.models import Instance, Role
from bocage.network.tests import make as network
from bocage.orders.models import Order, OrderLine
from bocage.orders.queries import link_token
from bocage.orders.tests import make
from bocage.pricing.models import EnterpriseFee
from tests.architecture.who_may import STAFF, STEWARD, WHO_MAY

pytestmark = pytest.mark.django_db
BUYER = "Armelle Le Goff"
REFUSED = {403, 404, 405}
STRANGERS = ["visitor", "shopper", "producer", "manager of another hub"]


@pytest.fixture
def market(settings):
    settings.DEMO = False
    found = make.market()
    Instance.objects.update(host="testserver")
    leek = found.offer("Poireaux", "2.40")
    found.charge("percent", percent_millionths=50_000)
    found.place({leek: 2})
    network.agreement(found.farm, found.hub)
    return found


def _addresses(market, wanted):
    """The routes of these kinds, name → address, filled with what the hub has; other numbers mean nothing."""
    order, line = Order.objects.get(), OrderLine.objects.get()
    known = {
        "slug": market.hub.slug,
        "ref": order.ref,
        "token": link_token(order.ref),
        "order_id": order.pk,
        "cycle_id": market.cycle.pk,
        "exchange_id": market.incoming.pk,
        "variant_id": line.variant_id,
        "product_id": line.variant.product_id,
        "line_id": line.pk,
        "customer_id": order.customer_id,
        "method_id": market.pickup.pk,
        "fee_id": EnterpriseFee.objects.get().pk,
        "enterprise_id": market.hub.pk,
        "person_id": Role.objects.filter(enterprise=market.hub).values_list("person_id", flat=True).first() or 1,
        "partner": market.farm.slug,
        "mode": "products",
    }
    return {name: path for name, path in _routes(get_resolver(), known).items() if WHO_MAY.get(name) in wanted}


def _routes(resolver, known, prefix="", space=""):
    found = {}
    for entry in resolver.url_patterns:
        text = str(entry.pattern).lstrip("^").rstrip("$")
        for name, converter in entry.pattern.converters.items():
            start = text.rindex("<", 0, text.index(f"{name}>"))
            shown = known.get(name, "999999" if "int" in type(converter).__name__.lower() else "csv")
            text = text.replace(text[start : text.index(">", start) + 1], str(shown))
        if isinstance(entry, URLPattern):
            found[f"{space}{entry.name}"] = "/" + prefix + text
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= _routes(entry, known, prefix + text, inner)
    return found


def _client(who, market):
    client = Client()
    if who == "visitor":
        return client
    person = network.person()
    if who == "producer":
        network.role(person, market.farm)
    if who == "manager of another hub":
        network.role(person, network.hub("Autre hub", instance=market.instance))
    if who == "manager":
        network.role(person, market.hub)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _rows():
    """How many rows there are in every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("bocage.")]
    return {model._meta.label: model._default_manager.count() for model in ours}


@pytest.mark.parametrize("who", STRANGERS)
def test_who_has_no_role_in_a_hub_sees_and_changes_nothing_of_it(market, who):
    client, order = _client(who, market), Order.objects.get()
    addresses, before = _addresses(market, {STAFF}), _rows()
    said = {}
    for name, address in addresses.items():
        for method in ("get", "post"):
            answer = getattr(client, method)(address, {"q": "x", "state": "cancelled", "name": "X"})
            is_door = who == "visitor" and answer.status_code == 302 and "/accounts/" in answer["location"]
            if not is_door and answer.status_code not in REFUSED:
                said[f"{method} {name}"] = answer.status_code
            assert BUYER not in (b"" if answer.streaming else answer.content).decode(errors="replace"), name

    assert said == {}
    assert _rows() == before
    assert (Order.objects.get().state, Order.objects.get().total_minor) == (order.state, order.total_minor)
    assert len(addresses) > 150


@pytest.mark.parametrize("who", [*STRANGERS, "manager"])
def test_a_stewards_pages_are_for_stewards_alone(market, who):
    client, before = _client(who, market), _rows()
    said = {}
    for name, address in _addresses(market, {STEWARD}).items():
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            is_door = who == "visitor" and answer.status_code == 302 and "/accounts/" in answer["location"]
            if not is_door and answer.status_code not in REFUSED:
                said[f"{method} {name}"] = answer.status_code

    assert said == {}
    assert _rows() == before


def test_the_addresses_are_real_the_hubs_manager_gets_their_pages(market):
    client = _client("manager", market)

    shown = {}
    for name, address in _addresses(market, {STAFF}).items():
        answer = client.get(address)
        shown[name] = answer.status_code
        assert b"".join(answer) or answer.status_code != 200  # a file is read to its end, and closed

    assert sum(status == 200 for status in shown.values()) > 60, shown
    assert {name for name, status in shown.items() if status >= 500} == set()
