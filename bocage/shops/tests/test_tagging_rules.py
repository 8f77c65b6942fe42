"""Who is shown what by a hub's tag rules: the worked examples of domain 03 §7 (17 to 21), and what always holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.shops.rules import tagging
from bocage.shops.rules.tagging import Kind, TagRule, hidden, sight_of

METHODS = {"Pickup": (), "Van": ("van",), "Cargo": ("van", "heavy")}


def rule(kind, targets, *, show=False, to="", at=99, pk=0):
    words = {"target_tags": frozenset(targets.split(",")), "customer_tags": frozenset(to.split(",") if to else ())}
    return TagRule(kind=kind, shows=show, is_default=not to, priority=at, id=pk, **words)


def shown(rules, customer, things, kind=Kind.DELIVERY):
    gone = hidden(sight_of(rules, customer), kind, things)
    return [name for name in things if name not in gone]


HIDE_VAN = rule(Kind.DELIVERY, "van", at=0)
SHOW_VAN_TO_MEMBERS = rule(Kind.DELIVERY, "van", show=True, to="member", at=1001)


@pytest.mark.parametrize(
    ("customer", "seen"),
    [((), ["Pickup"]), (("member",), ["Pickup", "Van", "Cargo"]), (("new",), ["Pickup"])],
)
def test_what_is_hidden_by_default_is_shown_to_those_a_rule_names(customer, seen):
    assert shown([HIDE_VAN, SHOW_VAN_TO_MEMBERS], customer, METHODS) == seen


@pytest.mark.parametrize(
    ("heavy_at", "seen"), [(2001, ["Pickup", "Van", "Cargo"]), (1, ["Pickup", "Van"])], ids=["later", "earlier"]
)
def test_of_two_rules_about_a_customer_the_earlier_one_decides(heavy_at, seen):
    hide_heavy = rule(Kind.DELIVERY, "heavy", to="new", at=heavy_at)

    assert shown([HIDE_VAN, SHOW_VAN_TO_MEMBERS, hide_heavy], ("new", "member"), METHODS) == seen


GOODS = {"Crate": ("wholesale",), "Jar": (), "Cheese": ("wholesale",)}
HIDE_WHOLESALE = rule(Kind.GOODS, "wholesale", at=0)
SHOW_WHOLESALE = rule(Kind.GOODS, "wholesale", show=True, to="resto", at=1002)


def test_goods_that_one_rule_shows_are_shown_whatever_hides_them():
    hide_too = rule(Kind.GOODS, "wholesale", to="resto", at=1001)

    assert shown([HIDE_WHOLESALE, SHOW_WHOLESALE], (), GOODS, Kind.GOODS) == ["Jar"]
    assert shown([HIDE_WHOLESALE, SHOW_WHOLESALE], ("resto",), GOODS, Kind.GOODS) == ["Crate", "Jar", "Cheese"]
    assert shown([HIDE_WHOLESALE, hide_too, SHOW_WHOLESALE], ("resto",), GOODS, Kind.GOODS) == list(GOODS)


def test_for_ways_to_get_orders_the_same_pair_hides():
    hide_first = rule(Kind.DELIVERY, "van", to="member", at=1)

    assert shown([HIDE_VAN, hide_first, SHOW_VAN_TO_MEMBERS], ("member",), METHODS) == ["Pickup"]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("customer", ["resto", "school"])
def test_a_rule_for_several_customer_tags_concerns_whoever_has_one(kind, customer):
    both = rule(kind, "wholesale", show=True, to="resto,school")

    assert shown([rule(kind, "wholesale"), both], (customer,), GOODS, kind) == list(GOODS)


def test_a_rule_about_one_sort_of_things_says_nothing_of_another():
    assert shown([rule(Kind.PAYMENT, "van")], (), METHODS) == list(METHODS)


tags = st.sampled_from("abcd")
some = st.frozensets(tags, max_size=3)
rules = st.lists(
    st.builds(
        TagRule,
        kind=st.sampled_from(Kind),
        target_tags=some,
        shows=st.booleans(),
        customer_tags=some,
        is_default=st.booleans(),
        priority=st.integers(0, 5),
        id=st.integers(1, 99),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(rules, some, st.sampled_from(Kind))
def test_what_has_no_tag_is_always_shown(known, customer, kind):
    assert sight_of(known, customer).shows(kind, ())


@given(rules, some, some, st.sampled_from([Kind.SALES, Kind.DELIVERY, Kind.PAYMENT]))
def test_rules_about_the_customer_outweigh_rules_for_all(known, customer, carried, kind):
    own = [one for one in known if not one.is_default]
    about = [one for one in own if one.kind is kind and one.customer_tags & customer and one.target_tags & carried]

    if about:
        assert sight_of(known, customer).shows(kind, carried) == sight_of(own, customer).shows(kind, carried)


@given(rules, some, some, st.integers(0, 9))
def test_for_goods_the_order_of_rules_makes_no_difference(known, customer, carried, shift):
    moved = [replace(one, priority=(one.priority + shift * one.id) % 7) for one in known]

    assert sight_of(known, customer).shows(Kind.GOODS, carried) == sight_of(moved, customer).shows(Kind.GOODS, carried)


@given(rules, some, some, st.sampled_from(Kind))
def test_the_rule_that_hides_is_about_the_thing_and_about_the_customer_or_all(known, customer, carried, kind):
    found = sight_of(known, customer).hidden_by(kind, carried)

    if found is not None:
        assert found.kind is kind and found.target_tags & carried
        assert found.is_default or found.customer_tags & customer


@given(rules, some, some, st.sampled_from(Kind))
def test_a_visitor_is_only_told_no_by_a_rule_for_all(known, customer, carried, kind):
    found = sight_of(known, ()).hidden_by(kind, carried)

    assert found is None or found.is_default


@given(rules, some, some)
def test_customers_about_whom_the_same_rules_are_see_with_the_same_eyes(known, customer, other):
    here, there = sight_of(known, customer), sight_of(known, other)

    assert (here == there) == ([r for r in known if r.concerns(customer)] == [r for r in known if r.concerns(other)])


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (TagRule(Kind.GOODS, frozenset(), is_default=True), tagging.RuleNeedsTags),
        (rule(Kind.GOODS, "pro", show=True), tagging.RuleNeedsCustomers),
        (replace(HIDE_VAN, is_default=False), tagging.RuleNeedsCustomers),
    ],
)
def test_a_rule_that_would_do_nothing_is_refused(made, refusal):
    with pytest.raises(refusal):
        tagging.check_rule(made)
