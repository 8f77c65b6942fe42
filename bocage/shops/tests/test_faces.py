"""How a shop looks and where it may be framed: rules, actions and the page on which a hub sets both."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bocage.commons.refusals import Forbidden
from bocage.network import actions as network
from bocage.network.rules import GUEST, SYSTEM
from bocage.network.rules.switches import State, Switch
from bocage.network.tests import make
from bocage.shops import actions
from bocage.shops.models import Shop
from bocage.shops.queries.faces import label_of
from bocage.shops.rules import NotASeller
from bocage.shops.rules.faces import Label, NoSuchPalette, NotASite, TooManySites, framers, sites


@pytest.mark.parametrize(
    ("typed", "origins"),
    [
        ("", ()),
        ("halle.example", ("https://halle.example",)),
        ("https://WWW.halle.example/boutique?x=1\nhttps://www.halle.example", ("https://www.halle.example",)),
        ("https://halle.example:8443 http://localhost:9000", ("https://halle.example:8443", "http://localhost:9000")),
        ("https://épi.example", ("https://xn--pi-9ia.example",)),
    ],
)
def test_sites_are_kept_as_origins_each_once(typed, origins):
    assert sites(typed) == origins


@pytest.mark.parametrize(
    "typed",
    ["*", "https://*.halle.example", "http://halle.example", "https://a.example;script-src", "https://u@a.example",
     "javascript:alert(1)", "https://", "halle", "https://a.example:99999", "'none'"],
)  # fmt: skip
def test_what_is_no_site_is_refused_in_words(typed):
    with pytest.raises(NotASite):
        sites(typed)


def test_a_shop_stands_in_ten_sites_at_most():
    with pytest.raises(TooManySites):
        sites("\n".join(f"a{number}.example" for number in range(11)))


@given(st.text(max_size=60))
def test_nothing_typed_can_write_another_directive(typed):
    try:
        found = framers(sites(typed))
    except (NotASite, TooManySites):
        return
    assert all(source.startswith(("https://", "http://")) and not set(source) & set(" ;,'\"*\n") for source in found)


def test_a_site_is_framed_with_and_without_its_www():
    assert framers(["https://www.a.example", "https://b.example", "http://localhost:9"]) == [
        "https://www.a.example",
        "https://a.example",
        "https://b.example",
        "https://www.b.example",
        "http://localhost:9",
    ]


def png(width=600, height=100):
    made = BytesIO()
    Image.new("RGBA", (width, height), (0, 0, 0, 0)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def hub(db, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    return make.hub("Panier", slug="panier")


@pytest.fixture
def signed_in(client, hub):
    who = make.person(language="en")
    make.role(who, hub)
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name="face"):
    return reverse(f"shops:{name}", args=["panier"])


def test_a_hub_chooses_its_colours_and_writes_a_page(signed_in, hub):
    said = {"palette": "lake", "hides_platform": "on", "logo_link": "panier.example", "page_title": "Our van",
            "page_body": "<p>Red.</p><script>x</script>"}  # fmt: skip
    before = Shop.objects.get_or_create(hub=hub)[0].version
    answer = signed_in.post(address(), said)
    kept = Shop.objects.get(hub=hub)

    assert answer.status_code == 303
    assert label_of(hub.pk) == Label(True, "", "https://panier.example", "lake", "Our van", False)
    assert (kept.page_body, kept.version > before) == ("<p>Red.</p>", True)


def test_unreadable_colours_and_long_titles_are_refused_and_nothing_typed_is_lost(signed_in, hub):
    answer = signed_in.post(address(), {"palette": "yellow", "page_title": "x" * 21, "page_body": "Kept words"})

    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not Shop.objects.filter(hub=hub).exclude(palette="").exists()


def test_a_logo_is_drawn_anew_shown_and_taken_away(signed_in, hub, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    signed_in.post(address("logo"), {"photo": SimpleUploadedFile("logo.png", png(), "image/png")})
    shown = label_of(hub.pk).picture
    signed_in.post(address("logo"), {"remove": "yes"})
    refused = signed_in.post(address("logo"), {"photo": SimpleUploadedFile("logo.svg", b"<svg/>", "image/png")})

    assert shown.startswith("logos/")
    with Image.open(tmp_path / shown) as drawn:
        assert drawn.size == (480, 80)
    assert (label_of(hub.pk).picture, refused.status_code) == ("", 422)


def test_sites_are_listed_then_the_snippet_can_be_copied(signed_in, hub, settings):
    empty = signed_in.get(address()).content.decode()
    signed_in.post(address("sites"), {"typed": "halle.example"})
    refused = signed_in.post(address("sites"), {"typed": "http://halle.example"})

    assert "&lt;iframe" not in empty
    assert f"&lt;iframe src=&quot;{settings.SITE_URL}/embed/panier/&quot;" in signed_in.get(address()).content.decode()
    assert refused.status_code == 422
    assert "is no address of a site" in refused.content.decode()
    assert Shop.objects.get(hub=hub).embed_sites == "https://halle.example"


def test_what_stewards_switched_off_is_not_offered_and_has_no_effect(signed_in, hub):
    actions.set_face(hub_id=hub.pk, label=Label(palette="lake"), page_body="", actor=SYSTEM, now=make.NOW)
    for switch in Switch:
        network.turn(instance_id=hub.instance_id, switch=switch, state=State.OFF, actor=SYSTEM, now=make.NOW)
    shown = signed_in.get(address()).content.decode()

    assert shown.count("have not switched this on for you") == 2
    assert 'name="palette"' not in shown
    assert label_of(hub.pk) == Label()


def test_only_who_manages_a_selling_hub_sets_its_face(db, hub):
    said = {"label": Label(), "page_body": "", "now": make.NOW}
    with pytest.raises(Forbidden):
        actions.set_face(hub_id=hub.pk, actor=GUEST, **said)
    with pytest.raises(NotASeller):
        actions.set_face(hub_id=make.enterprise().pk, actor=SYSTEM, **said)
    with pytest.raises(NoSuchPalette):
        actions.set_face(hub_id=hub.pk, actor=SYSTEM, **{**said, "label": Label(palette="yellow")})
