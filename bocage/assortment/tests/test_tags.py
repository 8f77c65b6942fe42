"""Tags of goods in the table and in files: the very words that the hub's rules ask for."""

import pytest
from django.urls import reverse

from bocage.assortment.models import Import
from bocage.assortment.tests import files, make
from bocage.assortment.tests.test_imports import apply, send, shown
from bocage.shops.models import GoodsTag
from bocage.shops.queries.tagging import goods_tags

pytestmark = pytest.mark.django_db
HEAD = ["id", "tags"]


@pytest.fixture
def hub(client):
    """La Halle, which sells leeks of a farm; its manager is signed in."""
    found, farm = make.hub("La Halle", slug="la-halle"), make.farm("Ferme du Gué", slug="ferme-du-gue")
    make.category()
    make.agreement(farm, found)
    found.leek = make.variant(make.product(farm))
    found.farm = farm
    make.signed_in(client, found)
    return found


def write(client, hub, text, seen, variant=None):
    url = reverse("assortment:cell", args=[hub.slug, (variant or hub.leek).pk])
    return client.post(url, {"column": "tags", "text": text, "seen": seen}, headers={"HX-Request": "true"})


def inventory(client, text, number):
    return send(client, files.csv(HEAD, [str(number), text]), slug="la-halle", mode="inventory")


def test_a_hub_writes_tags_into_the_table_and_its_rules_read_them(client, hub):
    answer = write(client, hub, " Pro;  local ,pro", "")

    assert "local, pro" in answer.content.decode()
    assert goods_tags(hub.pk) == {hub.leek.pk: ("local", "pro")}
    assert write(client, hub, "", "local, pro").status_code == 200
    assert goods_tags(hub.pk) == {}


def test_who_saw_other_tags_is_told_and_asked(client, hub):
    write(client, hub, "pro", "")

    answer = write(client, hub, "local", "")

    assert (answer.status_code, goods_tags(hub.pk)) == (422, {hub.leek.pk: ("pro",)})


def test_the_column_is_for_who_sells(client, hub):
    def headings(slug):
        page = client.get(reverse("assortment:table", args=[slug]), {"columns": "all"})
        return [column.key for column in page.context["columns"]]

    make.Role.objects.create(person=make.Role.objects.get(enterprise=hub).person, enterprise=hub.farm, name="manager")

    assert "tags" in headings("la-halle")
    assert "tags" not in headings("ferme-du-gue")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_tags_come_out_and_in_again_without_a_difference(client, hub, kind):
    write(client, hub, "pro, local", "")
    url = reverse("assortment:export", args=["la-halle", "inventory", kind])

    read = send(
        client, b"".join(client.get(url).streaming_content), name=f"a.{kind}", slug="la-halle", mode="inventory"
    )

    assert read.counts == {"same": 1}
    assert "tags" in read.columns


def test_a_file_names_goods_and_is_taken_back(client, hub):
    write(client, hub, "local", "")
    read = inventory(client, "Pro, membres", hub.leek.pk)
    assert shown(client, read, "changed") == [(2, "Ferme du Gué, Poireaux", [("Tags", "local", "membres, pro")])]

    apply(client, read)
    assert goods_tags(hub.pk) == {hub.leek.pk: ("membres", "pro")}
    client.post(reverse("assortment:undo", args=["la-halle", read.pk]))

    assert goods_tags(hub.pk) == {hub.leek.pk: ("local",)}


def test_what_somebody_named_since_refuses_the_file_and_is_left_by_the_way_back(client, hub):
    read = inventory(client, "pro", hub.leek.pk)
    write(client, hub, "autre", "")
    assert apply(client, read).status_code == 422

    read = inventory(client, "pro", hub.leek.pk)
    apply(client, read)
    write(client, hub, "encore", "pro")
    client.post(reverse("assortment:undo", args=["la-halle", read.pk]))

    assert (Import.objects.get(pk=read.pk).left, goods_tags(hub.pk)) == (1, {hub.leek.pk: ("encore",)})


def test_goods_that_a_hub_makes_itself_get_tags_with_the_file_that_brings_them(client, hub):
    hub.is_producer = True
    hub.save()
    rows = [["producer", "name", "category", "units", "unit_type", "price", "on_hand", "tags"],
            ["La Halle", "Soupe", "Légumes", "1", "L", "4", "3", "Midi"]]  # fmt: skip

    read = send(client, files.csv(*rows), slug="la-halle")
    apply(client, read)

    assert list(GoodsTag.objects.values_list("hub_id", "variant__product__name", "name")) == [(hub.pk, "Soupe", "midi")]


def test_goods_of_a_farm_that_is_not_sold_get_no_tags(client, hub):
    other = make.farm("Ferme du Bas", slug="ferme-du-bas")
    leek = make.variant(make.product(other))
    make.Role.objects.create(person=make.Role.objects.get(enterprise=hub).person, enterprise=other, name="manager")

    read = send(client, files.csv(HEAD, [str(leek.pk), "pro"]), slug="ferme-du-bas")
    apply(client, read)

    assert goods_tags(other.pk) == {leek.pk: ("pro",)}  # its own shop's words, should it open one
    assert write(client, hub, "pro", "", leek).status_code == 404
