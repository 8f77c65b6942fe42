"""Statements telescope: whatever moves between them, together they say what orders come to."""

from hypothesis import given
from hypothesis import strategies as st

from bocage.ledger.rules import check_balanced
from bocage.settlements.rules import AGREED, FEE, GOODS, Key, Sum, net_and_tax, postings, to_state, with_vat_of

amounts = st.integers(-(10**6), 10**6)
keys = st.builds(
    Key, st.integers(1, 3), st.sampled_from([GOODS, FEE]), st.sampled_from(["Poireaux", "Pain"]),
    millionths=st.sampled_from([0, 55_000]), fee_kind=st.sampled_from(["sales", "transport"]),
)  # fmt: skip
sums = st.dictionaries(keys, st.builds(Sum, st.integers(0, 99), st.integers(0, 9999), amounts, amounts), max_size=6)


@given(st.lists(sums, max_size=6))
def test_however_orders_move_all_statements_together_say_what_they_come_to_at_last(history):
    stated: dict[Key, Sum] = {}
    for present in history:
        for key, one in to_state(present, stated).items():
            stated[key] = stated.get(key, Sum()) + one

    last = history[-1] if history else {}
    assert {key: one for key, one in stated.items() if one} == {key: one for key, one in last.items() if one}
    assert to_state(last, stated) == {}


agreed = keys.map(lambda key: Key(key.cycle_id, AGREED, key.name))
said_sums = st.builds(Sum, st.integers(0, 99), st.integers(0, 9999), amounts, amounts)


@given(st.dictionaries(keys | agreed, said_sums, max_size=6), st.booleans())
def test_freezing_posts_a_balanced_entry_that_adds_fees_and_vat_to_what_goods_left_there(said, is_liable):
    posted = postings(said.items(), producer_id=7, is_hub_liable=is_liable)

    check_balanced(posted)
    goods = sum(one.net for key, one in said.items() if key.kind == GOODS)
    of_farm = sum(amount for account, amount in posted.items() if account.kind == "producer")
    assert goods - of_farm == sum(one.net + one.tax for one in said.values())


def test_vat_that_was_added_is_not_in_the_amount_and_vat_taken_out_for_another_country_is_the_farms_at_home():
    assert net_and_tax(1055, 55, is_included=True, taken_out=0) == (1000, 55)
    assert net_and_tax(1000, 55, is_included=False, taken_out=0) == (1000, 55)
    assert net_and_tax(1000, 0, is_included=True, taken_out=55_000) == (1000, 55)


def test_an_agreed_amount_holds_its_vat_rounded_once():
    assert with_vat_of(450, 55_000) == (427, 23)
    assert with_vat_of(-450, 55_000) == (-427, -23)
