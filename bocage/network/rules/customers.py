"""What a hub keeps of its customers: tags, and the file by which many are brought in at once."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bocage.commons import cells
from bocage.commons.refusals import Refused, gettext_noop

COLUMNS = ("email", "name", "phone", "code", "tags", "note", "member")
OTHER_NAMES = {
    "e-mail": "email", "mail": "email", "courriel": "email", "adresse e-mail": "email", "nom": "name",
    "téléphone": "phone", "telephone": "phone", "tel": "phone", "tél": "phone", "étiquettes": "tags",
    "etiquettes": "tags", "membre": "member", "remarque": "note",
}  # fmt: skip
LENGTHS = {"email": 254, "name": 120, "phone": 32, "code": 40, "note": 2000}
MOST_ROWS, MOST_TAGS, TAG_LENGTH = 50_000, 20, 40
TAGS_LENGTH = MOST_TAGS * (TAG_LENGTH + 1)  # all tags of a thing in one column, with commas
YES, NO = {"yes", "oui", "1", "x", "true", "vrai"}, {"", "no", "non", "0", "false", "faux"}
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """What a hub notes of a customer."""

    email: str
    name: str
    phone: str = ""
    code: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a file: the row as a spreadsheet counts them, the column, and a code of why."""

    row: int
    column: str
    why: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file read: each row with its number and what it says (only of the columns that are there), or what is wrong."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()
    wrong: tuple[Wrong, ...] = field(default=())


class EmailTaken(Refused):
    """A hub knows one guest by an address."""

    code = "network.email_taken"
    message = gettext_noop("%(email)s is already a customer of yours.")


class CodeTaken(Refused):
    """A code means one customer."""

    code = "network.code_taken"
    message = gettext_noop("The code %(customer_code)s belongs to another customer.")


class CustomerChanged(Refused):
    """Two people write of one customer: the second sees what the first wrote, and chooses. `theirs` by field."""

    code = "network.customer_changed"
    message = gettext_noop(
        "Somebody else changed this customer meanwhile, so nothing was saved. What they wrote stands below; save again to"
        " put yours instead."
    )

    def __init__(self, theirs: Mapping[str, object]):
        super().__init__()
        self.theirs = theirs


class FileHasMistakes(Refused):
    """A file is taken as a whole or not at all."""

    code = "network.file_has_mistakes"
    message = gettext_noop("Nothing was saved: %(count)s mistakes are left in the file.")


class NotText(Refused):
    """A file of customers is a table in plain text."""

    code = "network.not_text"
    message = gettext_noop("This is not a CSV file. In your spreadsheet, save it as CSV, then choose it again.")


def beside(wanted: CustomerDetails, seen: CustomerDetails, actual: CustomerDetails) -> CustomerDetails:
    """Return what is to be noted: what was changed since it was seen, on top of what others made of the rest.

    Raises CustomerChanged where both changed the same field to something else.
    """
    fields = [field.name for field in dataclasses.fields(CustomerDetails)]
    told = {name: (_even(wanted, name), _even(seen, name), _even(actual, name)) for name in fields}
    theirs = {name: now for name, (mine, was, now) in told.items() if mine != was and now not in (mine, was)}
    if theirs:
        raise CustomerChanged(theirs)
    kept = {name: getattr(actual, name) for name, (mine, was, _) in told.items() if mine == was}
    return replace(wanted, **kept)


def _even(details: CustomerDetails, name: str) -> object:
    """A field as it is compared: tags in any order, texts without what a form adds at their ends."""
    value = getattr(details, name)
    if isinstance(value, str):
        return value.strip().replace("\r\n", "\n")
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def tidy_tags(text: str) -> tuple[str, ...]:
    """Return the words of a list typed with commas: small letters, each once, in their order."""
    words = (" ".join(word.split()).casefold()[:TAG_LENGTH] for word in re.split(r"[,;|]", text))
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_TAGS]


def text_of(sent: bytes) -> str:
    """Return the text of a CSV file that was sent. Raises NotText."""
    try:
        return cells.decoded(sent)
    except cells.NotText:
        raise NotText() from None


def read_sheet(text: str) -> Sheet:
    """Read a table of customers: a head of column names, a row each; separated by comma, semicolon or tab.

    Every mistake is listed, with its row and column, before anything is saved.
    """
    head, _, _ = text.partition("\n")
    separator = max(";,\t", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        raise NotText() from None
    columns = tuple(_column(name) for name in lines[0]) if lines else ()
    if "email" not in columns:
        return Sheet(columns, wrong=(Wrong(1, "email", "missing_column"),))
    unknown = [Wrong(1, name, "unknown_column") for name in columns if name not in COLUMNS and name]
    filled = [(n, line) for n, line in enumerate(lines[1:], start=2) if any(cell.strip() for cell in line)]
    if len(filled) > MOST_ROWS:
        return Sheet(columns, wrong=(Wrong(MOST_ROWS + 2, "", "too_many_rows"),))
    rows = [(n, _said(columns, line)) for n, line in filled]
    wrong = [*unknown, *(one for n, said in rows for one in _mistakes(n, said)), *_twice(rows)]
    return Sheet(columns, tuple(rows), tuple(sorted(wrong, key=lambda one: (one.row, one.column))))


def _column(name: str) -> str:
    plain = " ".join(name.split()).casefold()
    return OTHER_NAMES.get(plain, plain)


def _said(columns: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    said = {
        name: cells.unguarded(cell.strip()) if name in COLUMNS else ""
        for name, cell in zip(columns, line, strict=False)
    }
    return {**said, "email": said.get("email", "").lower()}


def _mistakes(row: int, said: Mapping[str, str]) -> Iterable[Wrong]:
    email = said["email"]
    if not ADDRESS.fullmatch(email):
        yield Wrong(row, "email", "not_an_address" if email else "empty", email)
    for name, most in LENGTHS.items():
        if len(said.get(name, "")) > most:
            yield Wrong(row, name, "too_long", said[name][:40])
    member = said.get("member", "").casefold()
    if member not in YES and member not in NO:
        yield Wrong(row, "member", "yes_or_no", said["member"])


def _twice(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterable[Wrong]:
    for name in ("email", "code"):
        seen: dict[str, int] = {}
        for row, said in rows:
            value = said.get(name, "")
            if value and value in seen:
                yield Wrong(row, name, "twice", value)
            seen.setdefault(value, row)
