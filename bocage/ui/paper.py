"""What printed pages share: the two typefaces, as files that typst reads."""

from pathlib import Path

FONTS = [str(Path(__file__).resolve().parent / "paper_fonts")]
