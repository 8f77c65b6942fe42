from datetime import UTC, datetime
from typing import Any

from bocage.messages import actions
from bocage.messages.models import Message

NOW = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)


def message(**wanted: Any) -> Message:
    """Write a mail (the ready kind) and return its row."""
    given: dict[str, Any] = {
        "to_email": "lea@exemple.example",
        "to_name": "Léa Morin",
        "language": "fr",
        "template": "tests/mail",
        "about": "event:1",
        "subject": "Votre panier est prêt",
        "text": "Venez avant 19 h.\n",
        "now": NOW,
        **wanted,
    }
    return Message.objects.get(id=actions.send_ready(**given))
