"""A hub's tag rules on their page, and the tags of its goods and methods."""

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.rules import SYSTEM
from bocage.payments.models import PaymentMethod
from bocage.shops import actions, queries
from bocage.shops.actions import tagging
from bocage.shops.actions.tagging import RuleDetails
from bocage.shops.models import DeliveryMethod, GoodsTag, Shop, TagRule
from bocage.shops.rules import tagging as rules
from bocage.shops.rules.tagging import Kind
from bocage.shops.tests import make

pytestmark = pytest.mark.django_db
PRO = RuleDetails(Kind.GOODS, " Pro ,pro, vrac ")


def save(hub, details=PRO, *, now, actor=SYSTEM, **options):
    return tagging.save_rule(hub_id=hub.pk, details=details, actor=actor, now=now, **options)


def order_of(hub):
    return [rule.id for rule in queries.tag_rules(hub_id=hub.pk, actor=SYSTEM)]


def test_a_rule_is_kept_in_small_letters_and_the_shop_knows_it_has_rules(now):
    hub = make.hub()

    save(hub, now=now)

    (rule,) = queries.tag_rules(hub_id=hub.pk, actor=SYSTEM)
    assert (rule.target_tags, rule.is_default, rule.shows) == ({"pro", "vrac"}, True, False)
    shop = Shop.objects.get(hub=hub)
    assert shop.has_rules
    assert shop.version > 1


def test_what_is_reserved_is_two_rules(now):
    hub = make.hub()

    tagging.reserve(hub_id=hub.pk, kind=Kind.GOODS, target_tags="pro", customer_tags="Resto", actor=SYSTEM, now=now)

    hiding, showing = queries.tag_rules(hub_id=hub.pk, actor=SYSTEM)
    assert (hiding.is_default, hiding.shows) == (True, False)
    assert (showing.customer_tags, showing.target_tags, showing.shows) == ({"resto"}, {"pro"}, True)


def test_a_rule_changes_places_with_its_neighbour_of_the_same_sort(now):
    hub = make.hub()
    first = save(hub, RuleDetails(Kind.GOODS, "a", "resto"), now=now)
    for_all = save(hub, now=now)
    second = save(hub, RuleDetails(Kind.GOODS, "b", "resto", shows=True), now=now)

    tagging.move_rule(hub_id=hub.pk, rule_id=second, earlier=True, actor=SYSTEM, now=now)
    tagging.move_rule(hub_id=hub.pk, rule_id=for_all, earlier=True, actor=SYSTEM, now=now)

    own = [pk for pk in order_of(hub) if pk != for_all]
    assert own == [second, first]


def test_the_first_rule_stays_first_when_it_is_moved_up(now):
    hub = make.hub()
    first, second = (save(hub, RuleDetails(Kind.GOODS, tag, "resto"), now=now) for tag in "ab")

    tagging.move_rule(hub_id=hub.pk, rule_id=first, earlier=True, actor=SYSTEM, now=now)

    assert order_of(hub) == [first, second]


def test_without_its_last_rule_nobody_asks_a_shop_for_rules(now):
    hub = make.hub()
    rule_id = save(hub, now=now)

    tagging.remove_rule(hub_id=hub.pk, rule_id=rule_id, actor=SYSTEM, now=now)

    assert not Shop.objects.get(hub=hub).has_rules


def test_another_hubs_rule_is_not_there(now):
    here, there = make.hub(), make.hub(slug="ailleurs")
    rule_id = save(there, now=now)

    for act in (
        lambda: save(here, rule_id=rule_id, now=now),
        lambda: tagging.remove_rule(hub_id=here.pk, rule_id=rule_id, actor=SYSTEM, now=now),
        lambda: tagging.move_rule(hub_id=here.pk, rule_id=rule_id, earlier=True, actor=SYSTEM, now=now),
    ):
        with pytest.raises(NotFound):
            act()
    assert TagRule.objects.count() == 1


def test_volunteers_do_not_rule(now):
    hub = make.hub()

    with pytest.raises(Forbidden):
        save(hub, now=now, actor=make.manager(hub, role="volunteer"))


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        (RuleDetails(Kind.GOODS, " , "), rules.RuleNeedsTags),
        (RuleDetails(Kind.GOODS, "pro", "", shows=True), rules.RuleNeedsCustomers),
    ],
)
def test_a_rule_that_would_do_nothing_is_not_kept(details, refusal, now):
    with pytest.raises(refusal):
        save(make.hub(), details, now=now)

    assert TagRule.objects.count() == 0


def test_a_hub_stops_at_so_many_rules_that_nobody_understands_them(now, monkeypatch):
    monkeypatch.setattr(rules, "MOST_RULES", 2)
    hub = make.hub()
    save(hub, now=now)
    save(hub, now=now)

    with pytest.raises(rules.TooManyRules):
        save(hub, now=now)


def test_goods_keep_their_tags_when_their_own_price_is_taken_back(now):
    hub = make.hub(is_producer=True)
    variant = make.variant(make.product(hub))
    where = {"hub_id": hub.pk, "variant_id": variant.pk, "actor": SYSTEM, "now": now}
    actions.set_listing(**where, price_minor=300, tags="Pro, vrac")

    actions.set_listing(**where)

    assert sorted(GoodsTag.objects.values_list("name", flat=True)) == ["pro", "vrac"]
    actions.set_listing(**where, tags="vrac")
    assert queries.goods_tags(hub.pk) == {variant.pk: ("vrac",)}


def test_known_tags_come_from_goods_methods_and_rules(now):
    hub = make.hub(is_producer=True)
    variant = make.variant(make.product(hub))
    actions.set_listing(hub_id=hub.pk, variant_id=variant.pk, tags="pro", actor=SYSTEM, now=now)
    DeliveryMethod.objects.create(hub=hub, kind="delivery", name="Tournée", tags="camion,loin")
    PaymentMethod.objects.create(hub=hub, kind="transfer", name="Plus tard", tags="confiance")
    save(hub, RuleDetails(Kind.SALES, "fêtes", "resto"), now=now)

    known = queries.known_tags(hub_id=hub.pk, actor=SYSTEM)

    assert known.of_things == ["camion", "confiance", "fêtes", "loin", "pro"]
    assert known.customers == ("resto",)
