"""An empty platform is founded on its first page, by whoever started the server, once."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.urls import reverse

from bocage.catalogue.models import Category
from bocage.network.models import Instance, Person
from bocage.network.tests import make
from bocage.pricing.models import TaxRate
from bocage.web.beginning import keys

pytestmark = pytest.mark.django_db
BEGIN = "/begin/"


@pytest.fixture(autouse=True)
def code(settings, tmp_path):
    """The code that the server printed."""
    settings.VAR = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False
    return keys.code()


def said(printed, **changes):
    usual = {
        "code": printed, "name": "Bocage du Pays", "country": "FR", "language": "fr", "currency": "EUR",
        "timezone": "Indian/Reunion", "contact_email": "bonjour@example.org", "mail_from": "bocage@example.org",
        "lays_shelves": "on", "takes_rates": "on", "steward_name": "Claire", "steward_email": "Claire@example.org",
        "password": "une-haie-de-noisetiers",
    }  # fmt: skip
    return {name: value for name, value in {**usual, **changes}.items() if value}


def printed():
    out = StringIO()
    call_command("begin", stdout=out)
    return out.getvalue()


def test_every_page_of_an_empty_platform_leads_to_where_it_is_founded(client):
    asked = [client.get(path) for path in ("/", "/farms/", "/sell/", "/legal/terms/", "/nowhere/")]

    assert [(answer.status_code, answer.url) for answer in asked] == [(302, BEGIN)] * 5
    assert client.get("/health/").status_code == 200
    assert client.get(BEGIN, {"code": "ab-12"}).context["form"]["code"].value() == "ab-12"


def test_the_platform_is_founded_with_its_steward_its_shelves_and_its_vat(client, code):
    answer = client.post(BEGIN, said(code.upper().replace("-", " ")))

    assert (answer.status_code, answer.url) == (303, reverse("web:instance"))
    assert Instance.objects.values_list("slug", "name", "currency", "timezone", "host").get() == (
        "bocage-du-pays", "Bocage du Pays", "EUR", "Indian/Reunion", None,
    )  # fmt: skip
    steward = Person.objects.get()
    assert (steward.email, steward.is_staff, steward.check_password("une-haie-de-noisetiers")) == (
        "claire@example.org", True, True,
    )  # fmt: skip
    assert EmailAddress.objects.values_list("email", "verified").get() == ("claire@example.org", True)
    rates = TaxRate.objects.order_by("rate_millionths").values_list("name", "rate_millionths")
    assert list(rates) == [
        ("TVA 5,5\u00a0%", 55_000), ("TVA 10\u00a0%", 100_000), ("TVA 20\u00a0%", 200_000),
    ]  # fmt: skip
    assert Category.objects.count() > 10
    assert client.get(answer.url).status_code == 200


def test_without_shelves_and_vat_it_begins_bare(client, code):
    client.post(BEGIN, said(code, lays_shelves="", takes_rates=""))

    assert (Instance.objects.count(), Category.objects.count(), TaxRate.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": "0000-0000-0000-0000"}, None), ({"password": "short"}, "password"), ({"name": ""}, "name")],
)
def test_what_is_wrong_founds_nothing_and_keeps_what_was_typed(client, code, changes, field):
    answer = client.post(BEGIN, said(code, **changes))

    assert answer.status_code == 422
    assert answer.context["form"].errors.get(field or "__all__")
    assert answer.context["form"]["contact_email"].value() == "bonjour@example.org"
    assert (Instance.objects.count(), Person.objects.count(), keys.code()) == (0, 0, code)


def test_it_is_founded_once(client, code):
    client.post(BEGIN, said(code))

    assert [client.get(BEGIN).status_code, client.post(BEGIN, said(code)).status_code] == [404, 404]
    assert keys.code() != code  # spent: what stands there now is new


def test_of_two_who_found_it_in_the_same_moment_one_is_refused(client, code, monkeypatch):
    monkeypatch.setattr("bocage.web.beginning.actions.lay_shelves", lambda actor: keys.spend())  # the other was faster

    answer = client.post(BEGIN, said(code))

    assert (answer.status_code, Instance.objects.exists()) == (422, False)


def test_the_start_says_where_and_by_which_code_until_it_is_founded(code):
    first, again = printed(), printed()
    make.instance()

    assert f"/begin/?code={code}" in first and first == again
    assert printed() == ""


def test_only_the_servers_own_user_reads_the_code(settings, code):
    assert (settings.VAR / "founding-code").stat().st_mode & 0o077 == 0
