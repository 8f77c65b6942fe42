"""Writing a table as CSV, XLSX or ODS, row by row, so that memory does not grow with the rows.

No text can become a formula: XLSX and ODS say of each cell that it is text; in CSV an apostrophe goes before the sign
that would begin one. The ODS is written here (OpenDocument 1.3, part 3): the libraries for it that are kept hold the
whole document as a tree and took two minutes for 10,000 rows (docs/decisions).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape

import xlsxwriter

from bocage.commons.cells import guarded

Value = str | int | float | None
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": ODS_TYPE,
}
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write(
    kind: str, to: IO[bytes], *, title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], language: str
) -> None:
    """Write a table to an open file: `kind` is "csv", "xlsx" or "ods", the first row its headings."""
    {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[kind](to, title, headings, rows, language)


def _csv(to: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], language: str) -> None:
    """French spreadsheets expect semicolons and decimal commas, and all of them a mark that says UTF-8."""
    french = language.startswith("fr")
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";" if french else ",")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_csv_cell(value, french) for value in row])
    text.detach()


def _csv_cell(value: Value, french: bool) -> str:
    if isinstance(value, str):
        return guarded(value)
    text = "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if french else text


def _xlsx(to: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], language: str) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(to, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 16)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write_number(number, place, value)


def _ods(to: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], language: str) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        with packed.open("content.xml", "w", force_zip64=True) as content:
            name = escape(title, {'"': "&quot;"})
            content.write(
                f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
                f'<office:body><office:spreadsheet><table:table table:name="{name}">'
                f'<table:table-column table:number-columns-repeated="{len(headings)}"/>'.encode()
            )
            content.write(_ods_row(headings))
            for row in rows:
                content.write(_ods_row(row))
            content.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")


def _ods_row(values: Sequence[Value]) -> bytes:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>".encode()


def _ods_cell(value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        clean = "".join(c for c in value if c >= " " or c in "\t\n")
        return f'<table:table-cell office:value-type="string"><text:p>{escape(clean)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
