"""What a platform may begin with. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.commons.refusals import Refused, gettext_noop

ZONES = (
    "Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Zurich", "Europe/London", "Europe/Dublin",
    "Europe/Berlin", "Europe/Madrid", "Europe/Lisbon", "Europe/Rome", "America/Guadeloupe", "America/Martinique",
    "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea",
)  # fmt: skip


class WrongCode(Refused):
    """Not the code that the server printed when it started."""

    code = "web.wrong_code"
    message = gettext_noop("This is not the code that the server printed. Copy it once more, or run “bocage begin”.")


@dataclass(frozen=True, slots=True)
class UsualRate:
    """A rate of VAT that food or its delivery usually has in a country."""

    code: str
    millionths: int

    def named(self, language: str) -> str:
        """Return what people call it: "TVA 5,5 %", "VAT 5.5%"."""
        percent = f"{self.millionths / 10_000:g}"
        return f"TVA {percent.replace('.', ',')}\u00a0%" if language.startswith("fr") else f"VAT {percent}%"


# CGI, art. 278-0 bis, 278 bis, 278 (FR); arrêté royal n° 20 (BE); loi TVA, art. 39 (LU); LTVA, art. 25 (CH)
USUAL_RATES: dict[str, tuple[UsualRate, ...]] = {
    "FR": (UsualRate("reduced", 55_000), UsualRate("intermediate", 100_000), UsualRate("standard", 200_000)),
    "BE": (UsualRate("reduced", 60_000), UsualRate("intermediate", 120_000), UsualRate("standard", 210_000)),
    "LU": (UsualRate("super-reduced", 30_000), UsualRate("reduced", 80_000), UsualRate("standard", 170_000)),
    "CH": (UsualRate("reduced", 26_000), UsualRate("standard", 81_000)),
}
