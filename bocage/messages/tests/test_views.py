import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.messages.models import Message
from bocage.messages.tests import make
from bocage.network.models import Instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instance():
    return Instance.objects.create(
        slug="ici", name="Ici", mail_from="ici@exemple.example", contact_email="ici@exemple.example"
    )


@pytest.fixture
def addresses():
    message = make.message()
    return [
        reverse("messages:outbox"),
        reverse("messages:show", args=[message.id]),
        reverse("messages:html", args=[message.id]),
    ]


def statuses(client, addresses):
    return [client.get(address).status_code for address in addresses]


def test_outside_the_demo_only_stewards_read_mail(client, settings, addresses):
    settings.DEMO = False
    person = get_user_model().objects.create_user("tom@exemple.example", name="Tom")
    steward = get_user_model().objects.create_user("ana@exemple.example", name="Ana", is_staff=True)

    guest_sees = statuses(client, addresses)
    client.force_login(person)
    person_sees = statuses(client, addresses)
    client.force_login(steward)
    steward_sees = statuses(client, addresses)

    assert (guest_sees, person_sees, steward_sees) == ([404] * 3, [404] * 3, [200] * 3)


def test_in_the_demo_everybody_reads_mail(client, settings, addresses):
    settings.DEMO = True

    assert statuses(client, addresses) == [200] * 3


def test_a_mails_html_may_run_and_load_nothing(client, settings, addresses):
    settings.DEMO = True

    answer = client.get(addresses[2])

    rules = dict(rule.strip().partition(" ")[::2] for rule in answer["Content-Security-Policy"].split(";"))
    assert (rules["default-src"], rules["frame-ancestors"], "script-src" in rules) == ("'none'", "'self'", False)
    assert "allow-scripts" not in rules["sandbox"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_list_takes_as_many_queries_for_three_mails_as_for_one(client, settings, django_assert_num_queries):
    settings.DEMO = True
    make.message()
    client.get(reverse("messages:outbox"))
    with CaptureQueriesContext(connection) as for_one:
        client.get(reverse("messages:outbox"))

    make.message(about="event:2")
    make.message(about="event:3")

    with django_assert_num_queries(len(for_one)):
        client.get(reverse("messages:outbox"))


def test_a_nonsense_page_mark_shows_the_newest(client, settings):
    settings.DEMO = True
    make.message(subject="La plus récente")

    answers = [client.get(reverse("messages:outbox"), {"before": mark}) for mark in ("x", "-1", "9" * 40, "²")]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert all("La plus récente" in answer.content.decode() for answer in answers)


def test_a_new_account_gets_its_mail_by_the_same_way(client, settings):
    settings.LANGUAGE_CODE = "fr"
    form = {"name": "Léa", "email": "lea@exemple.example", "password1": "un-long-mot-de-passe"}

    client.post(reverse("account_signup"), form, headers={"accept-language": "fr"})

    message = Message.objects.get()
    assert (message.to_email, message.to_name, message.language, message.state) == (
        "lea@exemple.example",
        "Léa",
        "fr",
        "waiting",
    )
    assert message.from_email == '"Ici" <ici@exemple.example>'
    assert message.subject == "Confirmez votre adresse e-mail"
    assert message.text.startswith("Bonjour Léa,\n")
    assert "/accounts/confirm-email/" in message.text and 'class="button"' in message.html


def test_an_unknown_address_learns_by_mail_alone_that_it_has_no_account(client):
    answer = client.post(reverse("account_reset_password"), {"email": "personne@exemple.example"})

    message = Message.objects.get()
    assert (answer.status_code, message.to_email) == (302, "personne@exemple.example")
    assert "Ici" in message.text
