"""Stripe as a provider: payment intents, direct charges on the hub's connected account.

A charge is paid on our card page, whose card fields are Stripe's own (`payments/card.html`): the number never comes to
us. Strong authentication happens there too. Amounts are whole minor units, as ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import stripe
from django.conf import settings

from bocage.commons.money import Money
from bocage.payments.providers import signatures
from bocage.payments.rules import (
    ENDED,
    OPEN,
    REFUND,
    SUCCEEDED,
    Ask,
    CardSeen,
    Connected,
    Connecting,
    Forged,
    ProviderDown,
    SavedRef,
    Seen,
    Told,
)

_STATES = {"succeeded": SUCCEEDED, "canceled": ENDED}
_REFUND_STATES = {"succeeded": SUCCEEDED, "failed": ENDED, "canceled": ENDED}
Row = Mapping[str, Any]
_AROUND = timedelta(minutes=10)
MOST_PAGES = 20


class Stripe:
    """Speaks to Stripe by the platform's key (BOCAGE_STRIPE_SECRET_KEY) in the name of a hub's account."""

    name = "stripe"
    on_own_page = False

    def is_ready(self) -> bool:
        return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_PUBLISHABLE_KEY and settings.STRIPE_WEBHOOK_SECRET)

    def connect(self, wish: Connecting) -> Connected:
        account = wish.account or self._open_account(wish)
        asked = {
            "account": account, "type": "account_onboarding", "return_url": wish.back_url, "refresh_url": wish.back_url,
        }  # fmt: skip
        link = _asked(lambda client: client.account_links.create(asked))
        return Connected(account, self.can_charge(account), page=link["url"])

    def can_charge(self, account: str) -> bool:
        return bool(_asked(lambda client: client.accounts.retrieve(account)).get("charges_enabled"))

    def start(self, ask: Ask) -> Seen:
        try:
            return _seen(self._create(ask))
        except stripe.InvalidRequestError as error:
            return Seen(ENDED, reason=_said(error))

    def charge_saved(self, ask: Ask) -> Seen:
        if ask.saved is None:
            return Seen(ENDED, reason="no card")
        try:
            intent = self._charge(ask, ask.saved)
        except stripe.InvalidRequestError as error:
            return Seen(ENDED, reason=_said(error))
        if intent is None:
            return Seen(ENDED, reason="declined")
        return _seen(intent) if intent["status"] in _STATES else self._let_go(ask, intent)

    def refund(self, ask: Ask) -> Seen:
        known = self.look(ask, REFUND)
        if known is not None:
            return known
        wanted = {"payment_intent": ask.of, "amount": ask.amount.minor, "metadata": {"key": ask.key}}
        try:
            return _refund_seen(_asked(lambda client: client.refunds.create(wanted, _options(ask, write=True))))
        except stripe.InvalidRequestError as error:
            return Seen(ENDED, reason=_said(error))

    def look(self, ask: Ask, kind: str) -> Seen | None:
        if kind == REFUND:
            found = self._find_refund(ask)
            return _refund_seen(found) if found is not None else None
        found = self._find(ask)
        return _seen(found) if found is not None else None

    def stop(self, ask: Ask) -> Seen:
        found = self._find(ask)
        if found is None:
            return Seen(ENDED, reason="unknown to Stripe")
        if found["status"] in _STATES:
            return _seen(found)
        try:
            return _seen(_asked(lambda client: client.payment_intents.cancel(found["id"], {}, _options(ask))))
        except stripe.InvalidRequestError:  # it moved meanwhile: what is true now counts
            return _seen(_asked(lambda client: client.payment_intents.retrieve(found["id"], {}, _options(ask))))

    def read_event(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Told:
        signatures.check(body, headers.get("Stripe-Signature", ""), settings.STRIPE_WEBHOOK_SECRET, now)
        try:
            said = json.loads(body)
            thing: Mapping[str, Any] = said["data"]["object"]
            told = Told(said["id"], said["type"], _key_of(thing), thing.get("id", ""))
            if said["type"] in ("payment_intent.succeeded", "payment_intent.canceled", "payment_intent.payment_failed"):
                return replace(told, seen=_seen(thing))
            if said["type"] == "account.updated":
                return replace(told, account=thing["id"], can_charge=bool(thing.get("charges_enabled")))
            if said["type"] == "account.application.deauthorized":
                return replace(told, account=str(said.get("account", "")), can_charge=False)
            if said["type"].startswith("refund.") or said["type"] == "charge.refund.updated":
                return replace(told, seen=_refund_seen(thing))
            return told
        except (ValueError, KeyError, TypeError) as error:
            raise Forged from error

    def _open_account(self, wish: Connecting) -> str:
        asked = {
            "type": "standard", "email": wish.email, "country": wish.country,
            "business_profile": {"name": wish.name}, "metadata": {"hub": str(wish.hub_id)},
        }  # fmt: skip
        options = {"idempotency_key": f"account-of-hub-{wish.hub_id}"}
        return str(_asked(lambda client: client.accounts.create(asked, options))["id"])

    def _create(self, ask: Ask) -> Row:
        wanted = _wanted(ask)
        if ask.keep_card:
            asked = {"email": ask.email, "metadata": {"key": ask.key}}
            options = {**_options(ask), "idempotency_key": f"{ask.key}-holder"}
            holder = _asked(lambda client: client.customers.create(asked, options))
            wanted |= {"customer": holder["id"]} | _unless_local(setup_future_usage="off_session")
        return _asked(lambda client: client.payment_intents.create(wanted, _options(ask, write=True)))

    def _charge(self, ask: Ask, saved: SavedRef) -> Row | None:
        wanted = _wanted(ask) | {
            "customer": saved.holder, "payment_method": saved.card, "confirm": True, "off_session": True,
        }  # fmt: skip
        try:
            return _asked(lambda client: client.payment_intents.create(wanted, _options(ask, write=True)))
        except stripe.CardError:  # refused, or the bank wants the holder: Stripe keeps the intent all the same
            return self._find(ask)

    def _let_go(self, ask: Ask, intent: Row) -> Seen:
        """End an off-session charge that did not go through at once: its holder pays by a link instead."""
        wants_holder = intent["status"] == "requires_action"
        error = intent.get("last_payment_error") or {}
        reason = "authentication_required" if wants_holder else error.get("code") or "declined"
        seen = self.stop(replace(ask, handle=intent["id"]))
        return seen if seen.state == SUCCEEDED else replace(seen, reason=str(reason))

    def _find(self, ask: Ask) -> Row | None:
        """Return the intent by its handle; without one, look for its key among those made around that time."""
        if ask.handle:
            return _asked(lambda client: client.payment_intents.retrieve(ask.handle, {}, _options(ask)))
        around = {"gte": int((ask.made_at - _AROUND).timestamp()), "lte": int((ask.made_at + _AROUND).timestamp())}
        return _first(lambda client: client.payment_intents, _unless_local(created=around), ask)

    def _find_refund(self, ask: Ask) -> Row | None:
        return _first(lambda client: client.refunds, {"payment_intent": ask.of}, ask)


def _client() -> Any:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API},
        http_client=stripe.RequestsClient(timeout=20),
        max_network_retries=0,
    )


def _options(ask: Ask, *, write: bool = False) -> dict[str, Any]:
    options: dict[str, Any] = {"stripe_account": ask.account} if ask.account else {}
    return options | ({"idempotency_key": ask.key} if write else {})


def _wanted(ask: Ask) -> dict[str, Any]:
    return {
        "amount": ask.amount.minor,
        "currency": ask.amount.currency.lower(),
        "metadata": {"key": ask.key},
        "payment_method_types": ["card"],
        **_unless_local(description=ask.label),
    }


def _unless_local(**params: Any) -> dict[str, Any]:
    """Leave out what localstripe, the stand-in of tests, does not know."""
    return params if settings.STRIPE_API == "https://api.stripe.com" else {}


def _asked(call: Callable[[Any], Any]) -> Row:
    """Return the answer as plain values; raise ProviderDown when it is unknown whether anything happened.

    What Stripe understood and refused is raised as it is: CardError, InvalidRequestError.
    """
    try:
        answer: Row = call(_client().v1).to_dict()
        return answer
    except (stripe.CardError, stripe.InvalidRequestError):
        raise
    except stripe.StripeError as error:
        raise ProviderDown(_said(error)) from error


def _first(place: Callable[[Any], Any], params: dict[str, Any], ask: Ask) -> Row | None:
    """Return the first of all things listed at a place with the attempt's key, or None."""
    after: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        asked = {"limit": 100, **params, **after}
        page = _asked(lambda client, asked=asked: place(client).list(asked, _options(ask)))  # type: ignore[misc]
        for thing in page["data"]:
            if _key_of(thing) == ask.key:
                return dict(thing)
        if not page["has_more"]:
            return None
        after = {"starting_after": page["data"][-1]["id"]}
    raise ProviderDown("too many to look through")


