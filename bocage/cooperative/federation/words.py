"""How the sharing between instances is said to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

OTHERWISE = {
    "less": gettext_lazy("All turnovers 20 % lower"),
    "more": gettext_lazy("All turnovers 20 % higher"),
    "missing": gettext_lazy("The largest instance leaves"),
}
