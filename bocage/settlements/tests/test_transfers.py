"""Files of transfers: what is left to pay, once, for who may, and never twice unseen."""

import pytest
from django.db import transaction
from django.utils import timezone
from lxml import etree

from bocage.commons.refusals import Forbidden
from bocage.network.models import Enterprise
from bocage.orders.tests.make import actor
from bocage.payments.sepa import schema_of
from bocage.settlements import actions, rules
from bocage.settlements.models import Transfer, TransferFile
from bocage.settlements.tests.make import LATER, euros, frozen
from bocage.settlements.tests.test_views import path, place, visitor  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
def owed(place):  # noqa: F811
    """A frozen statement of 6.33, hub and farm with their IBAN."""
    Enterprise.objects.filter(id=place.hub.pk).update(iban="FR7699999000010000000411880")
    Enterprise.objects.filter(id=place.farm.pk).update(iban="DE89370400440532013000", legal_name="GAEC du Pré")
    return frozen(place)


def made(place, chosen, who=None):  # noqa: F811
    return actions.make_transfer_file(
        hub_id=place.hub.pk, chosen=chosen, on=LATER.date(), actor=who or place.manager, now=LATER
    )


def test_a_file_asks_the_bank_for_what_is_left_to_pay(place, owed):  # noqa: F811
    actions.settle_payment(statement_id=owed.pk, amount=euros("2.00"), at=LATER, reference="V1", actor=place.manager)

    file = TransferFile.objects.get(id=made(place, {owed.pk: 0}))

    tree = etree.fromstring(file.content.encode())
    schema_of("pain.001.001.09").assertValid(tree)
    said = [
        tree.findtext(f".//p:{name}", "", NS)
        for name in ("MsgId", "InstdAmt", "EndToEndId", "Cdtr/p:Nm", "CdtrAcct//p:IBAN")
    ]
    assert said == [file.reference, "4.33", owed.number, "GAEC du Pre", "DE89370400440532013000"]


def test_a_statement_is_not_put_into_two_files_unseen(place, owed):  # noqa: F811
    made(place, {owed.pk: 0})

    with pytest.raises(rules.ListMoved), transaction.atomic():
        made(place, {owed.pk: 0})
    made(place, {owed.pk: 1})  # the bank refused the first: whoever makes another has seen it

    assert list(Transfer.objects.values_list("file__reference", "amount_minor")) == [
        ("V2026-00001", 633),
        ("V2026-00002", 633),
    ]


def test_what_is_paid_or_anothers_is_in_no_file_and_only_the_hubs_people_make_one(place, owed):  # noqa: F811
    with pytest.raises(Forbidden):
        made(place, {owed.pk: 0}, actor("manager", on=place.farm))
    with pytest.raises(rules.ListMoved), transaction.atomic():
        made(place, {owed.pk + 1: 0})
    actions.settle_payment(statement_id=owed.pk, amount=euros("6.33"), at=LATER, reference="V1", actor=place.manager)
    with pytest.raises(rules.ListMoved), transaction.atomic():
        made(place, {owed.pk: 0})


def test_a_hub_makes_and_takes_the_file_by_clicking_and_sees_what_is_in_one(place, owed):  # noqa: F811
    hub, here, today = visitor(place.manager), path(place.hub, "transfers"), f"{timezone.localdate():%Y-%m-%d}"
    for wrong in ({}, {"chosen": ["9" * 20 + ":0"], "on": today}, {"chosen": [f"{owed.pk}:0"], "on": "0001-01-01"}):
        assert hub.post(here, wrong).status_code == 422

    hub.post(here, {"chosen": [f"{owed.pk}:0"], "on": today})
    again = hub.post(here, {"chosen": [f"{owed.pk}:0"], "on": today})

    file = TransferFile.objects.get()
    assert (
        f"already in {file.reference}" in again.content.decode()
        and "put into a file meanwhile" in again.content.decode()
    )
    assert hub.get(f"{here}{file.pk}.xml").content.decode() == file.content
    assert (
        visitor(actor("manager", on=place.farm)).get(f"{path(place.farm, 'transfers')}{file.pk}.xml").status_code == 404
    )
