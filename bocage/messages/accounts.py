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


class AccountAdapter(NetworkAccounts):
    """Write allauth's mails as our own: in the reader's language, in our layout, sent by the worker."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = allauth.request
        instance = getattr(request, "instance", None)
        person = context.get("user")
        language = getattr(person, "language", "") or translation.get_language() or "fr"
        site = SimpleNamespace(name=instance.name if instance else "Bocage", domain=request.get_host())
        with translation.override(language):
            mail = self.render_mail(
                template_prefix, email, {"request": request, "email": email, "current_site": site, **context}
            )
        actions.send_ready(
            to_email=email,
            to_name=getattr(person, "name", ""),
            language=language,
            template=template_prefix,
            about=f"account:{uuid.uuid4()}",
            subject=mail.subject,
            text=str(mail.body),
            now=getattr(request, "now", None) or clock.now(),
            instance=instance,
        )

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: who writes is said by the sender's name."""
        return subject
