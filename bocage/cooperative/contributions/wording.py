"""Contributions in words: plans, states, why a line does not count, kind steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PLANS = {"p1": _("1 % of the online turnover"), "free": _("A free amount")}
STATES = {
    "live": (_("running"), "info"),
    "proposed": (_("proposed"), "attention"),
    "closed": (pgettext_lazy("statement", "closed"), "shut"),
    "invoiced": (_("to be paid"), "attention"),
    "partly_paid": (_("partly paid"), "attention"),
    "paid": (pgettext_lazy("statement", "paid"), "good"),
    "credited": (_("taken back"), "shut"),
}
KINDS = {
    "sale": pgettext_lazy("statement line", "Sale"),
    "change": pgettext_lazy("statement line", "Changed afterwards"),
    "rest": pgettext_lazy("statement line", "Sales of the month"),
}
WHY = {
    "backoffice": _("Noted by your team, not sold online"),
    "cancelled": _("Cancelled before the hand-over"),
    "test": _("A test order"),
    "resale": _("Bought by another shop of the platform: counted there"),
    "trial": _("In your trial months"),
    "contested": _("You asked about it: left off until we answer"),
}
STEPS = {
    "friendly": _("friendly note"),
    "second": _("second note, with instalments"),
    "call": _("somebody calls"),
    "letter": _("letter of the members’ committee"),
}