def _key_of(thing: Row) -> str:
    return str((thing.get("metadata") or {}).get("key", ""))


def _seen(intent: Row) -> Seen:
    state = _STATES.get(intent["status"], OPEN)
    error = intent.get("last_payment_error") or {}
    return Seen(
        state=state,
        handle=intent["id"],
        amount=Money(int(intent["amount"]), str(intent["currency"]).upper()),
        page=intent.get("client_secret", "") if state == OPEN else "",
        reason=str(error.get("code") or intent.get("cancellation_reason") or ""),
        card=_card(intent) if state == SUCCEEDED else None,
    )


def _card(intent: Row) -> CardSeen | None:
    """The saved card of an intent that was to keep it; what it looks like comes from the charge."""
    method, holder = intent.get("payment_method"), intent.get("customer")
    if not method or not holder or not isinstance(method, str):
        return None
    charge = intent.get("latest_charge")
    card = (charge.get("payment_method_details") or {}).get("card") if isinstance(charge, Mapping) else None
    seen: Mapping[str, Any] = card or {}
    expires = f"{seen['exp_year']}-{seen['exp_month']:02d}" if seen.get("exp_year") else ""
    return CardSeen(str(holder), method, str(seen.get("brand", "")), str(seen.get("last4", "")), expires)


def _refund_seen(refund: Row) -> Seen:
    return Seen(
        state=_REFUND_STATES.get(refund["status"], OPEN),
        handle=refund["id"],
        amount=Money(int(refund["amount"]), str(refund["currency"]).upper()),
        reason=str(refund.get("failure_reason") or ""),
    )


def _said(error: stripe.StripeError) -> str:
    return str(error.user_message or error.code or error)[:200]
