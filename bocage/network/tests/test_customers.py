"""Customer records: one per person and hub, one per guest address and hub, claimed only by who proves the address."""

import pytest
from django.db import IntegrityError

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions, queries
from bocage.network.rules import GUEST
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


def buy(hub, email="anne@example.org", person_id=None, **kept):
    kept = {"name": "Anne", "now": make.NOW, **kept}
    return actions.customer_for(hub_id=hub.id, person_id=person_id, email=email, **kept)


def test_a_guest_who_comes_back_is_the_same_customer_however_they_write_their_address():
    hub = make.hub()

    assert buy(hub, "Anne@Example.org ") == buy(hub, "anne@example.org")


def test_two_hubs_never_share_a_customer():
    assert buy(make.hub()) != buy(make.hub())


def test_a_person_is_the_same_customer_whatever_address_they_give():
    hub, anne = make.hub(), make.person("anne@example.org")

    assert buy(hub, "anne@example.org", anne.id) == buy(hub, "bob@example.org", anne.id)


def test_a_guest_with_a_registered_address_is_not_mixed_with_that_person():
    hub, anne = make.hub(), make.person("anne@example.org")
    own = buy(hub, "anne@example.org", anne.id)

    guest = buy(hub, "anne@example.org")

    assert guest != own
    assert queries.customer_ids_of(anne.id) == [own]


def test_a_person_does_not_inherit_guest_records_by_buying():
    hub, anne = make.hub(), make.person("anne@example.org")
    guest = buy(hub, "anne@example.org")

    own = buy(hub, "anne@example.org", anne.id)

    assert own != guest
    assert queries.customer_ids_of(anne.id) == [own]


@pytest.mark.parametrize("registered", [True, False])
def test_an_existing_customer_is_found_in_one_query(registered, django_assert_max_num_queries):
    hub, anne = make.hub(), make.person("anne@example.org")
    person_id = anne.id if registered else None
    buy(hub, person_id=person_id)

    with django_assert_max_num_queries(3):  # one, between the two ends of a savepoint
        buy(hub, person_id=person_id)


def test_the_database_itself_refuses_a_second_record():
    hub, anne = make.hub(), make.person()
    make.customer(hub, person=anne)

    with pytest.raises(IntegrityError):
        make.customer(hub, person=anne)


def test_claiming_gives_a_person_the_guest_records_of_their_confirmed_address_only():
    hub, other = make.hub(), make.hub()
    anne = make.person("anne@example.org")
    mine, also = make.customer(hub, email="anne@example.org"), make.customer(other, email="anne@example.org")
    make.customer(hub, email="bob@example.org")

    count = actions.claim_records(person_id=anne.id, actor=make.actor(anne), now=make.NOW)

    assert count == 2
    assert queries.customer_ids_of(anne.id) == [mine.id, also.id]


def test_an_unconfirmed_address_claims_nothing():
    make.customer(make.hub(), email="anne@example.org")
    anne = make.person("anne@example.org", confirmed=False)

    assert actions.claim_records(person_id=anne.id, actor=make.actor(anne), now=make.NOW) == 0


def test_a_claimed_record_stays_beside_the_persons_own_and_the_next_guest_gets_a_new_one():
    hub, anne = make.hub(), make.person("anne@example.org")
    own, guest = make.customer(hub, person=anne), make.customer(hub, email="anne@example.org")

    actions.claim_records(person_id=anne.id, actor=make.actor(anne), now=make.NOW)

    guest.refresh_from_db()
    assert guest.main_id == own.id
    assert buy(hub, "anne@example.org", anne.id) == own.id
    assert buy(hub, "anne@example.org") not in (own.id, guest.id)


def test_nobody_claims_for_somebody_else():
    anne, bob = make.person(), make.person()

    with pytest.raises(NotFound):
        actions.claim_records(person_id=anne.id, actor=make.actor(bob), now=make.NOW)


def test_a_member_enters_and_a_customer_who_is_none_does_not():
    hub, anne, bob = make.hub(), make.person("anne@example.org"), make.person()
    make.customer(hub, person=bob)

    actions.make_member(hub_id=hub.id, email="anne@example.org", name="Anne", actor=make.manager(hub), now=make.NOW)

    assert queries.is_member(hub_id=hub.id, actor=make.actor(anne)) is True
    assert queries.is_member(hub_id=hub.id, actor=make.actor(bob)) is False
    assert queries.is_member(hub_id=hub.id, actor=GUEST) is False
    assert queries.is_member(hub_id=make.hub().id, actor=make.actor(anne)) is False


def test_somebody_made_a_member_before_having_an_account_enters_once_they_confirmed_it():
    hub = make.hub()
    actions.make_member(hub_id=hub.id, email="anne@example.org", name="Anne", actor=make.manager(hub), now=make.NOW)
    anne = make.person("anne@example.org")
    assert queries.is_member(hub_id=hub.id, actor=make.actor(anne)) is False

    actions.claim_records(person_id=anne.id, actor=make.actor(anne), now=make.NOW)

    assert queries.is_member(hub_id=hub.id, actor=make.actor(anne)) is True


def test_those_who_work_for_the_hub_enter_its_members_shop():
    hub = make.hub()

    assert queries.is_member(hub_id=hub.id, actor=make.manager(hub, "volunteer")) is True


def test_membership_can_be_ended():
    hub, anne = make.hub(), make.person()
    member, manager = make.customer(hub, person=anne, is_member=True), make.manager(hub)

    actions.end_membership(hub_id=hub.id, customer_id=member.id, actor=manager, now=make.NOW)

    assert queries.is_member(hub_id=hub.id, actor=make.actor(anne)) is False


def test_another_hubs_manager_makes_no_members_and_sees_no_customers():
    hub, stranger = make.hub(), make.manager(make.hub())
    member = make.customer(hub, is_member=True)

    with pytest.raises(Forbidden):
        actions.make_member(hub_id=hub.id, email="a@example.org", name="A", actor=stranger, now=make.NOW)
    with pytest.raises(Forbidden):
        actions.end_membership(hub_id=hub.id, customer_id=member.id, actor=stranger, now=make.NOW)
    with pytest.raises(Forbidden):
        queries.customers_of_hub(hub_id=hub.id, actor=stranger)


def test_a_customer_of_another_hub_is_not_found_under_this_one():
    hub, elsewhere = make.hub(), make.customer(make.hub(), is_member=True)

    with pytest.raises(NotFound):
        actions.end_membership(hub_id=hub.id, customer_id=elsewhere.id, actor=make.manager(hub), now=make.NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_a_hubs_customers_come_by_name_in_one_query(count, django_assert_num_queries):
    hub = make.hub()
    actor = make.manager(hub)
    for number in reversed(range(count)):
        make.customer(hub, name=f"Customer {number}")

    with django_assert_num_queries(1):
        rows = queries.customers_of_hub(hub_id=hub.id, actor=actor)

    assert [row.name for row in rows] == [f"Customer {number}" for number in range(count)]
