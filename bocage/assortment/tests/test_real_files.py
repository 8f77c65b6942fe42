"""Files that programs wrote (`spreadsheets/README.md` says which): every one says the same, and the same is wrong."""

from fractions import Fraction
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.assortment.files.reading import read
from bocage.assortment.models import Import
from bocage.assortment.tests import make
from bocage.catalogue.models import Variant

HERE = Path(__file__).parent / "spreadsheets"
WORKBOOKS = ["libreoffice.ods", "libreoffice.xlsx", "like-excel.xlsx"]
TEXTS = ["libreoffice-cp1252.csv", "libreoffice-utf8.csv", "like-excel-sep.csv", "like-excel-bom.csv"]


def faults(name):
    return {(row.line, *fault) for row in read((HERE / name).read_bytes()).rows for fault in row.wrong}


def send(client, name):
    sent = SimpleUploadedFile(name, (HERE / name).read_bytes())
    client.post(reverse("assortment:files", args=["ferme-du-gue"]), {"file": sent, "mode": "products"})
    return Import.objects.latest("id")


@pytest.fixture
def farm(client, db):
    found = make.farm("Ferme du Gué", slug="ferme-du-gue")
    make.category()
    make.signed_in(client, found)
    return found


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_says_where_it_computes_is_merged_or_is_a_date(name):
    assert faults(name) == {
        (4, "price", "is_a_formula"),
        (5, "price", "is_a_date"),
        (6, "name", "is_merged"),
        (7, "name", "is_merged"),
    }


def test_an_old_workbook_says_it_too_but_for_formulas():
    assert faults("libreoffice.xls") == {(5, "price", "is_a_date"), (6, "name", "is_merged"), (7, "name", "is_merged")}


@pytest.mark.parametrize("name", [*WORKBOOKS, *TEXTS])
def test_good_rows_are_written_exactly_and_the_others_are_said(client, farm, name):
    read_file = send(client, name)
    client.post(reverse("assortment:apply", args=["ferme-du-gue", read_file.pk]))

    kept = {(v.product.name, v.size, v.measure, v.price_minor) for v in Variant.objects.select_related("product")}
    sirop = ("Sirop d’érable; « sans œuf »", Fraction("283.5"), "oz", 123450)
    leeks = ("Poireaux « Bleu de Solaize »", 800, "kg", 240)
    if name in WORKBOOKS:
        assert (kept, read_file.counts) == ({leeks, sirop}, {"new": 2, "refused": 4})
    else:  # a text has lost its formulas and merged cells: what is missing is missing
        turnips, carrots = ("Navets", 500, "g", 480), ("Carottes", 1000, "kg", 200)
        assert (kept, read_file.counts) == ({leeks, sirop, turnips, carrots}, {"new": 4, "refused": 2})


@pytest.mark.parametrize("name", TEXTS)
def test_lines_are_counted_as_the_program_shows_them(name):
    first = 3 if "sep" in name else 2

    assert [row.line for row in read((HERE / name).read_bytes()).rows] == list(range(first, first + 6))
