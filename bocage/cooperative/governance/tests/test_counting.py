"""Counting: the worked examples to the fraction, and what must hold whatever is voted."""

from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.cooperative.governance.rules import consent, judgment, majority, points, schulze
from bocage.cooperative.governance.rules.majority import CollegeCount

COLLEGES = [
    CollegeCount("shops", 40, 100, yes=62, no=38),
    CollegeCount("workers", 20, 8, yes=3, no=5),
    CollegeCount("buyers", 15, 200, yes=120, no=80),
    CollegeCount("partners", 10, 8, yes=4, no=4),
    CollegeCount("ambassadors", 15, 12, yes=9, no=3),
]
CYCLE = [("", ranking) for times, ranking in ((9, "ABCS"), (8, "BCAS"), (6, "CABS"), (2, "SCBA")) for _ in range(times)]
JUDGED = {"A": (3, 4, 2, 1, 1, 0), "B": (2, 5, 1, 2, 0, 1), "C": (4, 1, 3, 2, 1, 0)}
some_colleges = st.lists(
    st.builds(
        lambda code, weight, said: CollegeCount(code, weight, sum(said) + 3, *said),
        st.uuids().map(str),
        st.integers(10, 50),
        st.tuples(*[st.integers(0, 40)] * 4),
    ),
    max_size=6,
)


def some_ballots(options="ABCD"):
    ranks = st.dictionaries(st.sampled_from(options), st.integers(1, 3)).map(schulze.tidy)
    return st.lists(st.tuples(st.sampled_from("xy"), ranks), max_size=12)


# ── For and against ────────────────────────────────────────────────────────────────────────────────────────────────
def test_five_colleges_in_proportion_and_by_majority():
    found = majority.count(COLLEGES, may_brake=True)

    assert (found.heads, found.result, found.reason) == (Fraction(198, 328), Fraction("0.5755"), "adopted")
    assert found.brakes == ()  # 62.5% of the workers are against: less than two thirds
    assert majority.by_majority(COLLEGES) == Fraction(70, 90)


def test_a_college_that_only_abstains_leaves_its_weight_to_the_others():
    silent = [*COLLEGES[:3], CollegeCount("partners", 10, 8, abstain=8), COLLEGES[4]]

    assert majority.proportional(silent) == Fraction("52.55") / 90


def test_exactly_half_is_a_rejection_and_exactly_two_thirds_adopts():
    half = [CollegeCount("a", 50, 4, 2, 2), CollegeCount("b", 50, 4, 2, 2)]
    thirds = [CollegeCount("a", 50, 3, 2, 1), CollegeCount("b", 50, 6, 4, 2)]

    assert majority.count(half).reason == "rejected"
    assert majority.count(thirds, threshold=Fraction(2, 3)).is_adopted
    assert not majority.count(half, threshold=Fraction(2, 3)).is_adopted


def test_one_college_alone_or_too_little_weight_decides_nothing():
    alone = [CollegeCount("a", 50, 9, 9, 0), CollegeCount("b", 50, 9, abstain=9)]
    light = [CollegeCount("a", 20, 9, 9, 0), CollegeCount("b", 25, 9, 9, 0), CollegeCount("c", 55, 9, blank=2)]

    assert [majority.count(said).reason for said in (alone, light)] == ["too_few_colleges"] * 2
    assert majority.count(alone, counting="heads").is_adopted


def test_the_brake_needs_a_quarter_there_and_two_thirds_against():
    yes = CollegeCount("many", 50, 100, 90, 0)
    against = [
        CollegeCount("few", 20, 100, 8, 17),
        CollegeCount("few", 20, 100, 9, 18),
        CollegeCount("few", 20, 100, 9, 17),
    ]
    absent = CollegeCount("few", 20, 100, 0, 24)

    said = [majority.count([yes, one], may_brake=True).reason for one in (*against, absent)]

    assert said == ["braked", "braked", "adopted", "adopted"]


def test_one_voter_in_a_college_carries_its_whole_weight_and_may_brake():
    said = [
        CollegeCount("shops", 50, 30, 20, 5),
        CollegeCount("workers", 20, 1, 0, 1),
        CollegeCount("buyers", 30, 9, 9),
    ]

    found = majority.count(said, may_brake=True)

    assert found.result == (50 * Fraction(4, 5) + 30) / Fraction(100)
    assert (found.reason, found.brakes) == ("braked", ("workers",))
    assert majority.count(said).is_adopted  # other matters know no brake


