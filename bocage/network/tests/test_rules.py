"""Addresses made from names, check digits, search engines, and who may do what."""

import pytest

from bocage.commons.refusals import Forbidden
from bocage.network.rules import (
    GUEST,
    SYSTEM,
    Actor,
    BadNumber,
    Right,
    check_iban,
    check_siret,
    robots,
    slug_for,
    slugified,
)


def test_a_taken_address_gets_the_smallest_free_number():
    taken = {"verger", "verger1", "verger3", "verger-nord"}

    first = slug_for("Verger", taken)

    assert (first, slug_for("Verger", taken | {first})) == ("verger2", "verger4")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Été & Fils", "ete-fils"),
        ("***", "my-enterprise"),
        ("L’Œuf d’or", "l-oeuf-d-or"),
        ("Hubs", "hubs1"),
        ("A" * 99, "a" * 40),
    ],
)
def test_an_address_is_made_from_a_name(name, slug):
    assert slug_for(name, ()) == slug


def test_nothing_remains_of_signs_alone():
    assert slugified("— ! —") == ""


def test_only_public_enterprises_are_for_search_engines():
    assert [robots(v) for v in ("public", "linked", "hidden")] == ["all", "noindex, nofollow", "noindex, nofollow"]


def test_a_siret_adds_up():
    check_siret("73282932000074")
    for bad in ("73282932000075", "7328293200007", "abc"):
        with pytest.raises(BadNumber):
            check_siret(bad)


def test_an_iban_adds_up():
    check_iban("FR7630006000011234567890189")
    for bad in ("FR7630006000011234567890188", "FR76", "", "fr7630006000011234567890189"):
        with pytest.raises(BadNumber):
            check_iban(bad)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("manager", set(Right)),
        ("volunteer", {Right.SEE_ORDERS, Right.PACK, Right.RECORD_PAYMENTS}),
        ("bookkeeper", {Right.SEE_ORDERS, Right.RECORD_PAYMENTS, Right.ISSUE_INVOICES, Right.SEE_BOOKS}),
        ("poet", set()),
    ],
)
def test_a_role_gives_its_rights_for_its_enterprise_and_none_elsewhere(role, rights):
    actor = Actor(label="person:1", person_id=1, roles={7: role})

    assert {right for right in Right if actor.may(right, on=7)} == rights
    assert {right for right in Right if actor.may(right, on=8)} == set()


def test_stewards_and_the_system_may_everything_and_a_guest_nothing():
    steward = Actor(label="person:1", person_id=1, is_steward=True)

    assert {right for right in Right if steward.may(right, on=1) and SYSTEM.may(right, on=1)} == set(Right)
    with pytest.raises(Forbidden):
        GUEST.require(Right.PACK, on=1)


def test_enterprises_with_a_right_come_in_order():
    actor = Actor(label="person:1", roles={9: "manager", 3: "manager", 5: "bookkeeper"})

    assert actor.enterprises_with(Right.MANAGE_CYCLES) == [3, 9]
