"""What printed pages share: the two typefaces, as files that typst reads, and how a template becomes a PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

FONTS = [str(Path(__file__).resolve().parent / "paper_fonts")]


def printed(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return a tagged PDF of a typst template, which reads `data` as JSON: `json(bytes(sys.inputs.data))`."""
    return typst.compile(
        str(template), root=str(template.parent), font_paths=FONTS, ignore_system_fonts=True, format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_tags=True,
    )  # fmt: skip