def test_a_quorum_is_counted_by_heads_or_by_weighed_colleges():
    said = [CollegeCount("a", 50, 100, 10, 0), CollegeCount("b", 50, 10, 5, 0, 1, 1), CollegeCount("none", 10, 0)]

    found = majority.count(said, quorum=Fraction(1, 5))

    assert (found.reason, found.quorum_heads, found.quorum_weighted) == ("no_quorum", Fraction(17, 110), Fraction(2, 5))
    assert majority.count(said, quorum=Fraction(2, 5), is_quorum_weighted=True).is_adopted


def test_nobody_came():
    found = majority.count([CollegeCount("a", 50, 0), CollegeCount("b", 50, 9)])

    assert (found.is_adopted, found.result, found.reason) == (False, None, "too_few_colleges")


@given(some_colleges, st.randoms())
def test_the_order_of_colleges_changes_nothing(colleges, random):
    other = random.sample(colleges, len(colleges))
    for rule in (majority.proportional, majority.by_majority, majority.quorum_weighted, majority.share_of_heads):
        assert rule(colleges) == rule(other)


@given(some_colleges, st.integers(10, 50), st.integers(0, 9))
def test_a_college_without_a_vote_changes_only_weights(colleges, weight, abstained):
    silent = CollegeCount("silent", weight, 9, abstain=abstained)

    assert majority.proportional([*colleges, silent]) == majority.proportional(colleges)
    assert majority.by_majority([*colleges, silent]) == majority.by_majority(colleges)


# ── Consent ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_only_an_open_objection_with_a_reason_stops_a_decision_by_consent():
    yes, bare = consent.Stance("consent"), consent.Stance("objection", "  ")
    open_one = consent.Stance("objection", "Too dear for small farms")
    lifted = consent.Stance("objection", "Too dear for small farms", is_lifted=True)

    assert [consent.count([yes, one], roll=3).reason for one in (bare, open_one, lifted)] == [
        "adopted",
        "objected",
        "adopted",
    ]
    assert consent.count([yes], roll=9, quorum=Fraction(1, 5)).reason == "no_quorum"


# ── Schulze ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_schulze_finds_the_winner_of_a_cycle():
    found = schulze.count(CYCLE, "ABCS", status_quo="S")

    assert [found.margins[pair] for pair in (("A", "B"), ("B", "C"), ("C", "A"))] == [5, 9, 7]
    assert [found.margins[option, "S"] for option in "ABC"] == [21] * 3
    assert [found.paths[pair] for pair in (("A", "B"), ("B", "A"), ("B", "C"), ("C", "B"))] == [5, 7, 9, 5]
    assert (found.winner, found.how) == ("B", "path")


def test_a_tie_goes_to_the_status_quo_else_to_the_lot_that_the_board_draws():
    tied = [("", ["A", "B"]), ("", ["B", "A"])]

    assert schulze.count(tied, "ABS", status_quo="S").tied == ("A", "B")
    assert schulze.count([], "ABS", status_quo="S").winner == "S"
    drawn = schulze.count(tied, "ABS", status_quo="S", seed="f00d")
    assert (drawn.winner, drawn.how) == (min("AB", key=lambda one: schulze.drawn("f00d", one)), "draw")


def test_a_college_weighs_the_same_however_many_of_it_vote():
    ballots = [("few", "AB")] * 2 + [("many", "BA")] * 50

    assert schulze.count(ballots, "AB", weights={"few": 50, "many": 40}).winner == "A"
    assert schulze.count(ballots, "AB").winner == "B"


@given(some_ballots(), st.randoms())
@settings(max_examples=50)
def test_neither_the_order_of_ballots_nor_the_names_of_options_matter(ballots, random):
    new = dict(zip("ABCD", random.sample("WXYZ", 4), strict=True))
    renamed = [(college, [[new[one] for one in group] for group in ranking]) for college, ranking in ballots]
    weights = {"x": 40, "y": 20}

    found = schulze.count(ballots, "ABCD", weights=weights)
    other = schulze.count(random.sample(renamed, len(renamed)), sorted(new.values()), weights=weights)

    assert {new[one]: beaten for one, beaten in found.beaten_by.items()} == other.beaten_by
    assert {(new[one], new[two]): margin for (one, two), margin in found.margins.items()} == other.margins
    assert sorted(new[one] for one in found.tied) == list(other.tied)


