"""My account, page by page; the language spoken; the second factor asked of stewards."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.urls import reverse

from bocage.network import actions, queries
from bocage.network.models import Address, Customer, Person
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Anne", "street": "3 rue du Four", "postcode": "14500", "town": "Vire", "country": "FR"}


@pytest.fixture(autouse=True)
def instance():
    return make.instance()


@pytest.fixture
def anne(client):
    """Anne, signed in, reading English."""
    anne = make.person("anne@example.org", name="Anne", language="en")
    client.force_login(anne, backend="django.contrib.auth.backends.ModelBackend")
    return anne


def url(name, *args):
    return reverse(f"network:{name}", args=args)


OWN_PAGES: list[tuple[str, str, list[Any]]] = [
    ("get", "account", []),
    ("post", "profile", []),
    ("post", "claims", []),
    ("get", "data", []),
    ("get", "new_address", []),
    ("post", "new_address", []),
    ("get", "address", [1]),
    ("post", "address", [1]),
    ("post", "address_deletion", [1]),
]


@pytest.mark.parametrize(("method", "name", "args"), OWN_PAGES)
def test_a_guest_is_led_to_log_in(client, method, name, args):
    answer = getattr(client, method)(url(name, *args))

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))


def test_my_account_shows_me_my_addresses_and_where_i_work(client, anne):
    make.address(anne, street="12 quai des Brumes")
    make.role(anne, make.hub("Le Panier"))
    make.address(make.person(), street="Somebody else’s")

    text = client.get(url("account")).content.decode()

    shown = ["anne@example.org" in text, "12 quai des Brumes" in text, "Le Panier" in text, "Somebody else" in text]
    assert shown == [True, True, True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_my_account_takes_as_many_queries_however_much_i_keep(client, anne, count, django_assert_num_queries):
    for _ in range(count):
        make.address(anne)
        make.role(anne, make.hub())

    with django_assert_num_queries(
        13
    ):  # session, person, instance, roles; then account, addresses, work, visits, invited
        client.get(url("account"))


def test_i_change_my_name_my_phone_and_my_language(client, anne):
    answer = client.post(url("profile"), {"name": " Anne D. ", "phone": "06 12 34 56 78", "language": "fr"})

    anne.refresh_from_db()
    assert (answer.status_code, answer.url) == (303, url("account"))
    assert (anne.name, anne.phone, anne.language) == ("Anne D.", "06 12 34 56 78", "fr")
    assert "Mon compte" in client.get(url("account")).content.decode()


@pytest.mark.parametrize("bad", [{"name": ""}, {"phone": "12"}, {"phone": "call me"}, {"language": "xx"}])
def test_a_bad_profile_is_shown_again_and_nothing_is_kept(client, anne, bad):
    answer = client.post(url("profile"), {"name": "New", "phone": "", "language": "fr", **bad})

    anne.refresh_from_db()
    assert (answer.status_code, anne.name, anne.language) == (422, "Anne", "en")


def test_i_add_change_and_delete_an_address(client, anne):
    client.post(url("new_address"), ADDRESS)
    [row] = queries.saved_addresses(actor=make.actor(anne))
    client.post(url("address", row.id), {**ADDRESS, "street": "5 rue Neuve"})
    [changed] = queries.saved_addresses(actor=make.actor(anne))
    client.post(url("address_deletion", row.id))

    assert (row.street, row.is_default, changed.id, changed.street) == ("3 rue du Four", True, row.id, "5 rue Neuve")
    assert queries.saved_addresses(actor=make.actor(anne)) == []


def test_an_address_without_a_town_is_refused_and_a_kept_one_fills_the_form(client, anne):
    kept = make.address(anne, street="12 quai des Brumes")

    refused = client.post(url("new_address"), {**ADDRESS, "town": ""})
    shown = client.get(url("address", kept.id)).content.decode()

    assert (refused.status_code, Address.objects.count(), "12 quai des Brumes" in shown) == (422, 1, True)


def test_the_twenty_first_address_is_refused_in_words(client, anne):
    Address.objects.bulk_create(Address(person=anne, **ADDRESS) for _ in range(20))

    answer = client.post(url("new_address"), ADDRESS)

    assert (answer.status_code, "You already keep 20 addresses" in answer.content.decode()) == (422, True)


def test_somebody_elses_address_is_not_there_for_me(client, anne):
    other = make.address(make.person(), street="12 quai des Brumes")

    answers = [
        client.get(url("address", other.id)),
        client.post(url("address", other.id), ADDRESS),
        client.post(url("address_deletion", other.id)),
    ]

    other.refresh_from_db()
    assert ([answer.status_code for answer in answers], other.street) == ([404, 404, 404], "12 quai des Brumes")
    assert "12 quai" not in "".join(answer.content.decode() for answer in answers)


@pytest.mark.parametrize("name", ["profile", "claims", "new_address"])
def test_a_form_from_elsewhere_changes_nothing(anne, name):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anne, backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(url(name), {**ADDRESS, "language": "fr"}).status_code == 403
    assert Address.objects.count() == 0


def test_my_data_is_all_mine_and_only_mine(client, anne):
    hub, bob = make.hub("Le Panier"), make.person("bob@example.org", name="Bob")
    text = make.legal_text(hub, title="Terms of sale")
    for person, street in ((anne, "12 quai des Brumes"), (bob, "Bob’s street")):
        make.address(person, street=street)
        make.customer(hub, person=person, name=person.name)
        make.role(person, hub, "volunteer")
        actions.accept(text_ids=[text.id], email=person.email, person_id=person.id, now=make.NOW)

    answer = client.get(url("data"))

    mine = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="bocage.json"'
    assert (mine["person"]["email"], mine["saved_addresses"][0]["street"]) == ("anne@example.org", "12 quai des Brumes")
    assert mine["email_addresses"] == [{"email": "anne@example.org", "is_confirmed": True, "is_primary": True}]
    assert [(row["hub"], row["name"]) for row in mine["customer_records"]] == [("Le Panier", "Anne")]
    assert [(row["whose"], row["text"], row["version"]) for row in mine["consents"]] == [
        ("Le Panier", "Terms of sale", 1)
    ]
    assert mine["roles"] == [{"enterprise": "Le Panier", "role": "volunteer", "is_contact": False}]
    assert "ob" not in answer.content.decode().replace("mobile", "")


def test_guest_orders_with_my_address_wait_until_i_claim_them(client, anne):
    record = make.customer(make.hub(), email="anne@example.org")
    claim = url("claims")
    assert claim in client.get(url("account")).content.decode()

    client.post(claim)

    assert queries.customer_ids_of(anne.id) == [record.id]
    assert claim not in client.get(url("account")).content.decode()


def test_confirming_an_address_brings_the_guest_orders_along(client, settings):
    anne = make.person("anne@example.org", confirmed=False)
    record = make.customer(make.hub(), email="anne@example.org")
    key = EmailConfirmationHMAC(EmailAddress.objects.get(user=anne)).key

    client.post(reverse("account_confirm_email", args=[key]))

    record.refresh_from_db()
    assert record.person_id == anne.id


# ── Languages ──────────────────────────────────────────────────────────────────────────────────────────────────────
def spoken(client, **headers):
    return client.get(reverse("account_login"), headers=headers)["Content-Language"]


def test_the_browser_is_heard_and_the_device_before_it_and_the_instance_last(client):
    Person.objects.all().delete()
    assert spoken(client, accept_language="en-GB,en;q=0.9") == "en"
    assert spoken(client, accept_language="de,ja") == "fr"
    instance = make.instance()
    instance.language = "en"
    instance.save()
    assert spoken(client, accept_language="de,ja") == "en"

    client.post(reverse("set_language"), {"language": "fr"})

    assert spoken(client, accept_language="en") == "fr"


def test_a_person_reads_their_own_language_on_every_device(client, anne):
    assert client.get(url("account"), headers={"accept-language": "fr"})["Content-Language"] == "en"


def test_a_person_who_switches_is_read_and_written_to_in_that_language(client, anne):
    client.post(reverse("set_language"), {"language": "fr"})

    anne.refresh_from_db()
    assert (anne.language, client.get(url("account"))["Content-Language"]) == ("fr", "fr")


# ── Second factor ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def steward(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    steward = make.person("steward@example.org", is_staff=True)
    client.force_login(steward, backend="django.contrib.auth.backends.ModelBackend")
    return steward


def test_a_steward_without_a_second_factor_is_led_to_set_one_up(client, steward):
    answer = client.get(url("account"))

    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200


def test_what_a_steward_sends_without_a_second_factor_is_refused(client, steward):
    answer = client.post(url("new_address"), ADDRESS)

    assert (answer.status_code, Address.objects.count()) == (403, 0)


def test_a_steward_with_a_second_factor_goes_on(client, steward):
    Authenticator.objects.create(user=steward, type=Authenticator.Type.TOTP, data={})

    assert client.get(url("account")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, steward):
    Authenticator.objects.create(user=steward, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert client.get(url("account")).status_code == 302


def test_where_the_settings_do_not_ask_and_for_everybody_else_nothing_is_asked(client, steward, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert client.get(url("account")).status_code == 200

    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(make.person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url("account")).status_code == 200


def test_a_customer_record_is_not_made_by_looking(client, anne):
    client.get(url("account"))

    assert Customer.objects.count() == 0
