"""A shop under its own face: what of the platform is left out, and what stays because people need it."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.network import actions as network
from bocage.network.models import Group, GroupMember
from bocage.network.rules import SYSTEM
from bocage.network.rules.switches import State, Switch
from bocage.shopfront.queries import snapshots
from bocage.shopfront.tests import make
from bocage.shopfront.tests.test_embedding import enter, order
from bocage.shops import actions as shops
from bocage.shops.rules.faces import Label

pytestmark = pytest.mark.django_db
OWN = Label(hides_platform=True, palette="lake", page_title="Our van", hides_groups=True)


@pytest.fixture(autouse=True)
def at_noon(settings):
    snapshots.forget()
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(make.NOON, tick=False), translation.override("en"):
        yield


@pytest.fixture
def market():
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    made.offer("Leek", "2.50")
    return made


def wear(market, label, body="<p>It is red.</p>"):
    shops.set_face(hub_id=market.hub.pk, label=label, page_body=body, actor=SYSTEM, now=make.NOON)


def shown(client, market, name="shop"):
    return client.get(reverse(f"shopfront:{name}", args=[market.hub.slug])).content.decode()


@pytest.mark.parametrize("name", ["shop", "farms", "about", "contact", "basket", "own"])
def test_the_platforms_menus_and_foot_are_left_out_of_every_page(client, market, name):
    wear(market, Label(page_title="Our van"))
    with_them = shown(client, market, name)
    wear(market, OWN)
    without = shown(client, market, name)

    for mark in ('class="brand"', 'class="site-foot"'):
        assert mark in with_them
        assert mark not in without
    assert 'data-palette="lake"' in without
    assert "Your data, your rights" in without
    assert "own-bar__brand" in without


def test_a_hub_writes_a_page_that_becomes_a_tab(client, market):
    address = reverse("shopfront:own", args=[market.hub.slug])
    before = client.get(address).status_code
    wear(market, OWN)

    assert before == 404
    assert f'href="{address}"' in shown(client, market)
    assert "It is red." in shown(client, market, "own")


def test_groups_are_told_unless_the_hub_hides_them(client, market):
    group = Group.objects.create(instance=market.instance, slug="val", name="The valley", created_at=make.NOON)
    GroupMember.objects.create(group=group, enterprise=market.hub, asked_at=make.NOON, joined_at=make.NOON)
    told = shown(client, market, "about")
    wear(market, OWN)

    assert "The valley" in told
    assert "The valley" not in shown(client, market, "about")


def test_a_switch_turned_off_gives_the_platform_back_at_once(client, market):
    wear(market, OWN)
    shown(client, market)
    turn = {"instance_id": market.instance.pk, "actor": SYSTEM, "now": make.NOON}
    network.turn(switch=Switch.WHITE_LABEL, state=State.OFF, **turn)

    assert 'class="site-foot"' in shown(client, market)
    assert "data-palette" not in shown(client, market)
    assert client.get(reverse("shopfront:own", args=[market.hub.slug])).status_code == 404


def test_mail_about_an_order_bears_the_hubs_name(client, market):

    wear(market, OWN)
    enter(client, market)
    order(client, market)
    outbox.deliver_due(now=make.NOON)
    mail = Message.objects.get(template="orders/mail/placed")

    assert mail.from_email == f'"{market.hub.name}" <{market.instance.mail_from}>'
    assert f'/shop/{market.hub.slug}/">{market.hub.name}</a>' in mail.html
