"""Founding an enterprise page by page, and running it from its team page."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from bocage.infra import outbox
from bocage.messages.actions import send_due
from bocage.network.models import Consent, Enterprise, Invitation, Person, Role
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
WHERE = {"street": "3 rue du Four", "postcode": "14500", "town": "Vire", "country": "FR"}
WHO = {"contact_name": "Anne", "email": "farm@example.org", "phone": "", "teaser": "Leeks.", "is_vat_liable": "no"}


@pytest.fixture
def anne(client):
    """Anne, signed in, with a confirmed address, reading English."""
    make.instance()
    anne = make.person("anne@example.org", name="Anne", language="en")
    client.force_login(anne, backend="django.contrib.auth.backends.ModelBackend")
    return anne


def url(name, *args):
    return reverse(f"network:{name}", args=args)


def found(client, shape="farm", name="Les Serres", **who):
    client.post(url("register"), {"shape": shape, "name": name})
    client.post(url("register_where"), WHERE)
    return client.post(url("register_who"), {**WHO, **who})


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("farm", ("farm", True, "none")),
        ("farm_shop", ("farm_shop", True, "own")),
        ("both", ("farm_shop", True, "any")),
        ("hub", ("food_hub", False, "any")),
        ("buying_group", ("buying_group", False, "any")),
        ("profile", ("food_hub", False, "none")),
    ],
)
def test_three_pages_found_what_was_chosen(client, anne, shape, expected):
    answer = found(client, shape)

    made = Enterprise.objects.get()
    assert (made.kind, made.is_producer, made.sells) == expected
    assert (made.name, made.slug, made.town, made.visibility, made.is_vat_liable) == (
        "Les Serres", "les-serres", "Vire", "linked", False,
    )  # fmt: skip
    assert (made.owner, Role.objects.get().is_contact) == (anne, True)
    assert answer.url == reverse("shops:ready", args=["les-serres"])
    assert client.get(answer.url).status_code == 200


def test_a_known_town_places_the_enterprise_on_the_map_and_an_unknown_one_does_not(client, anne):
    found(client)
    client.post(url("register"), {"shape": "hub", "name": "Ailleurs"})
    client.post(url("register_where"), {**WHERE, "town": "Nulle-Part-les-Oies", "postcode": "99999"})
    client.post(url("register_who"), WHO)

    placed = dict(Enterprise.objects.values_list("name", "latitude"))
    assert (round(float(placed["Les Serres"])), placed["Ailleurs"]) == (49, None)


def test_pages_are_not_skipped_and_nothing_typed_is_lost(client, anne):
    assert client.get(url("register_who")).url == url("register")
    client.post(url("register"), {"shape": "farm", "name": "Les Serres"})
    refused = client.post(url("register_where"), {**WHERE, "town": ""})

    assert (refused.status_code, "3 rue du Four" in refused.content.decode()) == (422, True)
    assert client.get(url("register")).context["form"]["name"].value() == "Les Serres"
    assert not Enterprise.objects.exists()


def test_the_terms_of_the_platform_are_accepted_where_there_are_any(client, anne):
    text = make.legal_text()

    refused = found(client)
    accepted = found(client, accept="on")

    assert (refused.status_code, accepted.status_code) == (422, 303)
    assert list(Consent.objects.values_list("text_id", "person_id")) == [(text.id, anne.id)]


def test_who_may_not_found_is_told_why_at_once(client):
    make.instance()
    client.force_login(make.person(confirmed=False, language="en"), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(url("register")).content.decode()

    assert ("Confirm your e-mail address first" in page, 'name="shape"' in page) == (True, False)


def test_an_invitation_arrives_by_mail_and_a_new_account_needs_no_other_proof(client, anne):
    found(client)
    client.post(url("team", "les-serres"), {"email": "zoe@example.org", "role": "bookkeeper"})
    outbox.deliver_due(now=make.NOW.replace(year=2100))
    send_due(now=make.NOW.replace(year=2100))
    link = re.search(r"http://\S+?(/invitations/\S+)", mail.outbox[-1].body).group(1)
    client.logout()

    page = client.get(link)
    client.post(page.context["sign_up"], {"email": "zoe@example.org", "password1": "une-haie-de-hêtres", "name": "Zoé"})
    answer = client.post(link + "acceptance/")

    assert mail.outbox[-1].to == ["zoe@example.org"]
    assert answer.status_code == 303
    assert Role.objects.get(person=Person.objects.get(email="zoe@example.org")).name == "bookkeeper"
    assert client.get(link).context["invitation"].is_open is False


def test_a_guest_says_no_by_the_link(client, anne):
    found(client)
    client.post(url("team", "les-serres"), {"email": "zoe@example.org", "role": "volunteer"})
    from bocage.network.queries import invitation_by_id

    token = invitation_by_id(Invitation.objects.get().id, now=make.NOW).token
    client.logout()

    client.post(url("invitation_refusal", token))

    assert Invitation.objects.get().state == "refused"


def test_the_team_page_changes_roles_contacts_and_owner(client, anne):
    found(client)
    farm, zoe = Enterprise.objects.get(), make.person(name="Zoé")
    make.role(zoe, farm, "volunteer")
    slug = farm.slug

    client.post(url("role", slug, zoe.id), {"role": "manager"})
    client.post(url("contacts", slug), {"person": [zoe.id]})
    client.post(url("owner", slug), {"person": zoe.id})
    left = client.post(url("removal", slug, anne.id))

    role = Role.objects.get()
    farm.refresh_from_db()
    assert (role.person, role.name, role.is_contact, farm.owner) == (zoe, "manager", True, zoe)
    assert left.url == url("account")


@pytest.mark.parametrize("count", [1, 3])
def test_the_team_page_asks_as_many_queries_however_many_work_there(client, anne, count, django_assert_num_queries):
    found(client)
    farm = Enterprise.objects.get()
    for _ in range(count):
        make.role(make.person(), farm)

    with django_assert_num_queries(7):
        client.get(url("team", farm.slug))


def test_a_volunteer_and_a_stranger_see_no_team(client):
    make.instance()
    hub = make.hub()
    for person in (make.person(), make.person()):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(url("team", hub.slug)).status_code == 403
        make.role(person, hub, "volunteer")
        assert client.get(url("team", hub.slug)).status_code == 403
