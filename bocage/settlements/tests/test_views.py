"""The pages of statements: hub and farm do their part by clicking."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.network.models import Instance, Person
from bocage.order_cycles.events import CycleClosed
from bocage.orders.tests.make import actor, market
from bocage.settlements.models import Contest, Line, Payment, Statement
from bocage.settlements.tests.make import CLOSED, approved, drawn_up, frozen

pytestmark = pytest.mark.django_db


def visitor(who) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(id=who.person_id))
    return client


@pytest.fixture
def place():
    found = market()
    Instance.objects.update(host="testserver")
    found.place({found.offer("Poireaux", "2.11"): 3})
    return found


def path(enterprise, *more):
    return "/".join(["/hub", enterprise.slug, "settlements", *map(str, more), ""])


def test_hub_and_farm_walk_a_statement_from_drawing_up_to_paid_by_clicking(place):
    hub, farmer = visitor(place.manager), visitor(actor("manager", on=place.farm))
    type(place.cycle).objects.update(closes_at=CLOSED)
    hub.post(path(place.hub, "drafts"), {"cycle_id": place.cycle.pk})
    row = Statement.objects.get()
    here, theirs = path(place.hub, row.pk), path(place.farm, row.pk)
    assert "6.33" in hub.get(here).content.decode()
    assert farmer.get(theirs).status_code == 404

    hub.post(f"{here}approval/", {"shown": 633})
    farmer.get(theirs)
    farmer.post(f"{theirs}contests/{Line.objects.get().pk}/", {"reason": "Quatre bottes"})
    answered = hub.post(f"{here}answers/{Contest.objects.get().pk}/", {"words": "", "correction": "2,11"})
    assert answered.status_code == 422
    hub.post(f"{here}answers/{Contest.objects.get().pk}/", {"words": "En effet", "correction": "2,11"})
    assert "En effet" in farmer.get(theirs).content.decode()
    farmer.post(f"{theirs}agreement/", {"shown": 844})
    too_much = hub.post(f"{here}payment/", {"amount": "9", "on": "2026-10-10", "reference": "V1"})
    assert "8.44" in too_much.content.decode() and too_much.status_code == 422
    hub.post(f"{here}payment/", {"amount": "8,44", "on": "2026-10-10", "reference": "V1"})

    row.refresh_from_db()
    assert (row.state, row.seen_at is not None) == ("frozen", True)
    assert "8.44" in farmer.get(path(place.farm)).content.decode()
    assert "V1" in farmer.get(theirs).content.decode()


def test_what_is_refused_is_said_and_what_was_typed_stays(place):
    row = approved(place)
    hub, farmer = visitor(place.manager), visitor(actor("manager", on=place.farm))
    here, theirs = path(place.hub, row.pk), path(place.farm, row.pk)
    line = Line.objects.get().pk
    farmer.post(f"{theirs}contests/{line}/", {"reason": "Quatre bottes"})

    again = farmer.post(f"{theirs}contests/{line}/", {"reason": "Quatre bottes"})
    asked = Contest.objects.get().pk
    too_much = hub.post(f"{here}answers/{asked}/", {"words": "Une de moins", "correction": "-6,34"})
    hub.post(f"{here}answers/{asked}/", {"words": "Trois", "correction": ""})
    answered = hub.post(f"{here}answers/{asked}/", {"words": "Trois", "correction": ""})

    assert "You contested this line already" in again.content.decode()
    assert "6.33" in too_much.content.decode() and "Une de moins" in too_much.content.decode()
    assert "This has been answered already" in answered.content.decode()
    assert [one.status_code for one in (again, too_much, answered)] == [422, 422, 422]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_payment_is_noted_on_a_day_that_can_be(place, day):
    row, hub = frozen(place), visitor(place.manager)

    hub.post(f"{path(place.hub, row.pk)}payment/", {"amount": "1", "on": day, "reference": "V1"})

    assert not Payment.objects.exists()


def test_a_statement_with_a_number_too_large_to_be_one_is_not_found(place):
    asked = {"amount": "1", "on": "2026-10-10", "reference": "V1"}

    assert visitor(place.manager).post(path(place.hub, "9" * 20, "payment"), asked).status_code == 404


def test_the_day_of_a_payment_is_filled_in_as_browsers_read_it_in_any_language(place):
    row, hub = frozen(place), visitor(place.manager)

    shown = hub.get(path(place.hub, row.pk), headers={"accept-language": "fr"}).content.decode()

    assert f'value="{timezone.localdate():%Y-%m-%d}"' in shown


def test_a_farm_reads_its_own_statements_only_and_another_hub_nothing(place):
    row = approved(place)
    for enterprise in (place.other_farm, place.farm):
        other = visitor(actor("manager", on=place.other_farm))
        assert other.get(path(enterprise, row.pk)).status_code in (403, 404)
        assert other.get(path(enterprise, row.pk, "statement.csv").rstrip("/")).status_code in (403, 404)
    stranger = visitor(actor("manager", on=place.other_farm))
    assert stranger.post(f"{path(place.farm, row.pk)}agreement/", {"shown": 633}).status_code == 403


def test_pdf_and_csv_say_the_lines(place):
    row, hub = frozen(place), visitor(place.manager)

    assert hub.get(path(place.hub, row.pk, "statement.pdf").rstrip("/")).content.startswith(b"%PDF")
    table = hub.get(path(place.hub, row.pk, "statement.csv").rstrip("/")).content.decode("utf-8-sig").splitlines()
    assert table[1].split(";") == ["Vente", "Poireaux", "500\u00a0g", "3", "", "2.11", "5.5", "6.00", "0.33", "6.33"]


def test_a_closed_sale_is_drawn_up_by_itself_and_the_farm_gets_a_mail_when_it_is_approved(place):
    type(place.cycle).objects.update(closes_at=CLOSED)
    type(place.farm).objects.filter(id=place.farm.pk).update(email="ferme@exemple.bocage.example")
    with transaction.atomic():
        outbox.emit(CycleClosed(place.cycle.pk, place.hub.pk, [place.hub.pk]), by=place.manager, at=CLOSED)
    outbox.deliver_due(now=timezone.now())
    assert [one.state for one in Statement.objects.all()] == ["drafted"]

    approved(place)
    outbox.deliver_due(now=timezone.now())

    mail = Message.objects.get(template="settlements/mail/statement")
    assert mail.to_email == "ferme@exemple.bocage.example"
    assert "6,33" in mail.text


def test_the_lists_take_as_many_queries_for_one_statement_as_for_several(place, django_assert_max_num_queries):
    place.place({place.offer("Pain", "4.00", farm=place.other_farm): 1})
    drawn_up(place)
    hub = visitor(place.manager)
    with django_assert_max_num_queries(9):
        assert b"Pain" not in hub.get(path(place.hub)).content
