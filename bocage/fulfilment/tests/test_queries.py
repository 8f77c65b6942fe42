from datetime import timedelta

import pytest

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden, NotFound
from bocage.fulfilment import actions, queries
from bocage.fulfilment.queries import ForWhom
from bocage.fulfilment.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return make.enterprise()


@pytest.fixture
def volunteer(hub):
    return make.actor("volunteer", hub)


def test_crates_are_numbered_as_orders_came_and_a_cancelled_one_keeps_its_number(hub, volunteer):
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    for name, state in (("Yann", "placed"), ("Armelle", "cancelled"), ("Mireille", "placed")):
        make.order(hub, sale, lines=[make.line(leeks)], name=name, state=state)

    rows = queries.crates(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.number, row.name, row.is_cancelled) for row in rows] == [
        (1, "Yann", False),
        (2, "Armelle", True),
        (3, "Mireille", False),
    ]


def test_a_basket_tells_how_far_it_is_packed_and_what_is_due(hub, volunteer):
    sale, farm = make.cycle(hub), make.farm()
    leeks, pumpkin = make.variant(farm), make.variant(farm, name="Potimarron", is_weighed=True, size=1400, pack="")
    order = make.order(hub, sale, lines=[make.line(leeks, 2), make.line(pumpkin)], due=560)
    ticked = queries.basket(hub_id=hub.pk, ref=order.ref, actor=volunteer).lines[0]
    actions.tick_line(order_id=order.pk, line_id=ticked.id, is_ticked=True, actor=volunteer, now=make.NOW)

    basket = queries.basket(hub_id=hub.pk, ref=order.ref.lower(), actor=volunteer)

    assert (basket.row.lines, basket.row.ticked, basket.row.left, basket.row.is_packed) == (2, 1, 1, False)
    assert (basket.row.total, basket.row.due) == (Money(840), Money(560))
    assert [(one.product_name, one.quantity, one.is_ticked, one.is_weighed) for one in basket.lines] == [
        ("Poireaux", 2, True, False),
        ("Potimarron", 1, False, True),
    ]


def test_products_say_how_many_go_into_which_crate_without_cancelled_orders(hub, volunteer):
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    first = make.order(hub, sale, lines=[make.line(leeks, 2)], name="Yann")
    make.order(hub, sale, lines=[make.line(leeks, 5)], name="Armelle", state="cancelled")
    third = make.order(hub, sale, lines=[make.line(leeks, 1)], name="Mireille")

    rows = queries.products(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.product_name, row.quantity, row.who) for row in rows] == [
        (
            "Poireaux",
            3,
            (
                ForWhom(1, first.ref, "Yann", 2, "Halle de Malvran"),
                ForWhom(3, third.ref, "Mireille", 1, "Halle de Malvran"),
            ),
        )
    ]


def test_products_in_brief_count_what_the_whole_list_holds(hub, volunteer):
    sale, farm = make.cycle(hub), make.farm()
    leeks, bread = make.variant(farm), make.variant(make.farm("Le Fournil"), name="Pain")
    make.order(hub, sale, lines=[make.line(leeks, 2), make.line(bread)])
    make.order(hub, sale, lines=[make.line(leeks, 9)], state="cancelled")
    renamed = make.line(leeks, 3)
    renamed.product_name = "Poireaux primeurs"
    make.order(hub, sale, lines=[renamed])

    brief = queries.product_totals(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    whole = queries.products(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.product_name, row.quantity, row.crates) for row in brief] == [("Poireaux", 5, 2), ("Pain", 1, 1)]
    assert [(row.product_name, row.quantity, len(row.who)) for row in whole] == [("Poireaux", 5, 2), ("Pain", 1, 1)]


def test_the_crates_of_a_product_come_a_few_at_a_time(hub, volunteer):
    sale, farm = make.cycle(hub), make.farm()
    leeks, bread = make.variant(farm), make.variant(farm, name="Pain")
    for number in range(5):
        state = "cancelled" if number == 1 else "placed"
        make.order(hub, sale, lines=[make.line(leeks, number + 1), make.line(bread)], state=state)
    asked = {"hub_id": hub.pk, "cycle_id": sale.pk, "variant_ids": [leeks.pk], "actor": volunteer}

    first = queries.into_crates(**asked, each=2)
    then = queries.into_crates(**asked, each=2, after=3)

    assert {key: [(one.crate, one.quantity) for one in who] for key, who in first.items()} == {
        leeks.pk: [(1, 1), (3, 3)]
    }
    assert [(one.crate, one.quantity) for one in then[leeks.pk]] == [(4, 4), (5, 5)]


def test_supplier_totals_sum_flat_lines_by_variant(hub, volunteer):
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    make.order(hub, sale, lines=[make.line(leeks, 2, goods_tax_minor=29)])
    make.order(hub, sale, lines=[make.line(leeks, 1, goods_tax_minor=15)])
    make.order(hub, sale, lines=[make.line(leeks, 9)], state="cancelled")

    rows = queries.suppliers(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.producer, row.product_name, row.quantity, row.goods, row.tax) for row in rows] == [
        ("Ferme du Champ-Rossignol", "Poireaux", 3, Money(840), Money(44))
    ]


def test_vat_that_comes_on_top_is_part_of_what_a_farm_is_owed(hub, volunteer):
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    make.order(hub, sale, lines=[make.line(leeks, 1, goods_tax_minor=15, tax_is_included=False)])

    rows = queries.suppliers(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.goods, row.tax) for row in rows] == [(Money(295), Money(15))]


