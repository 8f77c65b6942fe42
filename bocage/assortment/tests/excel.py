"""Workbooks as Excel writes them, cell by cell in its own XML (ECMA-376, part 1, §18), for what libraries do not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}"/></Types>'
)
DAY, PERCENT, QUOTED = 1, 2, 3  # places in these styles
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="10" applyNumberFormat="1"/><xf numFmtId="49" quotePrefix="1"/></cellXfs>'
)


class Book:
    """A workbook in the making; texts go to its table of shared strings, each once."""

    def __init__(self, *, starts_1904: bool = False, is_strict: bool = False):
        self.starts_1904, self.is_strict = starts_1904, is_strict
        self.strings: list[str] = []

    def text(self, words: str, style: int = 0) -> str:
        return self.shared(f'<t xml:space="preserve">{escape(words)}</t>', style)

    def runs(self, *words: str) -> str:
        """Return a text of which parts look different, with a reading aid that is not part of it."""
        parts = [f'<r><rPr><b/><sz val="11"/></rPr><t xml:space="preserve">{escape(one)}</t></r>' for one in words]
        return self.shared("".join(parts) + '<rPh sb="0" eb="1"><t>aide</t></rPh><phoneticPr fontId="1"/>')

    def shared(self, item: str, style: int = 0) -> str:
        if item not in self.strings:
            self.strings.append(item)
        return f'<c{{at}} s="{style}" t="s"><v>{self.strings.index(item)}</v></c>'

    def file(
        self,
        *rows: Sequence[str],
        tail: str = "",
        after: str = "",
        columns: str = "",
        hidden_rows: Sequence[int] = (),
        cover: bool = False,
    ) -> bytes:
        """Return the file. `tail`: more rows as XML; `after`: what follows the rows; `cover`: a sheet before, hidden."""
        written = []
        for number, row in enumerate(rows, 1):
            cells = "".join(one.replace("{at}", f' r="{chr(65 + at)}{number}"') for at, one in enumerate(row))
            hidden = ' hidden="1"' if number in hidden_rows else ""
            written.append(f'<row r="{number}" spans="1:{len(row)}"{hidden}>{cells}</row>')
        space = STRICT if self.is_strict else MAIN
        links = STRICT_LINKS if self.is_strict else LINKS
        sheet = (
            f'{HEADER}<worksheet xmlns="{space}" xmlns:r="{links}"><dimension ref="A1:XFD1048576"/>'
            f'<sheetViews><sheetView workbookViewId="0"/></sheetViews>{columns}'
            f"<sheetData>{''.join(written)}{tail}</sheetData>{after}</worksheet>"
        )
        items = "".join(f"<si>{item}</si>" for item in self.strings)
        epoch = '<workbookPr date1904="1"/>' if self.starts_1904 else "<workbookPr/>"
        # Excel numbers files by when a sheet was made, not by where it stands
        sheets = '<sheet name="Produits" sheetId="1" r:id="rId2"/>'
        if cover:
            sheets = '<sheet name="Notes" sheetId="2" state="hidden" r:id="rId1"/>' + sheets
        targets = ("worksheets/sheet1.xml", "worksheets/sheet2.xml", "styles.xml", "sharedStrings.xml")
        kinds = ("worksheet", "worksheet", "styles", "sharedStrings")
        parts = {
            "[Content_Types].xml": HEADER + TYPES,
            "_rels/.rels": _links(links, [("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": (
                f'{HEADER}<workbook xmlns="{space}" xmlns:r="{links}">{epoch}<sheets>{sheets}</sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": _links(links, zip(kinds, targets, strict=True)),
            "xl/styles.xml": f'{HEADER}<styleSheet xmlns="{space}">{STYLES}</styleSheet>',
            "xl/sharedStrings.xml": f'{HEADER}<sst xmlns="{space}">{items}</sst>',
            "xl/worksheets/sheet2.xml": sheet,
        }
        if cover:
            parts["xl/worksheets/sheet1.xml"] = (
                f'{HEADER}<worksheet xmlns="{space}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Notes</t></is></c>'
                '<c r="H2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
            )
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in parts.items():
                packed.writestr(name, content)
        return data.getvalue()


def _links(space: str, targets: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{space}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def number(value: str, style: int = 0) -> str:
    return f'<c{{at}} s="{style}"><v>{value}</v></c>'


def yes(value: bool) -> str:
    return f'<c{{at}} t="b"><v>{int(value)}</v></c>'


def error(code: str) -> str:
    return f'<c{{at}} t="e"><v>{code}</v></c>'


def formula(said: str, kept: str, kind: str = "") -> str:
    """Return a cell that computes, with what it last came to; `kind`: "str", "b", "e", or "" for a number."""
    sort = f' t="{kind}"' if kind else ""
    return f"<c{{at}}{sort}><f>{escape(said)}</f><v>{escape(kept)}</v></c>"


def inline(words: str) -> str:
    return f'<c{{at}} t="inlineStr"><is><t>{escape(words)}</t></is></c>'


EMPTY = '<c{at} s="1"/>'
