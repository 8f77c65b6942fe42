"""How django-allauth meets our people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from bocage.network import actions
from bocage.network.rules import SYSTEM


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail; see `bocage.network.forms.SignupForm` for what is asked."""

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address; what was ordered as a guest with it is its holder's from now on."""
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            actions.claim_records(
                person_id=email_address.user_id,
                actor=SYSTEM,
                now=request.now,  # type: ignore[attr-defined]
            )
        return confirmed
