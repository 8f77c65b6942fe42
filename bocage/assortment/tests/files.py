"""Spreadsheets as people's programs write them: bytes made by the libraries that write them, or by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from bocage.assortment.files import writing

HEAD = ["producer", "name", "display_name", "category", "units", "unit_type", "variant_unit_name", "price", "on_hand",
        "on_demand", "sku", "tax_category", "shipping_category"]  # fmt: skip
LEEKS = ["Ferme du Gué", "Poireaux", "", "Légumes", "800", "g", "", "2,40", "12", "", "", "", "Default"]


def csv(*rows: Sequence[str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def xlsx(*rows: Sequence[Any], merged: str = "", formula: str = "") -> bytes:
    """Return a workbook as Excel writes it; `formula` is a cell that computes, `merged` a range."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Produits")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, place, value, day)
                else:
                    sheet.write(line, place, value)
        if formula:
            sheet.write_formula(formula, "=1+1.5", value=2.5)
        if merged:
            sheet.merge_range(merged, rows[1][1])
    return file.getvalue()


def ods(*rows: Sequence[Any], formula_in: str = "") -> bytes:
    """Return an OpenDocument table; the row that contains the text `formula_in` gets a price that computes."""
    file = io.BytesIO()
    writing.write("ods", file, title="Produits", headings=rows[0], rows=rows[1:], language="fr")
    if not formula_in:
        return file.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "content.xml":
                content = content.replace(
                    f'office:value="{formula_in}"'.encode(),
                    f'table:formula="of:=[.A1]*2" office:value="{formula_in}"'.encode(),
                )
            new.writestr(name, content)
    return changed.getvalue()
