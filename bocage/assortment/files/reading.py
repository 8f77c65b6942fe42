"""Reading a spreadsheet, whatever program wrote it: rows of plain text, and what cannot be text, named by row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from posixpath import normpath
from typing import Any
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from bocage.assortment.rules.sheet import YES_OR_NO, column_of, is_unread
from bocage.commons import cells
from bocage.commons.refusals import Refused, gettext_noop

MOST_BYTES = 20_000_000
MOST_UNPACKED = 400_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
DELIMITERS = ";,\t|"
GARBLED = re.compile("Ã[\u0080-\u00bf©¨ª§´»¯®¢¼¹€]|â€™|ï¿½|\ufffd")
SEPARATOR = re.compile(
    r"\ufeff?\"?sep=([;,\t|])\"?\r?\n", re.IGNORECASE
)  # how a CSV file tells Excel what parts its cells
# a cell of a worksheet that computes, and one that holds an error; other programs put a prefix before the names
COMPUTED = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f[\s/>]")
BROKEN = re.compile(rb"<(?:\w+:)?c\b([^>]*\st=\"e\"[^>]*)>")
PLACE = re.compile(rb"\sr=\"([A-Z]{1,3})(\d{1,7})\"")
LINK = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class NotATable(Refused):
    """The file is none that we read."""

    code = "assortment.not_a_table"
    message = gettext_noop("This is no table we can read. Send a CSV, XLSX or ODS file without a password.")


class FileTooBig(Refused):
    """More than anybody's range of goods needs."""

    code = "assortment.file_too_big"
    message = gettext_noop("This file is too big: at most %(megabytes)s MB and %(rows)s rows. Send it in parts.")

    def __init__(self) -> None:
        super().__init__(megabytes=MOST_BYTES // 1_000_000, rows=MOST_ROWS)


class WrongEncoding(Refused):
    """The letters with accents were damaged before the file came here."""

    code = "assortment.wrong_encoding"
    message = gettext_noop(
        "The accents of this file are damaged (line %(line)s: %(text)s). Save it again as CSV UTF-8."
    )


class BrokenQuotes(Refused):
    """The quotes of a CSV file do not add up."""

    code = "assortment.broken_quotes"
    message = gettext_noop(
        "From line %(line)s on this file cannot be read: a quotation mark is missing or one too many."
    )


class NoRows(Refused):
    """A file with headings at most."""

    code = "assortment.no_rows"
    message = gettext_noop("There is no row of goods in this file.")


class NoHeadings(Refused):
    """No row in which we know the headings."""

    code = "assortment.no_headings"
    message = gettext_noop("The first row must say what each column is: Producer, Product, Size, Unit, Price …")


class HeadingTwice(Refused):
    """Two columns that mean the same."""

    code = "assortment.heading_twice"
    message = gettext_noop("Two columns mean the same: %(first)s and %(second)s. Delete one.")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row: its number in the file, its texts by column, and what is wrong with single cells as (column, code)."""

    line: int
    cells: dict[str, str]
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Sheet:
    """A table that was read: which column stands where, headings that we do not know, and the rows to come."""

    positions: dict[str, int]
    unknown: list[str]
    rows: Iterator[ReadRow] = field(repr=False)


def read(data: bytes) -> Sheet:
    """Return what a file says. Raises a refusal in words for a file that says nothing; its rows may raise one too."""
    if len(data) > MOST_BYTES:
        raise FileTooBig
    is_workbook = data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    lines, faults = _workbook(data) if is_workbook else (_csv(data), {})
    positions: dict[str, int] | None = None
    unknown: list[str] = []
    for _, values in lines:
        if any(_text(value) for value in values):
            positions, unknown = _headings(values)
            break
    if positions is None:
        raise NoRows
    return Sheet(positions, unknown, _rows(lines, positions, faults, is_workbook))


def _rows(
    lines: Iterator[tuple[int, list[Any]]],
    positions: dict[str, int],
    faults: dict[tuple[int, int], str],
    is_workbook: bool,
) -> Iterator[ReadRow]:
    count = 0
    for line, values in lines:
        cells, wrong = {}, []
        for key, place in positions.items():
            value = values[place] if place < len(values) else None
            cells[key] = _text(value)
            fault = faults.get((line, place)) or _fault(key, value, is_workbook)
            if fault and not is_unread(key):
                wrong.append((key, fault))
        if not any(cells.values()) and not wrong:
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileTooBig
        yield ReadRow(line, cells, tuple(wrong))
    if not count:
        raise NoRows


def _headings(values: list[Any]) -> tuple[dict[str, int], list[str]]:
    positions: dict[str, int] = {}
    unknown = []
    for place, value in enumerate(values[:MOST_COLUMNS]):
        text = _text(value)
        key = column_of(text)
        if key in positions:
            raise HeadingTwice(first=_text(values[positions[key]]), second=text)
        if key:
            positions[key] = place
        elif text:
            unknown.append(text[:40])
    if not {"name", "id"} & positions.keys():
        raise NoHeadings
    return positions, unknown


def _text(value: Any) -> str:
    """Return a cell as somebody would have typed it: a number without an idle .0, a day as 2026-03-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, (date, datetime, time, timedelta)):
        return str(value)
    return cells.unguarded(" ".join(str(value).replace("\u00a0", " ").split(" ")).strip())


