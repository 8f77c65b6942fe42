"""How the accounts are said to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from bocage.ledger.words import COMMONS as CATEGORIES

__all__ = ["CATEGORIES", "GROWTHS", "KINDS", "SOURCES"]

SOURCES = {
    "contribution": gettext_lazy("the shops that sell here"),
    "service": gettext_lazy("whoever took training or paid help"),
    "gap": gettext_lazy("grants, gifts, prizes and membership fees"),
    "reserve": gettext_lazy("what was laid by before"),
}
KINDS = {
    "cost": pgettext_lazy("booking", "Cost"),
    "income": pgettext_lazy("booking", "Income"),
    "funds": pgettext_lazy("booking", "Capital or loan"),
    "reserve": pgettext_lazy("booking", "To the reserve"),
}
GROWTHS = {
    "low": pgettext_lazy("growth", "slow"),
    "central": pgettext_lazy("growth", "as expected"),
    "high": pgettext_lazy("growth", "fast"),
}
