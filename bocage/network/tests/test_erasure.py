"""A person is forgotten: the books stay, the link to the person is broken, and their address collides with nothing."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra import outbox
from bocage.ledger.models import Account
from bocage.messages import actions as messages
from bocage.messages.models import Message
from bocage.network import actions
from bocage.network.models import Address, Consent, Customer, CustomerTag, Invitation, Person, Role
from bocage.network.rules import NOWHERE, SYSTEM, OwnsStill
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
WORDS = ("anne", "dupont", "rue du four", "0612345678")


@pytest.fixture
def anne():
    """Anne, who bought, helped, accepted terms, kept an address and was invited."""
    make.instance()
    anne = make.person("anne@example.org", name="Anne Dupont", phone="0612345678", password="une-haie-de-hêtres")
    hub = make.hub()
    row = make.customer(hub, person=anne, phone="0612345678", note="Anne comes late.", code="ANNE")
    CustomerTag.objects.create(customer=row, name="anne")
    make.role(anne, make.hub(), "volunteer")
    make.address(anne)
    actions.accept(text_ids=[make.legal_text().id], email=anne.email, person_id=anne.id, now=make.NOW)
    actions.invite(enterprise_id=hub.id, email="Anne@example.org", role="volunteer", actor=SYSTEM, now=make.NOW)
    return anne


def erase(person, actor=None):
    actions.erase_person(person_id=person.id, actor=actor or make.actor(person), now=make.NOW)


def everything():
    rows = [Person, Customer, CustomerTag, Consent, Role, Address, EmailAddress, Invitation, Message]
    return str([list(model.objects.values()) for model in rows]).casefold()


def test_nothing_of_the_person_is_left_but_numbers(anne):
    assert all(word in everything() for word in WORDS)

    erase(anne)
    outbox.deliver_due(now=make.NOW)

    assert [word for word in WORDS if word in everything()] == []
    assert (Customer.objects.count(), Consent.objects.count(), Role.objects.count()) == (1, 1, 0)


def test_the_books_stay_with_the_customers_number(anne):
    row = Customer.objects.get()
    account = Account.objects.create(book_id=row.hub_id, kind="customer", subject=f"customer:{row.id}")

    erase(anne)

    kept = Customer.objects.get(id=row.id)
    assert (kept.person, kept.hub_id, kept.email) == (None, row.hub_id, f"customer-{row.id}@{NOWHERE}")
    assert Account.objects.get().subject == account.subject


def test_an_erased_address_collides_with_no_guest_of_the_hub_and_may_come_back(anne):
    hub_id = Customer.objects.get().hub_id
    guest = actions.customer_for(hub_id=hub_id, person_id=None, email="anne@example.org", name="G", now=make.NOW)

    erase(anne)
    again = actions.customer_for(hub_id=hub_id, person_id=None, email="anne@example.org", name="G", now=make.NOW)
    back = make.person("anne@example.org")
    actions.claim_records(person_id=back.id, actor=SYSTEM, now=make.NOW)

    assert again == guest
    assert list(Customer.objects.filter(person=back).values_list("id", flat=True)) == [guest]


def test_two_people_erased_at_one_hub_collide_neither(anne):
    hub = Customer.objects.get().hub
    paul = make.person("paul@example.org")
    make.customer(hub, person=paul)
    actions.accept(text_ids=[Consent.objects.get().text_id], email=paul.email, person_id=paul.id, now=make.NOW)

    erase(anne)
    erase(paul)

    assert Customer.objects.filter(hub=hub, person__isnull=True).count() == 2


def test_mails_to_them_go_and_no_more_are_sent(anne):
    for to in ("anne@example.org", "other@example.org"):
        messages.send_ready(
            to_email=to, language="fr", template="x", about="a", subject="Anne", text="Bonjour", now=make.NOW
        )

    erase(anne)
    outbox.deliver_due(now=make.NOW)

    assert list(Message.objects.values_list("to_email", flat=True)) == ["other@example.org"]


def test_only_oneself_or_a_steward_erases_and_once(anne):
    with pytest.raises(Forbidden):
        erase(anne, make.manager(make.hub()))
    erase(anne, make.actor(make.person(is_staff=True)))
    with pytest.raises(NotFound):
        erase(anne, SYSTEM)


def test_an_owner_hands_over_first(anne):
    make.hub("La Halle", owner=anne)

    with pytest.raises(OwnsStill):
        erase(anne)
    assert Person.objects.get(id=anne.id).name == "Anne Dupont"


def test_i_am_forgotten_from_my_account_with_my_password(client, anne):
    client.force_login(anne, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("network:erasure")

    wrong = client.post(url, {"sure": "on", "password": "something else"})
    unsure = client.post(url, {"password": "une-haie-de-hêtres"})
    assert (wrong.status_code, unsure.status_code, Person.objects.get(id=anne.id).is_active) == (422, 422, True)
    done = client.post(url, {"sure": "on", "password": "une-haie-de-hêtres"})

    assert (done.status_code, Person.objects.get(id=anne.id).is_active) == (303, False)
    assert client.get(reverse("network:account")).status_code == 302
