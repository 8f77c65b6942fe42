"""Who reads an enterprise's mail."""

import pytest

from bocage.commons.refusals import NotFound
from bocage.network import queries
from bocage.network.queries import Contact
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


def test_the_flagged_people_read_the_mail_and_nobody_else():
    hub = make.hub(owner=make.person())
    make.role(make.person(), hub)
    make.role(make.person("zoe@example.org", name="Zoé", language="en"), hub, "volunteer", is_contact=True)

    assert queries.contacts_of(hub.id) == [Contact("zoe@example.org", "Zoé", "en")]


def test_without_a_flag_the_managers_read_it_in_the_language_of_the_instance_unless_they_chose():
    hub = make.hub()
    make.role(make.person("marc@example.org", name="Marc"), hub)
    make.role(make.person(), hub, "volunteer")

    assert queries.contacts_of(hub.id) == [Contact("marc@example.org", "Marc", "fr")]


def test_without_managers_the_owner_reads_it_and_without_an_owner_the_enterprise_itself():
    owned = make.hub(owner=make.person("owner@example.org", name="Lise"), email="hub@example.org")
    orphan = make.hub(email="farm@example.org", contact_name="Ferme")

    assert queries.contacts_of(owned.id) == [Contact("owner@example.org", "Lise", "fr")]
    assert queries.contacts_of(orphan.id) == [Contact("farm@example.org", "Ferme", "fr")]
    assert queries.contacts_of(make.hub().id) == []


def test_a_closed_account_reads_no_mail():
    hub = make.hub(email="hub@example.org")
    make.role(make.person(is_active=False), hub, is_contact=True)

    assert queries.contacts_of(hub.id) == [Contact("hub@example.org", "", "fr")]


def test_an_unknown_enterprise_is_not_found():
    with pytest.raises(NotFound):
        queries.contacts_of(404)


@pytest.mark.parametrize("count", [1, 3])
def test_contacts_take_two_queries(count, django_assert_num_queries):
    hub = make.hub()
    for _ in range(count):
        make.role(make.person(), hub)

    with django_assert_num_queries(2):
        assert len(queries.contacts_of(hub.id)) == count
