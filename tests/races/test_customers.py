import pytest

from bocage.network import actions
from bocage.network.models import Address, Customer, Enterprise
from bocage.network.rules import SYSTEM
from bocage.network.tests import make
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("is_registered", [True, False])
def test_a_buyer_who_confirms_many_times_at_once_is_one_customer(is_registered):
    hub, anne = make.hub(), make.person("anne@example.org")
    who = {"person_id": anne.id if is_registered else None, "email": "anne@example.org"}

    ids = together([lambda: actions.customer_for(hub_id=hub.id, name="Anne", now=make.NOW, **who)] * 6)

    assert set(ids) == set(Customer.objects.values_list("id", flat=True))
    assert len(set(ids)) == 1


def test_enterprises_founded_at_once_under_one_name_get_their_own_addresses():
    instance_id = make.instance().id
    profile = {"name": "Verger", "is_producer": True}

    together(
        [lambda: actions.create_enterprise(instance_id=instance_id, profile=profile, actor=SYSTEM, now=make.NOW)] * 4
    )

    assert sorted(Enterprise.objects.values_list("slug", flat=True)) == ["verger", "verger1", "verger2", "verger3"]


def test_addresses_kept_at_once_have_one_default():
    anne = make.actor(make.person())
    to = actions.PostalAddress(name="Anne", street="3 rue du Four", postcode="14500", town="Vire")

    together([lambda: actions.save_address(to=to, is_default=True, actor=anne)] * 4)

    assert Address.objects.count() == 4
    assert Address.objects.filter(is_default=True).count() == 1
