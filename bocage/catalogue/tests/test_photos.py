"""Photos: drawn anew in two squares, with nothing of the file that was sent but its pixels."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from bocage.catalogue import actions, photos
from bocage.catalogue.drawings import drawings
from bocage.catalogue.models import Product
from bocage.catalogue.rules import NotAPhoto, PhotoTooBig
from bocage.catalogue.tests import make
from bocage.commons.refusals import Forbidden
from bocage.network.models import Role
from bocage.settings import ROOT

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(width=900, height=600, kind="JPEG", colour=(200, 30, 30), **more):
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, kind, **more)
    return made.getvalue()


def png_that_says(width, height):
    """A small PNG whose head promises a vast picture."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def stored(media):
    return sorted(path.relative_to(media).as_posix() for path in Path(media).rglob("*") if path.is_file())


def test_a_photo_becomes_two_squares_named_by_content_and_twice_is_once(media):
    path = photos.keep(picture())
    again = photos.keep(picture())

    small = path.replace("-480", "-120")
    assert (again, stored(media)) == (path, sorted([path, small]))
    for name, size in ((path, 480), (small, 120)):
        with Image.open(media / name) as kept:
            assert (kept.format, kept.size, kept.mode) == ("WEBP", (size, size), "RGB")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_kinds_of_photo_are_read_too(kind):
    assert photos.squares(picture(300, 500, kind))[480].size == (480, 480)


def test_nothing_of_the_file_stays_but_its_pixels(media):
    exif = Image.Exif()
    exif[0x010E] = "48.1173, -1.6778 chez Anne"

    sent = picture(exif=exif, comment=b"chez Anne")
    path = photos.keep(sent)

    assert b"chez Anne" in sent
    kept = (media / path).read_bytes()
    assert [name for name in (b"chez Anne", b"EXIF", b"XMP ", b"ICCP") if name in kept] == []


def test_a_photo_taken_sideways_stands_upright():
    sideways = Image.new("RGB", (400, 400), "white")
    sideways.paste("black", (0, 0, 400, 200))  # dark above
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it as it was
    made = io.BytesIO()
    sideways.save(made, "JPEG", exif=exif)

    square = photos.squares(made.getvalue())[120]

    assert [sum(square.getpixel(at)) < 380 for at in ((10, 60), (110, 60))] == [False, True]


def test_what_is_see_through_lies_on_white():
    made = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(made, "PNG")

    assert photos.squares(made.getvalue())[120].getpixel((60, 60)) == (255, 255, 255)


@pytest.mark.parametrize("sent", [SVG, b"", b"GIF89a", b"%PDF-1.7", picture()[:400], b"\x00" * 5000])
def test_what_is_no_photo_is_refused(media, sent):
    with pytest.raises(NotAPhoto):
        photos.keep(sent)

    assert stored(media) == []


@pytest.mark.parametrize(
    "sent",
    [png_that_says(40_000, 40_000), png_that_says(10_000, 9_500), png_that_says(8_000, 6_000), b"\xff" * 10_000_001],
    ids=["bomb", "warned of", "more than a photo has", "heavy"],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_read(sent):
    with pytest.raises(PhotoTooBig):
        photos.keep(sent)


@pytest.mark.django_db
def test_only_who_may_edit_goods_gives_them_a_photo(media):
    farm = make.farm()
    product = make.product(farm)

    with pytest.raises(Forbidden):
        actions.set_photo(product_id=product.pk, sent=picture(), actor=make.manager(make.hub()), now=make.NOW)
    nothing = stored(media)
    actions.set_photo(product_id=product.pk, sent=picture(), actor=make.manager(farm), now=make.NOW)

    product.refresh_from_db()
    assert (nothing, product.picture in stored(media)) == ([], True)


@pytest.fixture
def leek(client):
    """A product whose farm's manager is signed in."""
    farm = make.farm(slug="ferme-du-gue")
    anne = make.person(language="en")
    Role.objects.create(person=anne, enterprise=farm, name="manager")
    client.force_login(anne)
    client.cookies["django_language"] = "en"
    return make.product(farm, name="Poireaux")


def at(name, product):
    return reverse(f"catalogue:{name}", args=["ferme-du-gue", product.pk])


def send(client, product, content, name="photo.jpg"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(at("photo", product), {"photo": file})


@pytest.mark.django_db
def test_a_photo_is_sent_shown_and_served_for_good(client, leek):
    answer = send(client, leek, picture())

    leek.refresh_from_db()
    page = client.get(at("product", leek)).content.decode()
    served = client.get(f"/media/{leek.picture}")
    assert (answer.status_code, answer.url) == (303, at("product", leek))
    assert f'src="/media/{leek.picture}"' in page  # large
    assert f'src="/media/{leek.picture.replace("-480", "-120")}"' in page  # in the head
    assert (served.status_code, served["Content-Type"], served["X-Content-Type-Options"], served["Cache-Control"]) == (
        200,
        "image/webp",
        "nosniff",
        "public, max-age=31536000, immutable",
    )
    assert b"".join(served.streaming_content)[8:12] == b"WEBP"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (SVG, "not a photo we can read"),
        (b"\xff" * 10_000_001, "at most 10 MB and 40 megapixels"),
        (b"", "The submitted file is empty"),
    ],
)
def test_a_refused_photo_comes_back_in_words(client, leek, sent, words):
    answer = send(client, leek, sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Product.objects.get().picture == ""


@pytest.mark.django_db
def test_a_drawing_is_chosen_and_given_up(client, leek):
    chosen = client.post(at("drawing", leek), {"picture": "ui/drawings/leek.svg"})
    kept = Product.objects.get().picture
    wrong = client.post(at("drawing", leek), {"picture": "../../etc/passwd"})
    client.post(at("drawing", leek), {"picture": ""})

    assert (chosen.status_code, kept, wrong.status_code) == (303, "ui/drawings/leek.svg", 422)
    assert Product.objects.get().picture == ""


@pytest.mark.django_db
def test_another_farms_manager_changes_no_picture(client, leek):
    stranger = make.person()
    Role.objects.create(person=stranger, enterprise=make.farm("Autre"), name="manager")
    client.force_login(stranger)

    answers = [send(client, leek, picture()), client.post(at("drawing", leek), {"picture": "ui/drawings/leek.svg"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Product.objects.get().picture == ""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["secret-key", "../secret-key", "goods/ab/photo.svg", "goods/ab/%2e%2e/secret-key"])
def test_nothing_but_pictures_named_by_content_is_served(client, media, path):
    make.instance()
    (media / "secret-key").write_text("hush")
    (media / "goods/ab").mkdir(parents=True)
    (media / "goods/ab/photo.svg").write_bytes(SVG)

    assert client.get(f"/media/{path}").status_code == 404


def test_every_drawing_to_choose_is_there():
    missing = [one.path for one in drawings() if not (ROOT / "bocage/ui/static" / one.path).exists()]

    assert (missing, len(drawings()) > 90) == ([], True)
