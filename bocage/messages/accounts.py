"""The mails of accounts (confirm an address, recover a password …) go the way of all others."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from allauth.core import context as allauth
from django.utils import translation

from bocage.infra import clock
from bocage.messages import actions
from bocage.network.accounts import AccountAdapter as NetworkAccounts

OWN_WORDS = {  # allauth's mail → our template, and which of its values is the link
    "account/email/email_confirmation": ("messages/account/confirm", "activate_url"),
    "account/email/email_confirmation_signup": ("messages/account/confirm", "activate_url"),
    "account/email/password_reset_key": ("messages/account/reset", "password_reset_url"),
}


class AccountAdapter(NetworkAccounts):
    """Write allauth's mails as our own: in the reader's language, in our layout, sent by the worker."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request, person = allauth.request, context.get("user")
        instance = getattr(request, "instance", None)
        common: dict[str, Any] = {
            "to_email": email,
            "to_name": getattr(person, "name", ""),
            "language": getattr(person, "language", "") or translation.get_language() or "fr",
            "about": f"account:{uuid.uuid4()}",
            "now": getattr(request, "now", None) or clock.now(),
            "instance": instance,
        }
        template, link = OWN_WORDS.get(template_prefix, ("", ""))
        if template and link in context:
            words = {"name": common["to_name"] or email, "url": context[link]}
            actions.send(template=template, context=words, **common)
        else:
            mail = self._as_allauth_says(template_prefix, email, context, common["language"])
            actions.send_ready(template=template_prefix, subject=mail.subject, text=str(mail.body), **common)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: who writes is said by the sender's name."""
        return subject

    def _as_allauth_says(self, template_prefix: str, email: str, context: dict[str, Any], language: str) -> Any:
        request = allauth.request
        instance = getattr(request, "instance", None)
        name = instance.name if instance else "Bocage"
        site = SimpleNamespace(name=name, domain=name)
        values = {"request": request, "email": email, "current_site": site, **context}
        with translation.override(language):
            return self.render_mail(template_prefix, email, values)
