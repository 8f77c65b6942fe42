"""Facts about invoices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentIssued:
    """An invoice or a credit note was issued. about: a reference such as 'order:R7K2'."""

    document_id: int
    seller_id: int
    number: str
    kind: str
    about: str
