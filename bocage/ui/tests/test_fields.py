from datetime import UTC, datetime

import pytest
from django import forms
from django.utils.translation import override

from bocage.ui.fields import MomentField, MoneyField, PercentField, RichField


@pytest.mark.parametrize(("typed", "minor"), [("12,5", 1250), ("12.50 €", 1250), ("0", 0), ("-1", -100), ("", None)])
def test_an_amount_is_read_as_people_write_it(typed, minor):
    assert MoneyField(required=False).clean(typed) == minor


@pytest.mark.parametrize("typed", ["dear", "1.234", "1e5", "NaN"])
def test_an_amount_that_is_none_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


@pytest.mark.parametrize(("typed", "millionths"), [("5,5", 55000), ("12 %", 120000), ("-3", -30000), ("", 0)])
def test_a_percentage_is_read_as_people_write_it(typed, millionths):
    assert PercentField(required=False).clean(typed) == millionths


@pytest.mark.parametrize("typed", ["much", "NaN", "Infinity", "0.00001", "100000"])
def test_a_percentage_that_is_none_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        PercentField().clean(typed)


def test_what_is_kept_is_shown_as_one_would_type_it():
    with override("fr"):
        assert (MoneyField().prepare_value(1250), PercentField().prepare_value(55000)) == ("12,50", "5,5")
        assert PercentField().prepare_value(100000) == "10"
    with override("en"):
        assert MoneyField().prepare_value(1250) == "12.50"


def test_a_moment_is_on_the_wall_clock():
    assert MomentField().clean("2026-10-14T20:00") == datetime(2026, 10, 14, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bonjour\n\nÀ <demain", "<p>Bonjour</p>\n\n<p>À &lt;demain</p>"),
        ("<b>Bonjour</b>", "<b>Bonjour</b>"),
        ("", ""),
    ],
)
def test_a_text_is_kept_in_paragraphs_unless_it_brings_its_own_marks(typed, kept):
    typed = typed.replace("<demain", "< demain")
    assert RichField(required=False).clean(typed) == kept.replace("&lt;demain", "&lt; demain")


def test_paragraphs_come_back_as_they_were_typed():
    field = RichField(required=False)

    assert field.prepare_value(field.clean("Bonjour & bienvenue\n\nÀ demain")) == "Bonjour & bienvenue\n\nÀ demain"
    assert field.prepare_value("<p>Un <b>mot</b></p>") == "<p>Un <b>mot</b></p>"
