"""The public page, its files, the treasurer's pages."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bocage.cooperative.commons_budget import actions
from bocage.cooperative.commons_budget.models import Booking
from bocage.cooperative.commons_budget.rules.periods import Quarter
from bocage.cooperative.commons_budget.tests import make
from bocage.ledger.rules.chain import hash_of
from bocage.network.models import Instance, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def coop():
    found = make.cooperative()
    Instance.objects.filter(pk=found.instance.pk).update(host="testserver")
    return found


@pytest.fixture
def treasurer(coop, client):
    client.force_login(Person.objects.get(id=coop.treasurer.person_id))
    return client


def test_before_anything_is_booked_the_page_says_so(client, coop):
    answer = client.get("/commons/")

    assert answer.templates[0].name == "commons_budget/before.html"


def test_a_visitor_reads_who_pays_and_takes_it_away(client, coop):
    coop.book("cost", "hosting", 10_000, date(2026, 3, 3))
    coop.book("income", "contribution", 4_567, date(2026, 3, 4))

    page = client.get("/commons/?year=2026").context["found"]
    table = client.get("/commons/accounts/csv/?year=2026").content.decode("utf-8-sig")
    kept = client.get("/commons/accounts/json/?year=2026")

    assert page.coverage == 456_700
    assert "cost;hosting;100.00;" in table
    assert json.loads(kept.content)["self_financing_millionths"] == 456_700
    assert kept["X-Hash"] == hash_of(kept.content)
    assert client.get("/commons/accounts/pdf/?year=2026").content.startswith(b"%PDF")


def test_what_was_published_is_sent_to_the_byte(client, coop):
    coop.book("cost", "hosting", 10_000, date(2026, 3, 3))
    hashed = actions.publish(treasury_id=coop.treasury.id, quarter=Quarter(2026, 1), actor=coop.treasurer, now=make.NOW)

    assert hash_of(client.get("/commons/published/2026-Q1/").content) == hashed
    assert client.get("/commons/published/2026-Q2/").status_code == 404


def test_the_treasurer_books_takes_back_and_plans(treasurer, coop):
    typed = {"what": "cost:hosting", "amount_minor": "145,00", "on": "2026-03-03", "label": "Serveur, facture 12"}
    treasurer.post("/hub/cooperative/commons/", typed)
    [booked] = Booking.objects.all()
    treasurer.post(f"/hub/cooperative/commons/{booked.pk}/reversal/", {"reason": "Payé deux fois"})
    wrong = treasurer.post("/hub/cooperative/commons/", typed | {"amount_minor": "0"})
    budget = {
        "hosting": "1 800,00", "decision": "AG n° 4", "variable_minor": "36", "low_millionths": "1",
        "central_millionths": "3", "high_millionths": "5",
    }  # fmt: skip
    treasurer.post("/hub/cooperative/commons/budget/2026/", budget)

    assert [one.amount_minor for one in Booking.objects.order_by("id")] == [14_500, -14_500]
    assert (wrong.status_code, wrong.context["form"]["label"].value()) == (422, "Serveur, facture 12")
    assert b"800,00" in treasurer.get("/hub/cooperative/commons/budget/2026/").content


def test_each_page_of_the_treasurer_opens(treasurer, coop):
    coop.book("cost", "hosting", 10_000, date(2026, 3, 3))
    actions.add_grant(
        treasury_id=coop.treasury.id, kind="prize", giver="Un jury", purpose="Pour tout", amount_minor=100,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1), actor=coop.treasurer,
    )  # fmt: skip
    paths = ("", "grants/", "publications/", "budget/2026/", f"{Booking.objects.get().pk}/reversal/")

    assert [treasurer.get(f"/hub/cooperative/commons/{path}").status_code for path in paths] == [200] * 5
    day = treasurer.get("/hub/cooperative/commons/", headers={"Accept-Language": "fr"}).context["form"]["on"]
    assert f'value="{day.initial.isoformat()}"' in str(day)  # what a browser takes for a day


def test_a_second_click_books_nothing_more_but_other_words_on_the_same_page_do(treasurer, coop):
    page = treasurer.get("/hub/cooperative/commons/").context["form"]["page"].value()
    typed = {
        "what": "cost:hosting", "amount_minor": "145,00", "on": "2026-03-03", "label": "Serveur", "page": page,
    }  # fmt: skip
    for words in ("Serveur", "Serveur", "Ses copies"):
        treasurer.post("/hub/cooperative/commons/", typed | {"label": words})

    assert [one.label for one in Booking.objects.order_by("id")] == ["Serveur", "Ses copies"]


def test_a_budget_below_zero_is_refused_beside_its_field_and_no_budget_is_of_another_century(treasurer, coop):
    typed = {
        "hosting": "-3", "variable_minor": "-1", "low_millionths": "-1", "central_millionths": "3", "high_millionths": "5",
    }  # fmt: skip
    answer = treasurer.post("/hub/cooperative/commons/budget/2026/", typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"hosting", "variable_minor", "low_millionths"}
    assert answer.context["form"]["hosting"].value() == "-3"
    for year in (1999, 99999, 99999999999999999999):
        assert treasurer.get(f"/hub/cooperative/commons/budget/{year}/").status_code == 404
