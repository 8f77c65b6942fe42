"""A PDF/A-3 that says of itself that it is a Factur-X file.

typst writes PDF/A-3, attaches the XML with its relationship, tags the text; but what the file's metadata (XMP) hold is its
own business, and Factur-X wants four properties there, with their schema. So the metadata are replaced by an incremental
update as ISO 32000-1 §7.5.6 describes it: a second version of that one object is added at the end, with a cross-reference
to it; PDF/A-3 allows it (ISO 19005-3 §6.1.3 note), and not one byte of what typst wrote is touched.
"""

from __future__ import annotations

import re

NAME = "factur-x.xml"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)
SAID = (
    f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}"><fx:DocumentType>INVOICE</fx:DocumentType>'
    f"<fx:DocumentFileName>{NAME}</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
    "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"
)
SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>"
    + "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        for name, words in PROPERTIES
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)


def declare(pdf: bytes) -> bytes:
    """Return a PDF of typst whose metadata say that it is a Factur-X file of profile EN 16931."""
    head, start, size, before = _metadata(pdf)
    bag = pdf.index(b"<pdfaExtension:schemas><rdf:Bag>", start) + len(b"<pdfaExtension:schemas><rdf:Bag>")
    close = pdf.index(b"</rdf:RDF>", bag)
    xmp = b"".join((pdf[start:bag], SCHEMA.encode(), pdf[bag:close], SAID.encode(), pdf[close : start + size]))
    at = len(pdf) + 1
    added = b"\n%s 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%s\nendstream\nendobj\n" % (
        head,
        len(xmp),
        xmp,
    )
    trailer = pdf[pdf.rindex(b"trailer\n<<") + len(b"trailer\n<<") : pdf.rindex(b">>\nstartxref")]
    table = b"xref\n%s 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        head, at, trailer, before, len(pdf) + len(added),
    )  # fmt: skip
    return pdf + added + table


def _metadata(pdf: bytes) -> tuple[bytes, int, int, int]:
    """Return the metadata's object number, where its text starts, how long it is; and where the table of objects is."""
    found = re.search(rb"\n(\d+) 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n", pdf)
    table = re.search(rb"startxref\n(\d+)\n%%EOF\s*\Z", pdf[-64:])
    if found is None or table is None:
        raise ValueError("not written as typst writes PDF/A-3: its metadata are elsewhere")
    return found[1], found.end(), int(found[2]), int(table[1])
