"""The path of a proposal: least times, support, secrecy, delegation; and the colleges' shape."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bocage.cooperative.governance.rules import colleges, path
from bocage.cooperative.governance.rules.path import Given, Kind

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = [timedelta(days=number) for number in range(40)]
USUAL = {"shops": 40, "workers": 20, "buyers": 15, "ambassadors": 15, "partners": 10}


def test_money_and_terms_are_discussed_longer_and_a_change_leaves_three_days():
    assert path.discussion_ends(Kind.OTHER, started=START) == START + DAYS[14]
    assert path.discussion_ends(Kind.TARIFF, started=START) == START + DAYS[30]
    assert path.discussion_ends(Kind.OTHER, started=START, changed=START + DAYS[13]) == START + DAYS[16]
    assert path.discussion_ends(Kind.TARIFF, started=START, changed=START + DAYS[2]) == START + DAYS[30]


@pytest.mark.parametrize(
    ("supporters", "is_enough"),
    [([], False), (["shops"] * 4, False), (["shops"] * 5, True), (["shops", "workers"], True)],
)
def test_five_members_or_two_colleges_carry_a_draft(supporters, is_enough):
    assert path.is_supported(supporters) is is_enough


def test_persons_are_voted_secretly_money_never_the_rest_if_a_tenth_asks():
    assert path.is_secret(Kind.PERSON, asked=0, members=50)
    assert not path.is_secret(Kind.TARIFF, asked=50, members=50)
    assert [path.is_secret(Kind.OTHER, asked=asked, members=50) for asked in (4, 5)] == [False, True]


def test_the_articles_need_two_thirds():
    assert (path.threshold(Kind.ARTICLES), path.threshold(Kind.OTHER)) == (Fraction(2, 3), Fraction(1, 2))
    assert path.threshold(Kind.BUDGET, is_extraordinary=True) == Fraction(2, 3)


def test_a_given_vote_is_carried_once_not_passed_on_and_cancelled_by_ones_own():
    given = [Given(1, 2), Given(2, 3), Given(4, 2)]

    assert path.carried(given, {3}) == {2: 3}
    assert path.carried(given, {2, 3, 4}) == {1: 2}


def test_nobody_delegates_a_vote_on_persons_or_a_secret_one():
    assert path.may_delegate(Kind.TARIFF, secret=False)
    assert not path.may_delegate(Kind.PERSON, secret=True)
    assert not path.may_delegate(Kind.OTHER, secret=True)


@pytest.mark.parametrize("wrong", [{"workers": 19}, {"shops": 51, "workers": 9}, {"partners": 9, "buyers": 16}])
def test_colleges_share_a_hundred_votes_ten_to_fifty_each(wrong):
    colleges.check_colleges(USUAL)
    with pytest.raises(colleges.UnlawfulColleges):
        colleges.check_colleges(USUAL | wrong)


def test_three_categories_workers_and_beneficiaries_among_them():
    colleges.check_categories(["producers", "beneficiaries", "public"])
    for kinds in (["workers", "beneficiaries"], ["workers", "public", "other"], ["public", "beneficiaries", "other"]):
        with pytest.raises(colleges.TooFewCategories):
            colleges.check_categories(kinds)


def test_the_roll_knows_who_was_active_for_thirty_days_and_is_still_there():
    on = {"left_at": None, "opens_at": START + DAYS[30]}

    assert colleges.is_on_roll(active_since=START, **on)
    assert not colleges.is_on_roll(active_since=START + timedelta(seconds=1), **on)
    assert not colleges.is_on_roll(active_since=START, left_at=START + DAYS[30], opens_at=START + DAYS[30])
    assert not colleges.is_on_roll(active_since=None, **on)
