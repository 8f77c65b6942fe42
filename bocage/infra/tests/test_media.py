"""Stored pictures are swept away once nothing has shown them for two days."""

from datetime import timedelta
from pathlib import Path

import pytest

from bocage.catalogue.models import Category
from bocage.catalogue.tests import make
from bocage.infra import media
from bocage.infra.models import Leftover

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
A, B = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def store(folder, stem, kind="goods"):
    for size in (480, 120):
        path = folder / kind / stem[:2] / f"{stem}-{size}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    return f"{kind}/{stem[:2]}/{stem}-480.webp"


def stored(folder):
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def both(stem):
    return [f"{stem}-120.webp", f"{stem}-480.webp"]


def shown(picture):
    return Category.objects.create(slug=f"x{Category.objects.count()}", name_fr="X", name_en="X", picture=picture)


def test_a_replaced_picture_goes_two_days_after_and_what_is_shown_stays(folder, now):
    category = shown(store(folder, A))
    media.sweep(now=now)
    category.picture = store(folder, B)
    category.save()

    counted = [media.sweep(now=now + shift * DAY) for shift in (1, 2, 3)]

    assert (counted, stored(folder)) == ([0, 0, 2], both(B))
    assert not Leftover.objects.exists()


def test_a_picture_that_is_shown_again_meanwhile_stays_for_good(folder, now):
    category = shown(store(folder, A))
    category.picture = "ui/drawings/leek.svg"
    category.save()
    media.sweep(now=now)
    shown(store(folder, A))

    counted = [media.sweep(now=now + shift * DAY) for shift in (1, 2, 9)]

    assert (counted, stored(folder)) == ([0, 0, 0], both(A))


def test_pictures_of_every_table_count_and_what_is_not_named_by_content_is_left_alone(folder, now):
    farm = make.farm()
    farm.picture = store(folder, A, kind="places")
    farm.save()
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_text("keep")
    (folder / "mine.txt").write_text("keep")

    media.sweep(now=now)
    media.sweep(now=now + 9 * DAY)

    assert stored(folder) == [*both(A), "mine.txt", "mine.txt"]


def test_a_machine_without_any_upload_has_nothing_to_sweep(settings, tmp_path, now):
    settings.MEDIA_ROOT = tmp_path / "not-there"

    assert media.sweep(now=now) == 0
