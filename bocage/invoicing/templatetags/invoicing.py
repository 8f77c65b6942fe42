"""Words for what became of a document."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()
STATUSES = {  # of the French life cycle of electronic invoices
    200: gettext_lazy("handed in"),
    201: gettext_lazy("sent on"),
    202: gettext_lazy("received"),
    203: gettext_lazy("made available"),
    204: gettext_lazy("taken in hand"),
    205: gettext_lazy("approved"),
    206: gettext_lazy("approved in part"),
    207: gettext_lazy("in dispute"),
    208: gettext_lazy("suspended"),
    209: gettext_lazy("completed"),
    210: gettext_lazy("refused by the customer"),
    211: gettext_lazy("payment sent"),
    212: pgettext_lazy("invoice", "paid"),
    213: gettext_lazy("rejected by the platform"),
}
BAD = {207, 210, 213}


@register.filter
def status_words(code: int) -> str:
    """Return what a status of an e-invoicing platform says."""
    return str(STATUSES.get(code, code))


@register.filter
def status_tone(code: int) -> str:
    """Return the tone of a status' tag."""
    return "danger" if code in BAD else "good"
