"""The simulator: one address says all, with or without a script; files carry the same."""

from __future__ import annotations

import csv
import io
import json

import pytest

from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.tests import make
from bocage.network.tests import make as network

pytestmark = pytest.mark.django_db
K4 = "/commons/sharing/?key=K4&pot=600000&f=25"


@pytest.fixture(autouse=True)
def peers(settings):
    return make.federation(instance=network.instance(host="testserver"))


def test_a_visitor_sees_each_instance_s_share_for_what_the_address_says(client):
    found = client.get(K4).context["found"]

    assert {row.code: row.amount.minor for row in found.rows}["I03"] == 7_670_897
    assert (sum(row.amount.minor for row in found.rows), found.uncovered.minor) == (60_000_000, 0)
    assert [row.code for row in found.rows if row.is_ours] == ["I03"]


def test_a_drawn_slider_brings_only_the_result(client):
    whole, part = client.get(K4).content.decode(), client.get(K4, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole and "<html" not in part
    assert part.lstrip().startswith('<section id="result"')


def test_what_stays_uncovered_at_one_percent_and_the_turnover_that_would_carry_it_are_said(client):
    found = client.get("/commons/sharing/?key=K6&pot=600000&f=10&p=25&a=40&t=1").context["found"]

    assert (found.covered.minor, found.uncovered.minor) == (23_884_397, 36_115_603)
    assert found.needed.minor == 150_000_000_00
    assert [one.what for one in found.otherwise] == ["less", "more", "missing"]


def test_nonsense_is_said_beside_its_field_and_keeps_what_was_typed(client):
    answer = client.get("/commons/sharing/?f=250")

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"f"}
    assert answer.context["form"]["f"].value() == "250"


def test_the_files_say_the_same_and_the_json_computes_itself_again(client):
    table = client.get("/commons/sharing/csv/?key=K4&f=25").content.decode("utf-8-sig")
    kept = client.get("/commons/sharing/json/?key=K6&t=1")
    text = kept.content.decode()

    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert rows[2]["share_eur"] == "76708.97"
    assert kept["X-Hash"] == decisions.hash_of(text)
    assert decisions.is_right(text)
    assert not decisions.is_right(text.replace(json.loads(text)["parts"]["I01"], "1"))


def test_the_page_takes_two_queries_for_any_number_of_instances(client, django_assert_num_queries):
    client.get(K4)
    from bocage.cooperative.federation.queries.simulation import simulation

    wanted = client.get(K4).context["found"].wanted
    with django_assert_num_queries(2):
        simulation(wanted)
