"""A hub that sells in a cycle which another one runs decides there what is its own, and nothing else."""

import pytest
from django.urls import reverse

from bocage.network.models import Role
from bocage.order_cycles import queries
from bocage.order_cycles.models import Exchange, ExchangeVariant, HandOver, OfferedPayment
from bocage.order_cycles.tests import make
from bocage.payments.models import PaymentMethod

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(client):
    """A cycle run by La Halle, in which Le Préau sells; the manager of Le Préau is signed in."""
    runs, sells, farm = make.hub(slug="la-halle"), make.hub("Le Préau", slug="le-preau"), make.farm("Ferme du Gué")
    for hub in (runs, sells):
        make.agreement(farm, hub)
    leek = make.variant(make.product(farm))
    cycle = make.cycle(runs)
    make.exchange(cycle, farm, "incoming", [leek], instructions="Au quai nord")
    make.exchange(cycle, runs, "outgoing", [leek], tags="secret", instructions="Sonner chez Anne")
    out = make.exchange(cycle, sells, "outgoing", [leek])
    method = make.method(sells)
    ways = [PaymentMethod.objects.create(hub=sells, name=name, kind="on_site") for name in ("Espèces", "Chèque")]
    anne = make.person(language="en")
    Role.objects.create(person=anne, enterprise=sells, name="manager")
    client.force_login(anne)
    client.cookies["django_language"] = "en"

    class Sale:
        pass

    found = Sale()
    found.__dict__.update(runs=runs, sells=sells, farm=farm, cycle=cycle, out=out, method=method, ways=ways, leek=leek)
    return found


def at(sale, name, slug="le-preau"):
    return reverse(f"order_cycles:{name}", args=[slug, sale.cycle.pk])


def test_the_list_leads_to_ones_own_part(client, sale):
    page = client.get(reverse("order_cycles:list", args=["le-preau"])).content.decode()

    assert f'href="{at(sale, "ours")}"' in page


def test_the_page_says_what_is_sold_and_nothing_of_other_partners(client, sale):
    page = client.get(at(sale, "ours")).content.decode()

    assert "<b>1</b> of the 1 products" in page
    for theirs in ("secret", "Sonner chez Anne", "Au quai nord"):
        assert theirs not in page


def test_a_hub_sets_its_tags_its_ways_to_be_paid_its_hand_overs_and_its_words(client, sale):
    cash, method = sale.ways[0].pk, sale.method.pk
    answers = [
        client.post(at(sale, "our_terms"), {"payment_ids": [cash], "tags": "Membres, relais"}),
        client.post(at(sale, "our_words"), {"instructions": "Par la cour"}),
        client.post(
            at(sale, "our_hand_overs"),
            {f"does_{method}": "on", f"from_{method}": "2026-10-15T17:00", f"to_{method}": "2026-10-15T19:00"},
        ),
    ]

    assert [(answer.status_code, answer.url) for answer in answers] == [(303, at(sale, "ours"))] * 3
    out = Exchange.objects.get(pk=sale.out.pk)
    assert (out.tags, out.instructions) == ("membres,relais", "Par la cour")
    assert list(OfferedPayment.objects.values_list("exchange_id", "method_id")) == [(out.pk, cash)]
    assert HandOver.objects.get().exchange_id == out.pk


def goods(client, sale, side, slug="le-preau", **typed):
    return client.post(reverse("order_cycles:our_goods", args=[slug, sale.cycle.pk, side.pk]), typed)


def carried(side):
    return list(ExchangeVariant.objects.filter(exchange=side).values_list("variant_id", flat=True))


def test_a_hub_leaves_goods_out_of_its_own_shop_alone_and_takes_them_in_again(client, sale):
    others = Exchange.objects.get(cycle=sale.cycle, enterprise=sale.runs)

    left = goods(client, sale, sale.out, shown=[sale.leek.pk])
    assert (left.status_code, carried(sale.out), carried(others)) == (303, [], [sale.leek.pk])
    goods(client, sale, sale.out, shown=[sale.leek.pk], variant_ids=[sale.leek.pk])
    assert carried(sale.out) == [sale.leek.pk]

    assert goods(client, sale, others, shown=[sale.leek.pk]).status_code == 404
    assert carried(others) == [sale.leek.pk]


def test_what_a_farm_no_longer_brings_leaves_every_shop(client, sale):
    Role.objects.create(person=make.person(), enterprise=sale.farm, name="manager")
    client.force_login(Role.objects.get(enterprise=sale.farm).person)
    brings = Exchange.objects.get(cycle=sale.cycle, direction="incoming")

    goods(client, sale, brings, slug=sale.farm.slug, shown=[sale.leek.pk])

    assert not ExchangeVariant.objects.exists()


def test_what_is_refused_keeps_what_was_typed(client, sale):
    method = sale.method.pk
    typed = {f"does_{method}": "on", f"from_{method}": "2026-10-15T19:00", f"to_{method}": "2026-10-15T17:00"}

    answer = client.post(at(sale, "our_hand_overs"), typed)

    assert answer.status_code == 422
    assert 'value="2026-10-15T19:00"' in answer.content.decode()
    assert not HandOver.objects.exists()


def test_a_farm_reads_where_to_bring_and_has_no_words_to_customers(client, sale):
    Role.objects.create(person=make.person(), enterprise=sale.farm, name="manager")
    client.force_login(Role.objects.get(enterprise=sale.farm).person)

    page = client.get(at(sale, "ours", sale.farm.slug))
    refused = client.post(at(sale, "our_words", sale.farm.slug), {"instructions": "Chez moi"})

    assert "Au quai nord" in page.content.decode()
    assert refused.status_code == 404


def test_who_runs_the_cycle_and_who_takes_no_part_have_no_such_page(client, sale):
    other = make.hub("La Grange", slug="la-grange")
    for hub in (sale.runs, other):
        Role.objects.create(person=Role.objects.get(enterprise=sale.sells).person, enterprise=hub, name="manager")

    assert [client.get(at(sale, "ours", slug)).status_code for slug in ("la-halle", "la-grange")] == [404, 404]


def test_a_part_costs_as_many_queries_with_three_partners_as_with_one(sale, django_assert_num_queries):
    actor = make.manager(sale.sells)

    def ask():
        return queries.part_sheet(cycle_id=sale.cycle.pk, enterprise_id=sale.sells.pk, actor=actor, now=make.NOW)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        ask()
    for name in ("Un", "Deux"):
        make.exchange(sale.cycle, make.hub(name), "outgoing")
        PaymentMethod.objects.create(hub=sale.sells, name=name, kind="on_site")
    with django_assert_num_queries(len(first)):
        ask()
