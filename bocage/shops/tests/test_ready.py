"""What an enterprise lacks before it may sell; how people pay; its terms; its picture."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from bocage.commons.refusals import Forbidden
from bocage.network.models import Enterprise, LegalText, Person, Role
from bocage.payments.models import PaymentMethod
from bocage.shops import queries
from bocage.shops.rules import steps_to_sell
from bocage.shops.tests import make

NOTHING = dict.fromkeys(
    ("profile", "picture", "legal", "goods", "partners", "buyers", "delivery", "payment", "terms", "team", "shown"),
    False,
)


def needed(**what):
    return [step.key for step in steps_to_sell(**what, done=NOTHING) if step.is_needed]


def test_each_kind_of_enterprise_needs_what_its_work_needs():
    assert needed(is_producer=True, sells="none") == ["profile", "goods", "buyers"]
    assert needed(is_producer=True, sells="own") == ["profile", "goods", "delivery", "payment"]
    assert needed(is_producer=True, sells="any") == ["profile", "goods", "delivery", "payment"]
    assert needed(is_producer=False, sells="any") == ["profile", "partners", "delivery", "payment"]
    assert needed(is_producer=False, sells="none") == ["profile"]


@pytest.fixture
def hub(client, settings, tmp_path):
    """A hub whose owner is signed in, reading English."""
    settings.MEDIA_ROOT = tmp_path
    anne = Person.objects.create_user("anne@b.example", language="en")
    found = make.hub(slug="la-halle", owner=anne, email="halle@b.example")
    Role.objects.create(person=anne, enterprise=found, name="manager")
    client.force_login(anne)
    return found


def at(name, *extra):
    return reverse(f"shops:{name}", args=["la-halle", *extra])


@pytest.mark.django_db
def test_a_hub_is_ready_once_it_has_a_face_a_partner_a_place_and_a_way_to_pay(client, hub, django_assert_num_queries):
    asked = {"enterprise_id": hub.pk, "actor": make.manager(hub), "now": make.NOW}
    before = queries.readiness(**asked)
    Enterprise.objects.filter(id=hub.pk).update(teaser="Farms together.", town="Malvran")
    make.agreement(make.farm(), hub)
    client.post(at("new_point"), {"name": "Sous la halle", "town": "Malvran"})
    point = queries.pickup_points(hub_id=hub.pk, actor=asked["actor"])[0]
    client.post(at("new_method"), {"kind": "pickup", "name": "Halle", "point_id": point.id, "calculator": "flat"})
    client.post(at("new_payment_method"), {"kind": "on_site", "name": "On the spot"})

    with django_assert_num_queries(1):
        after = queries.readiness(**asked)
    assert (before.left, before.is_ready, after.left, after.is_ready) == (4, False, 0, True)
    assert "Open a sale" in client.get(at("ready")).content.decode()
    with pytest.raises(Forbidden):
        queries.readiness(**{**asked, "actor": make.manager(make.hub())})


@pytest.mark.django_db
def test_a_way_to_pay_is_added_changed_and_ended(client, hub):
    client.post(at("new_payment_method"), {"kind": "transfer", "name": "Transfer", "instructions": "FR76…"})
    row = PaymentMethod.objects.get()
    client.post(at("payment_method", row.pk), {"kind": "transfer", "name": "By transfer", "instructions": ""})
    shown = client.get(at("payment")).content.decode()
    client.post(at("end_payment_method", row.pk))

    row.refresh_from_db()
    assert (row.hub_id, row.kind, row.name, row.ended_at is None) == (hub.pk, "transfer", "By transfer", False)
    assert "By transfer" in shown
    assert "nobody can order" in client.get(at("payment")).content.decode()


@pytest.mark.django_db
def test_another_hubs_way_to_pay_is_not_there(client, hub):
    other = PaymentMethod.objects.create(hub=make.hub(), kind="on_site", name="Theirs")
    said = {"kind": "on_site", "name": "Mine"}

    answers = [
        client.get(at("payment_method", other.pk)),
        client.post(at("payment_method", other.pk), said),
        client.post(at("end_payment_method", other.pk)),
    ]

    other.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (other.name, other.ended_at) == ("Theirs", None)


@pytest.mark.django_db
def test_terms_are_published_in_versions(client, hub):
    client.post(at("terms"), {"title": "Terms", "body": "Be kind."})
    client.post(at("terms"), {"title": "Terms", "body": "Be kinder."})
    refused = client.post(at("terms"), {"title": "Terms", "body": ""})

    assert list(LegalText.objects.order_by("version").values_list("enterprise_id", "version", "body")) == [
        (hub.pk, 1, "<p>Be kind.</p>"),
        (hub.pk, 2, "<p>Be kinder.</p>"),
    ]
    assert refused.status_code == 422


@pytest.mark.django_db
def test_the_profile_keeps_every_field_and_tidies_addresses_of_networks(client, hub):
    page = client.get(at("profile"))
    values = {name: value for name, value in page.context["form"].initial.items() if value not in (None, "")}
    said = {"instagram": "https://www.instagram.com/La.Halle/", "facebook": "https://www.facebook.com/lahalle/"}

    client.post(at("profile"), {**values, **said, "legal_name": "Association La Halle", "sells": "own"})
    refused = client.post(at("profile"), {**values, "instagram": "la-halle!"})

    hub.refresh_from_db()
    assert (hub.instagram, hub.facebook, hub.legal_name, hub.sells) == (
        "la.halle", "facebook.com/lahalle", "Association La Halle", "own",
    )  # fmt: skip
    assert (refused.status_code, "is not an Instagram name" in refused.content.decode()) == (422, True)


@pytest.mark.django_db
def test_how_it_sells_is_its_owners_to_change(client, hub):
    Enterprise.objects.filter(id=hub.pk).update(owner=None)
    values = {k: v for k, v in client.get(at("profile")).context["form"].initial.items() if v not in (None, "")}

    client.post(at("profile"), {**values, "sells": "none", "teaser": "Hello"})

    hub.refresh_from_db()
    assert (hub.sells, hub.teaser) == ("any", "Hello")


@pytest.mark.django_db
def test_a_photo_is_drawn_anew_and_what_is_none_is_refused(client, hub):
    made = BytesIO()
    Image.new("RGB", (900, 600), "green").save(made, "JPEG")

    kept = client.post(at("photo"), {"photo": SimpleUploadedFile("a.jpg", made.getvalue())})
    refused = client.post(at("photo"), {"photo": SimpleUploadedFile("a.jpg", b"not a photo")})

    hub.refresh_from_db()
    assert (kept.status_code, refused.status_code) == (303, 422)
    assert hub.picture.endswith("-480.webp")
    assert default_storage.exists(hub.picture)