def _fault(key: str, value: Any, is_workbook: bool) -> str:
    if isinstance(value, (date, datetime, time, timedelta)):
        return "is_a_date"
    if isinstance(value, bool) and key not in YES_OR_NO:
        return "is_yes_or_no"
    if isinstance(value, str) and not is_workbook and value.startswith("=") and len(value) > 1:
        return "is_a_formula"
    if isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper() and key in ("price", "units"):
        return "is_a_formula"
    return ""


# ── CSV ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _csv(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(data)
    damaged = GARBLED.search(text)
    if damaged:
        line = text.count("\n", 0, damaged.start()) + 1
        raise WrongEncoding(line=line, text=text[max(0, damaged.start() - 8) : damaged.end() + 8].strip())
    told = SEPARATOR.match(text)
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = told[1] if told else max(DELIMITERS, key=outside.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _csv_lines(reader, skips_first=told is not None)


def _csv_lines(reader: Any, *, skips_first: bool) -> Iterator[tuple[int, list[Any]]]:
    line = 1
    try:
        for values in reader:
            if line > 1 or not skips_first:
                yield line, values
            line = reader.line_num + 1
    except csv.Error:
        raise BrokenQuotes(line=line) from None


def _decoded(data: bytes) -> str:
    try:
        return cells.decoded(data)
    except cells.NotText:
        raise NotATable from None


# ── XLSX, ODS ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _workbook(data: bytes) -> tuple[Iterator[tuple[int, list[Any]]], dict[tuple[int, int], str]]:
    faults: dict[tuple[int, int], str] = {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = _first_sheet(book)
        if data[:2] == b"PK":
            faults = _faults(data, sheet.name)
        merged = sheet.merged_cell_ranges or []
    except (CalamineError, PasswordError, ZipError, zipfile.BadZipFile, ElementTree.ParseError, ValueError, KeyError):
        raise NotATable from None
    if sheet.total_height > 4 * MOST_ROWS:
        raise FileTooBig
    for (top, left), (bottom, right) in merged:
        faults |= {
            (row + 1, column): "is_merged"
            for row in range(top, min(bottom, top + MOST_ROWS) + 1)
            for column in range(left, min(right, MOST_COLUMNS) + 1)
        }
    above, before = sheet.start or (0, 0)
    return _sheet_lines(sheet.to_python(), above, before), faults


def _first_sheet(book: CalamineWorkbook) -> CalamineSheet:
    """Return the first sheet on which something stands and that people see; one they hid if there is no other."""
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
    sheet = next((s for s in (book.get_sheet_by_name(one.name) for one in sheets) if s.height), None)
    if sheet is None:
        raise NoRows
    return sheet


def _sheet_lines(rows: list[list[Any]], above: int, before: int) -> Iterator[tuple[int, list[Any]]]:
    rows.reverse()
    line = above
    while rows:  # each row is let go as it is read
        line += 1
        yield line, [None] * before + rows.pop()


def _faults(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return where a sheet of a workbook computes or is broken instead of saying, by row from 1 and column from 0.

    For ODS also where cells are merged, which its reader does not tell.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
            raise FileTooBig
        if "content.xml" in packed.namelist():
            content = packed.read("content.xml")
            return _ods_faults(content) if b"table:formula=" in content or b"-spanned=" in content else {}
        content = packed.read(_part_of(packed, sheet))
    found: dict[tuple[int, int], str] = {}
    for code, cells_of in (("is_an_error", BROKEN), ("is_a_formula", COMPUTED)):
        for match in cells_of.finditer(content):
            if place := PLACE.search(match[1]):
                found[int(place[2]), _position(place[1].decode())] = code
    return found


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the file in which a sheet is kept: they are numbered as they were made, not as they stand."""
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in links.iter(LINK)}
    for one in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet") and one.get("name") == sheet:
            link = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            return normpath(f"xl/{targets[link]}") if targets[link][:1] != "/" else targets[link][1:]
    raise KeyError(sheet)


def _ods_faults(content: bytes) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    line = 1
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("end",)):
        if element.tag == f"{TABLE}table-row":
            column = 0
            for cell in element:
                times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
                if cell.get(f"{TABLE}formula"):
                    found[line, column] = "is_a_formula"
                elif cell.tag == f"{TABLE}covered-table-cell" or _spans(cell):
                    found |= {(line, place): "is_merged" for place in range(column, min(column + times, MOST_COLUMNS))}
                column += times
            line += int(element.get(f"{TABLE}number-rows-repeated", "1"))
            element.clear()
        elif element.tag == f"{TABLE}table" and event == "end":
            break
    return found


def _spans(cell: ElementTree.Element) -> bool:
    return any(int(cell.get(f"{TABLE}number-{way}-spanned", "1")) > 1 for way in ("columns", "rows"))


def _position(letters: str) -> int:
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - ord("A") + 1
    return number - 1
