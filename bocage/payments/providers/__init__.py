"""The providers that move money for hubs: one folder each, all behind `rules.Provider`.

To add one: a folder with a class of that shape, and a line here.
"""

from __future__ import annotations

from bocage.payments.providers.demobank.provider import DemoBank
from bocage.payments.providers.stripe.provider import Stripe
from bocage.payments.rules import NotConnected, Provider

_ALL: dict[str, type[Provider]] = {"stripe": Stripe, "demobank": DemoBank}


def provider(name: str) -> Provider:
    """Return a provider by its name. Raises NotConnected for one that this platform has not, or cannot speak to."""
    found = _ALL[name]() if name in _ALL else None
    if found is None or not found.is_ready():
        raise NotConnected
    return found


def ready() -> list[str]:
    """Return the names of the providers that this platform can speak to."""
    return [name for name, made in _ALL.items() if made().is_ready()]
