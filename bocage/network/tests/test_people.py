"""Which instance answers, and as whom somebody acts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bocage.network import queries
from bocage.network.models import Person
from bocage.network.rules import GUEST, Actor
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


def test_an_instance_answers_for_its_own_host_and_one_for_all_others(django_assert_num_queries):
    everywhere, brittany = make.instance(), make.instance(host="bzh.example", slug="bzh")

    with django_assert_num_queries(2):
        found = queries.instance_for_host("bzh.example"), queries.instance_for_host("localhost")

    assert found == (brittany, everywhere)


def test_without_an_instance_the_command_to_run_is_said():
    with pytest.raises(LookupError, match="bocage demo"):
        queries.instance_for_host("localhost")


def test_a_person_acts_with_all_their_roles_in_one_query(django_assert_num_queries):
    anne, hub, farm = make.person("anne@example.org", name="Anne", language="en"), make.hub(), make.enterprise()
    make.role(anne, hub)
    make.role(anne, farm, "bookkeeper")

    with django_assert_num_queries(1):
        actor = queries.actor_for(anne)

    assert actor == Actor(
        label=f"person:{anne.id}",
        name="Anne",
        person_id=anne.id,
        email="anne@example.org",
        language="en",
        roles={hub.id: "manager", farm.id: "bookkeeper"},
    )


def test_nobody_is_a_guest():
    assert queries.actor_for(AnonymousUser()) == queries.actor_for(None) == GUEST


def test_addresses_of_people_are_kept_in_small_letters():
    assert Person.objects.create_user(" Anne@Example.ORG ", None).email == "anne@example.org"
    assert Person.objects.create_superuser("root@example.org", None).is_staff is True
