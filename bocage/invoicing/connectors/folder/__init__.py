"""A folder on the server, from which a platform's own program (or a person) takes invoices, and where it answers.

    BOCAGE_VAR/einvoicing/<hub>/out/F2026-00042.pdf, .xml     what we hand in
    BOCAGE_VAR/einvoicing/<hub>/in/*.csv                      what became of it: number;code;moment;words

A file is complete from the first moment one sees it: it is written beside and then renamed.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from bocage.invoicing.connectors import Parcel, Told


class Connector:
    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings.VAR / "einvoicing"

    def hand_in(self, parcel: Parcel) -> str:
        """Write the PDF and its XML; the XML comes last, so that whoever sees it finds both."""
        out = self.root / parcel.seller / "out"
        out.mkdir(parents=True, exist_ok=True)
        for ending, content in (("pdf", parcel.pdf), ("xml", parcel.xml)):
            beside = out / f".{parcel.number}.{ending}"
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(out / f"{parcel.number}.{ending}")
        return f"{parcel.seller}/{parcel.number}"

    def statuses(self) -> Iterator[Told]:
        """Read all answers that lie there; a line that is not one is passed over."""
        for file in sorted(self.root.glob("*/in/*.csv")):
            with file.open(encoding="utf-8-sig", newline="") as text:
                for line in csv.reader(text, delimiter=";"):
                    if told := _told(file.parent.parent.name, line):
                        yield told


def _told(seller: str, line: list[str]) -> Told | None:
    try:
        number, code, moment, *words = line
        at = datetime.fromisoformat(moment)
        if not 200 <= int(code) <= 299 or at.tzinfo is None:
            return None
        return Told(seller=seller, number=number.strip(), code=int(code), at=at, said=" ".join(words).strip())
    except ValueError:
        return None
