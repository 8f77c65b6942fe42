import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.rules import GUEST, SYSTEM
from bocage.shops import actions, queries, rules
from bocage.shops.models import DeliveryMethod, Listing, PickupPoint, Shop
from bocage.shops.rules import MethodDetails, PointDetails, ShopTerms
from bocage.shops.tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HALLE = PointDetails(name="Sous la halle", town="Malvran")


def version(hub):
    return Shop.objects.get(hub=hub).version


def test_a_shop_keeps_its_terms_without_scripts_and_grows_with_each_change():
    hub = make.hub()
    anne = make.manager(hub)
    terms = ShopTerms(is_members_only=True, message="<p>Bonjour</p><script>x()</script>")

    actions.edit_shop(hub_id=hub.pk, terms=terms, actor=anne, now=NOW)
    first = version(hub)
    actions.edit_shop(hub_id=hub.pk, terms=terms, actor=anne, now=NOW)

    expected = ShopTerms(is_members_only=True, message="<p>Bonjour</p>")
    assert queries.shop_terms(hub_id=hub.pk, actor=anne) == expected
    assert version(hub) == first + 1


def test_who_does_not_sell_has_no_shop():
    with pytest.raises(rules.NotASeller):
        actions.edit_shop(hub_id=make.farm().pk, terms=ShopTerms(), actor=SYSTEM, now=NOW)


def test_nobody_else_touches_a_shop():
    hub = make.hub()
    point_id = actions.add_pickup_point(hub_id=hub.pk, details=HALLE, actor=SYSTEM, now=NOW)
    method = MethodDetails(kind="pickup", name="À la halle", point_id=point_id)
    method_id = actions.add_delivery_method(hub_id=hub.pk, details=method, actor=SYSTEM, now=NOW)
    variant = make.variant(make.product(hub))
    before = version(hub)
    calls = [
        lambda **a: actions.edit_shop(hub_id=hub.pk, terms=ShopTerms(), **a),
        lambda **a: actions.add_pickup_point(hub_id=hub.pk, details=HALLE, **a),
        lambda **a: actions.edit_pickup_point(point_id=point_id, details=HALLE, **a),
        lambda **a: actions.end_pickup_point(point_id=point_id, **a),
        lambda **a: actions.add_delivery_method(hub_id=hub.pk, details=method, **a),
        lambda **a: actions.edit_delivery_method(method_id=method_id, details=method, **a),
        lambda **a: actions.end_delivery_method(method_id=method_id, **a),
        lambda **a: actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, is_hidden=True, **a),
    ]
    for actor in (GUEST, make.manager(make.hub("Autre")), make.manager(hub, role="volunteer")):
        for call in calls:
            with pytest.raises(Forbidden):
                call(actor=actor, now=NOW)

    assert version(hub) == before


def test_a_point_is_used_by_a_method_and_ends_after_it():
    hub = make.hub()
    point_id = actions.add_pickup_point(hub_id=hub.pk, details=HALLE, actor=SYSTEM, now=NOW)
    method = MethodDetails(kind="pickup", name="À la halle", point_id=point_id, postcodes="61700")
    method_id = actions.add_delivery_method(hub_id=hub.pk, details=method, actor=SYSTEM, now=NOW)
    with pytest.raises(rules.PointInUse) as refused:
        actions.end_pickup_point(point_id=point_id, actor=SYSTEM, now=NOW)
    assert refused.value.values == {"method": "À la halle"}

    actions.end_delivery_method(method_id=method_id, actor=SYSTEM, now=NOW)
    actions.end_pickup_point(point_id=point_id, actor=SYSTEM, now=NOW)

    assert DeliveryMethod.objects.values_list("postcodes", "ended_at").get() == ("", NOW)
    assert PickupPoint.objects.get().ended_at == NOW
    with pytest.raises(NotFound):
        actions.edit_pickup_point(point_id=point_id, details=HALLE, actor=SYSTEM, now=NOW)


def test_a_pickup_uses_only_the_hubs_own_points():
    foreign = actions.add_pickup_point(hub_id=make.hub("Autre").pk, details=HALLE, actor=SYSTEM, now=NOW)
    method = MethodDetails(kind="pickup", name="Chez eux", point_id=foreign)

    with pytest.raises(rules.PickupNeedsAPoint):
        actions.add_delivery_method(hub_id=make.hub().pk, details=method, actor=SYSTEM, now=NOW)


def test_a_hub_sets_its_own_price_and_takes_it_back():
    hub, farm = make.hub(), make.farm()
    make.agreement(farm, hub)
    variant = make.variant(make.product(farm))
    anne = make.manager(hub)

    actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, price_minor=260, actor=anne, now=NOW)
    (row,) = queries.listings(hub_id=hub.pk, actor=anne, now=NOW)
    actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, actor=anne, now=NOW)

    assert (row.product, row.producer_price_minor, row.price_minor, row.is_hidden) == ("Poireaux", 240, 260, False)
    assert Listing.objects.count() == 0
    with pytest.raises(rules.PriceNegative):
        actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, price_minor=-1, actor=anne, now=NOW)


def test_a_hub_decides_nothing_for_goods_it_may_not_sell():
    hub, farm = make.hub(), make.farm()
    variant = make.variant(make.product(farm))

    with pytest.raises(rules.NotSoldHere):
        actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, is_hidden=True, actor=SYSTEM, now=NOW)

    assert queries.listings(hub_id=hub.pk, actor=SYSTEM, now=NOW) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_whatever_their_length(django_assert_num_queries, count):
    hub = make.hub(is_producer=True)
    for _ in range(count):
        make.variant(make.product(hub))
        point = actions.add_pickup_point(hub_id=hub.pk, details=HALLE, actor=SYSTEM, now=NOW)
        method = MethodDetails(kind="pickup", name="À la halle", point_id=point)
        actions.add_delivery_method(hub_id=hub.pk, details=method, actor=SYSTEM, now=NOW)

    rows = [(1, queries.pickup_points), (1, queries.delivery_methods), (2, lambda **a: queries.listings(now=NOW, **a))]
    for number, query in rows:
        with django_assert_num_queries(number):
            assert len(query(hub_id=hub.pk, actor=SYSTEM)) == count
