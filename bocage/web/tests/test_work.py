import pytest

from bocage.network.models import Instance, Role
from bocage.orders.tests import make

BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    made = make.market()
    Instance.objects.filter(id=made.instance.pk).update(host=None)
    return made


@pytest.fixture
def nolwenn(client):
    person = make.person("Nolwenn")
    client.force_login(person, backend=BY_PASSWORD)
    return person


def test_who_works_for_one_hub_is_led_to_its_dashboard(client, market, nolwenn):
    Role.objects.create(person=nolwenn, enterprise=market.hub, name="manager")

    assert client.get("/hub/").url == f"/hub/{market.hub.slug}/"


def test_who_works_for_several_chooses_on_the_account_page(client, market, nolwenn):
    other = make.enterprise(market.instance, "Autre", sells="any")
    for enterprise in (market.hub, other):
        Role.objects.create(person=nolwenn, enterprise=enterprise, name="bookkeeper")

    assert client.get("/hub/").url == "/me/#work"
    words = client.get("/me/").content.decode()
    assert [f'href="/hub/{one.slug}/"' in words for one in (market.hub, other)] == [True, True]


def test_who_works_for_nobody_is_led_home_and_a_guest_to_the_log_in(client, market):
    guest = client.get("/hub/").url
    client.force_login(make.person("Mireille"), backend=BY_PASSWORD)

    assert (guest, client.get("/hub/").url) == ("/accounts/login/?next=/hub/", "/")


def test_the_menu_leads_to_their_work_only_those_who_have_some(client, market, nolwenn):
    before = 'href="/hub/"' in client.get("/").content.decode()
    Role.objects.create(person=nolwenn, enterprise=market.hub, name="volunteer")

    assert (before, 'href="/hub/"' in client.get("/").content.decode()) == (False, True)


def test_logging_in_leads_to_their_work_those_who_have_some(client, market):
    person = make.person("Nolwenn")
    person.emailaddress_set.create(email=person.email, primary=True, verified=True)
    Role.objects.create(person=person, enterprise=market.hub, name="manager")

    came = client.post("/accounts/login/", {"login": person.email, "password": "secret-pass-12"}, follow=True)

    assert came.redirect_chain[-1][0] == f"/hub/{market.hub.slug}/"