@given(some_ballots("ABC"))
@settings(max_examples=50)
def test_a_losing_clone_changes_no_winner(ballots):
    """A′ stands just behind A on every ballot: whoever won still wins."""
    found = schulze.count(ballots, "ABC", seed="s")
    cloned = [
        (college, [part for group in ranking for part in ([group, ["A'"]] if "A" in group else [group])])
        for college, ranking in ballots
    ]
    if found.tied or any("A" in group and len(group) > 1 for _c, ranking in ballots for group in ranking):
        return
    if any(all("A" not in group for group in ranking) for _c, ranking in ballots):
        return  # A and its clone would both be unranked: tied, not behind

    assert schulze.count(cloned, ["A", "A'", "B", "C"], seed="s").winner == found.winner


# ── Majority judgment ──────────────────────────────────────────────────────────────────────────────────────────────
def _naive(counts):
    """The rule as it is told: take the middle grade away, look again."""
    left, taken = list(counts), []
    while sum(left):
        taken.append(judgment.median(left))
        left[taken[-1]] -= 1
    return taken


def test_majority_judgment_takes_middle_grades_away_until_they_differ():
    keys = judgment.keys_of(JUDGED)

    assert {option: judgment.median(counts) for option, counts in JUDGED.items()} == {"A": 1, "B": 1, "C": 2}
    assert [_naive(JUDGED[option])[:6] for option in "AB"] == [[1, 1, 1, 2, 1, 2], [1, 1, 1, 2, 1, 3]]
    assert keys["A"] < keys["B"] < keys["C"]


@given(
    st.integers(1, 25).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 5), min_size=n, max_size=n), min_size=2, max_size=4)
    )
)
def test_runs_of_grades_compare_as_single_ballots_do(columns):
    counts = {name: [column.count(grade) for grade in range(6)] for name, column in enumerate(columns)}
    keys = judgment.keys_of(counts)

    by_key = [
        [one for one, _ in group] for _, group in groupby(sorted(keys.items(), key=lambda kv: kv[1]), lambda kv: kv[1])
    ]
    naive = sorted((_naive(counts[one]), one) for one in counts)
    assert by_key == [[one for _, one in group] for _, group in groupby(naive, lambda pair: pair[0])]


def test_no_grade_is_a_rejection_and_equal_profiles_share_a_place():
    found = judgment.count([("", {"A": 0}), ("", {"A": 0, "B": 2, "C": 2}), ("", {"B": 1, "C": 1})], "ABC")

    assert found.order == (("A",), ("B", "C"))
    assert found.profiles["A"] == (Fraction(2, 3), 0, 0, 0, 0, Fraction(1, 3))


def test_weights_of_colleges_bear_on_grades_too():
    ballots = [("few", {"A": 0})] + [("many", {"B": 0})] * 30

    assert judgment.count(ballots, "AB", weights={"few": 50, "many": 40}).order[0] == ("A",)
    assert judgment.count(ballots, "AB").order[0] == ("B",)


# ── Points ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_points_are_averaged_in_each_college_then_weighed():
    ballots = [("shops", {"app": 40, "map": 10}), ("shops", {"app": 20}), ("workers", {"map": 40})]

    scores = points.averages(ballots, ["app", "map"], weights={"shops": 40, "workers": 20, "buyers": 15})
    by_points, per_euro = points.roadmap(scores, {"app": 300_00, "map": 50_00})

    assert scores == {"app": Fraction(40 * 30, 60), "map": Fraction(40 * 5 + 20 * 40, 60)}
    assert [row.option for row in by_points] == ["app", "map"]
    assert [(row.option, row.per_euro) for row in per_euro] == [("map", Fraction(1, 3)), ("app", Fraction(1, 15))]


def test_more_points_than_one_has_are_refused():
    points.check_points({"a": 40, "b": 40, "c": 20})
    with pytest.raises(points.TooManyPoints):
        points.check_points({"a": 40, "b": 40, "c": 21})
    with pytest.raises(points.TooManyOnOne):
        points.check_points({"a": 41})


def test_equal_shares_give_a_minority_its_part_where_greed_does_not():
    ballots = [("", {"a": 30, "b": 30})] * 6 + [("", {"c": 30})] * 4
    costs = {"a": 500, "b": 500, "c": 400}

    assert points.greedy(points.averages(ballots, "abc", weights=None), costs, budget=1000) == ("a", "b")
    assert set(points.equal_shares(ballots, costs, budget=1000)) == {"a", "c"}


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 40)), max_size=8), st.integers(0, 900))
def test_what_is_bought_costs_no_more_than_the_budget(ballots, budget):
    costs, votes = {"a": 100, "b": 250, "c": 333}, [("", one) for one in ballots]
    scores = points.averages(votes, "abc", weights=None)

    for chosen in (points.equal_shares(votes, costs, budget=budget), points.greedy(scores, costs, budget=budget)):
        assert sum(costs[one] for one in chosen) <= budget
