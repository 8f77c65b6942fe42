"""Values as people write them, in French and in English."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from bocage.commons.money import Money, parse_minor
from bocage.ui import formats

NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris


@pytest.mark.parametrize(
    ("language", "moment", "written"),
    [
        ("fr", NOW + timedelta(hours=10), "aujourd’hui à 20\u00a0h"),
        ("fr", NOW + timedelta(days=1, minutes=30), "demain à 10\u00a0h\u00a030"),
        ("fr", NOW - timedelta(days=1), "hier à 10\u00a0h"),
        ("fr", NOW + timedelta(days=3), "vendredi à 10\u00a0h"),
        ("fr", NOW + timedelta(days=10), "vendredi 16 octobre à 10\u00a0h"),
        ("fr", NOW + timedelta(days=100), "jeudi 14 janvier 2027 à 9\u00a0h"),
        ("en", NOW + timedelta(hours=10), "today at 8\u00a0pm"),
        ("en", NOW + timedelta(days=3, minutes=30), "Friday at 10:30\u00a0am"),
    ],
)
def test_a_moment_is_told_as_seen_from_now(language, moment, written):
    with translation.override(language):
        assert formats.relative(moment, NOW) == written


@pytest.mark.parametrize(
    ("hours", "written"),
    [(48, "2\u00a0jours"), (34, "1\u00a0jour 10\u00a0h"), (3, "3\u00a0h 00\u00a0min"), (-1, "0\u00a0min")],
)
def test_what_is_left_is_told_in_two_units(hours, written):
    with translation.override("fr"):
        assert formats.left(NOW + timedelta(hours=hours), NOW) == written


def test_rates_weights_and_volumes_keep_their_exact_decimals():
    with translation.override("fr"):
        written = [
            formats.rate(55_000),
            formats.grams(250),
            formats.grams(1200),
            formats.millilitres(750),
            formats.millilitres(1500),
        ]

    assert written == ["5,5\u00a0%", "250\u00a0g", "1,2\u00a0kg", "75\u00a0cL", "1,5\u00a0L"]


def test_a_day_names_its_year_only_when_it_is_another_one():
    with translation.override("fr"):
        assert formats.day(date(2026, 10, 9), NOW) == "vendredi 9 octobre"
        assert formats.day(date(2027, 1, 8), NOW) == "vendredi 8 janvier 2027"
    with translation.override("en"):
        assert formats.day(date(2026, 10, 9)) == "Friday 9 October"


@pytest.mark.parametrize(("language", "written"), [("fr", "−1\u00a0234,50\u00a0€"), ("en", "−€1,234.50")])
def test_an_amount_below_zero_has_a_true_minus(language, written):
    with translation.override(language):
        assert formats.money(Money(-123450)) == written


def test_what_was_written_may_be_typed_again():
    with translation.override("fr"):
        assert parse_minor(formats.money(Money(-123450))) == -123450


def test_the_first_of_a_month_is_written_as_each_language_writes_it():
    first, other = date(2027, 1, 1), date(2027, 1, 11)
    with translation.override("fr"):
        assert (formats.day(first, NOW), formats.short_day(first)) == ("vendredi 1er janvier 2027", "1er janv. 2027")
        assert (formats.day(other), formats.short_day(other)) == ("lundi 11 janvier", "11 janv. 2027")
        assert formats.day_hour(datetime(2026, 11, 1, 19, tzinfo=UTC)) == "dimanche 1er novembre à 20\u00a0h"
    with translation.override("en"):
        assert (formats.day(first), formats.short_day(first)) == ("Friday 1 January", "1 Jan 2027")
