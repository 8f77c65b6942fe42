"""How the sharing between instances is said to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

OTHERWISE = {
    "less": gettext_lazy("All turnovers 20 % lower"),
    "more": gettext_lazy("All turnovers 20 % higher"),
    "missing": gettext_lazy("The largest instance leaves"),
}
CHOICES = {
    "for": pgettext_lazy("vote", "For"),
    "against": pgettext_lazy("vote", "Against"),
    "abstain": pgettext_lazy("vote", "Abstains"),
}
STATES = {
    "discussion": pgettext_lazy("proposal", "in discussion"),
    "open": pgettext_lazy("proposal", "open to votes"),
    "adopted": pgettext_lazy("proposal", "adopted"),
    "rejected": pgettext_lazy("proposal", "rejected"),
}
