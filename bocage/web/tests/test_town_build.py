"""Building the demo town: the same for the same seed, only into a database of its own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from bocage.network.models import Instance
from bocage.orders.models import OrderLine
from bocage.web.town.build import build
from bocage.web.town.load import town
from bocage.web.town.selling import french
from bocage.web.town.who import who_is_who

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SMALL = replace(town(), sales=tuple(replace(sale, orders=sale.orders // 12) for sale in town().sales))


def _sketch() -> list[tuple]:
    """What a town's orders are, without the references that they draw for themselves."""
    lines = OrderLine.objects.order_by("order_id", "id")
    return list(
        lines.values_list("order__name", "order__placed_at", "order__state", "product_name", "quantity", "total_minor")
    )


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_town_and_another_seed_another():
    sketches = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            build(now=NOON, seed=seed, data=SMALL)
            sketches.append(_sketch())
            transaction.set_rollback(True)

    assert sketches[0] == sketches[1]
    assert sketches[0] != sketches[2]


@pytest.mark.django_db
def test_a_database_with_another_instance_is_left_alone():
    Instance.objects.create(slug="real", name="Vrai", mail_from="a@b.example", contact_email="a@b.example")

    for words in (["demo"], ["demo", "--reset"]):
        with pytest.raises(CommandError):
            call_command(*words)

    assert list(Instance.objects.values_list("slug", flat=True)) == ["real"]


@pytest.mark.django_db
def test_the_table_names_every_role_and_the_password():
    table = who_is_who()

    assert all(person.email in table for person in town().people)
    assert town().password in table


def test_days_are_said_as_people_say_them():
    assert french(datetime(2026, 10, 9).date()) == "vendredi 9 octobre"
    assert french(datetime(2027, 6, 1).date()) == "mardi 1er juin"
