"""Cards that a person lets hubs charge: to see, and to take back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.network.requests import HubRequest
from bocage.payments import actions as payments
from bocage.payments.queries.attempts import my_cards
from bocage.ui.pages import go, page


@login_required
@require_safe
def cards(request: HubRequest) -> HttpResponse:
    """List the cards that the signed-in person lets hubs charge."""
    return page(request, "orders/shopper/cards.html", cards=my_cards(actor=request.actor))


@login_required
@require_POST
def take_back(request: HubRequest, card_id: int) -> HttpResponse:
    """Let a hub no longer charge a card."""
    payments.take_back_card(card_id=card_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Taken back: this card is no longer charged."))
    return go(request, reverse("orders:cards"))