def test_farms_come_largest_first_with_when_their_goods_are_due(hub, volunteer):
    sale, small, large = make.cycle(hub), make.farm("Les Ruches"), make.farm("Le Fournil")
    make.bringing(sale, large, at=make.NOW + timedelta(hours=3), instructions="Par la cour")
    honey, bread = make.variant(small, name="Miel", price_minor=700), make.variant(large, name="Pain", price_minor=500)
    make.order(hub, sale, lines=[make.line(honey), make.line(bread, 2)])

    rows = queries.farm_totals(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)

    assert [(row.producer, row.items, row.goods, row.bring_at, row.instructions) for row in rows] == [
        ("Le Fournil", 2, Money(1000), make.NOW + timedelta(hours=3), "Par la cour"),
        ("Les Ruches", 1, Money(700), None, ""),
    ]


def test_the_sale_shown_is_the_next_to_be_handed_over(hub, volunteer):
    leeks = make.variant(make.farm())
    for name, closed in (("passée", 14), ("présente", 1), ("ouverte", -2)):
        sale = make.cycle(hub, name=name, closes_at=make.NOW - timedelta(days=closed))
        handed = sale.closes_at + timedelta(days=2)
        make.order(hub, sale, lines=[make.line(leeks)], hand_over_from=handed, hand_over_to=handed)

    rows = queries.sales(hub_id=hub.pk, actor=volunteer)

    assert [row.name for row in rows] == ["ouverte", "présente", "passée"]
    assert queries.present_sale(rows, now=make.NOW).name == "présente"
    assert queries.present_sale(rows, now=make.NOW, cycle_id=rows[2].id).name == "passée"
    assert queries.present_sale([], now=make.NOW) is None


def test_a_sale_of_somebody_else_is_not_found(hub, volunteer):
    with pytest.raises(NotFound):
        queries.present_sale(queries.sales(hub_id=hub.pk, actor=volunteer), now=make.NOW, cycle_id=99)


def test_an_order_of_another_hub_is_not_found(hub, volunteer):
    other = make.enterprise("Ailleurs")
    order = make.order(other, make.cycle(other), lines=[make.line(make.variant(make.farm()))])

    with pytest.raises(NotFound):
        queries.basket(hub_id=hub.pk, ref=order.ref, actor=volunteer)
    with pytest.raises(NotFound):
        queries.parcel_state(hub_id=hub.pk, ref=order.ref, actor=volunteer)


@pytest.mark.parametrize(
    "read",
    [
        lambda hub, actor: queries.crates(hub_id=hub, cycle_id=1, actor=actor),
        lambda hub, actor: queries.baskets(hub_id=hub, crates=[], actor=actor),
        lambda hub, actor: queries.basket(hub_id=hub, ref="R", actor=actor),
        lambda hub, actor: queries.basket_lines(hub_id=hub, order_ids=[1], actor=actor),
        lambda hub, actor: queries.products(hub_id=hub, cycle_id=1, actor=actor),
        lambda hub, actor: queries.product_totals(hub_id=hub, cycle_id=1, actor=actor),
        lambda hub, actor: queries.into_crates(hub_id=hub, cycle_id=1, variant_ids=[1], each=9, actor=actor),
        lambda hub, actor: queries.suppliers(hub_id=hub, cycle_id=1, actor=actor),
        lambda hub, actor: queries.farm_totals(hub_id=hub, cycle_id=1, actor=actor),
        lambda hub, actor: queries.sales(hub_id=hub, actor=actor),
        lambda hub, actor: queries.parcel_state(hub_id=hub, ref="R", actor=actor),
    ],
)
def test_another_hubs_manager_reads_nothing(hub, read):
    stranger = make.actor("manager", make.enterprise("Ailleurs"))

    with pytest.raises(Forbidden):
        read(hub.pk, stranger)


@pytest.mark.parametrize("orders", [1, 3])
def test_lists_take_the_same_number_of_queries_for_any_number_of_orders(
    hub, volunteer, orders, django_assert_num_queries
):
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    made = [make.order(hub, sale, lines=[make.line(leeks)]) for _ in range(orders)]

    with django_assert_num_queries(2):
        crates = queries.crates(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    with django_assert_num_queries(2):
        assert len(queries.baskets(hub_id=hub.pk, crates=crates, actor=volunteer)) == orders
    with django_assert_num_queries(1):
        queries.product_totals(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    with django_assert_num_queries(2):
        queries.into_crates(hub_id=hub.pk, cycle_id=sale.pk, variant_ids=[leeks.pk], each=2, actor=volunteer)
    with django_assert_num_queries(1):
        lines = queries.basket_lines(hub_id=hub.pk, order_ids=[order.pk for order in made], actor=volunteer)
    assert len(lines) == orders
    with django_assert_num_queries(2):
        queries.products(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    with django_assert_num_queries(1):
        queries.suppliers(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    with django_assert_num_queries(2):
        queries.farm_totals(hub_id=hub.pk, cycle_id=sale.pk, actor=volunteer)
    with django_assert_num_queries(1):
        queries.sales(hub_id=hub.pk, actor=volunteer)
    with django_assert_num_queries(6):
        queries.basket(hub_id=hub.pk, ref=made[0].ref, actor=volunteer)
