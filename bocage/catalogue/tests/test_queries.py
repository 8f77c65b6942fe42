import pytest

from bocage.catalogue import queries
from bocage.catalogue.queries import Choice
from bocage.catalogue.rules import ProductDetails
from bocage.catalogue.tests import make
from bocage.commons.refusals import Forbidden, NotFound

pytestmark = pytest.mark.django_db
NOW = make.NOW


def shown(hub, actor, **wanted):
    return queries.products(enterprise_id=hub.pk, actor=actor, now=NOW, language="fr", **wanted)


def test_a_hub_sees_its_own_goods_and_those_of_who_agreed_with_it():
    hub, farm, stranger = make.hub(is_producer=True), make.farm(), make.farm("Inconnue")
    make.agreement(farm, hub)
    make.product(hub, name="Soupe")
    make.product(farm)
    make.product(farm, name="Fini", ended_at=NOW)
    secret = make.product(stranger, name="Secret")
    anne = make.manager(hub)

    page = shown(hub, anne)

    assert [(r.name, r.producer, r.category, r.picture) for r in page.rows] == [
        ("Poireaux", "Ferme du Gué", "Légumes", "ui/drawings/leek.svg"),
        ("Soupe", "La Halle", "Légumes", "ui/drawings/leek.svg"),
    ]
    assert (page.total, page.next) == (2, "")
    with pytest.raises(NotFound):
        queries.product(product_id=secret.pk, enterprise_id=hub.pk, actor=anne, now=NOW)
    with pytest.raises(Forbidden):
        shown(hub, make.manager(stranger))


def test_products_come_page_by_page_and_by_search():
    farm = make.farm()
    for name in ("Ail", "Betterave", "Carotte", "Carotte"):
        make.product(farm, name=name, keywords="potager" if name == "Ail" else "")
    anne = make.manager(farm)

    first = shown(farm, anne, limit=3)
    rest = shown(farm, anne, limit=3, after=first.next)

    assert [[r.name for r in page.rows] for page in (first, rest)] == [["Ail", "Betterave", "Carotte"], ["Carotte"]]
    assert (first.total, rest.next) == (4, "")
    assert [r.name for r in shown(farm, anne, text="POTAGER").rows] == ["Ail"]
    assert shown(farm, anne, category_id=999).rows == ()


@pytest.mark.parametrize("count", [1, 3])
def test_products_take_the_same_queries_whatever_their_number(django_assert_num_queries, count):
    farm = make.farm()
    made = [make.product(farm, name=f"Chou {n}") for n in range(count)]
    for product in made:
        for _ in range(count):
            make.variant(product)
    anne = make.manager(farm)

    with django_assert_num_queries(4):
        assert sum(len(row.variants) for row in shown(farm, anne).rows) == count * count
    with django_assert_num_queries(4):
        queries.product(product_id=made[0].pk, enterprise_id=farm.pk, actor=anne, now=NOW)


def test_a_product_to_edit_says_whether_one_may():
    hub, farm = make.hub(), make.farm()
    make.agreement(farm, hub)
    product = make.product(farm)
    keeper = make.manager(hub)

    def sheet():
        return queries.product(product_id=product.pk, enterprise_id=hub.pk, actor=keeper, now=NOW)

    assert (sheet().details, sheet().may_edit) == (ProductDetails(product.category_id, "Poireaux"), True)
    assert queries.producers_to_edit(enterprise_id=hub.pk, manages=True, now=NOW) == [Choice(farm.pk, "Ferme du Gué")]

    make.manager(farm)

    assert sheet().may_edit is False
    assert queries.producers_to_edit(enterprise_id=hub.pk, manages=True, now=NOW) == []
