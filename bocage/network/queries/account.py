"""A person's own account: what we know of them, all of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from bocage.commons.refusals import Forbidden
from bocage.network.models import Consent, Customer, Person, Role
from bocage.network.queries.customers import saved_addresses
from bocage.network.rules import Actor

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody's account page shows."""

    email: str
    name: str
    phone: str
    language: str
    has_password: bool
    has_totp: bool
    passkeys: int
    claimable: int


def has_second_factor(person_id: int) -> bool:
    """Return whether this person proves themselves by more than a password."""
    return Authenticator.objects.filter(user_id=person_id, type__in=SECOND_FACTORS).exists()


def account(*, actor: Actor) -> Account:
    """Return the actor's own account, in four queries. Raises Forbidden for guests.

    `claimable`: how many guest records were made with their confirmed addresses and are not theirs yet.
    """
    person = _own(actor)
    factors = list(Authenticator.objects.filter(user_id=person.id).values_list("type", flat=True))
    confirmed = [address["email"].lower() for address in _addresses(person.id) if address["is_confirmed"]]
    return Account(
        email=person.email,
        name=person.name,
        phone=person.phone,
        language=person.language,
        has_password=person.has_usable_password(),
        has_totp=Authenticator.Type.TOTP in factors,
        passkeys=factors.count(Authenticator.Type.WEBAUTHN),
        claimable=Customer.objects.filter(person__isnull=True, email__in=confirmed).count(),
    )


def my_data(*, actor: Actor) -> dict[str, Any]:
    """Return everything this app keeps about the actor, ready for JSON (GDPR, article 20). Raises Forbidden for guests."""
    person = _own(actor)
    own = {"person_id": person.id}
    customers = Customer.objects.filter(**own).select_related("hub").order_by("id")
    consents = Consent.objects.filter(**own).select_related("text__enterprise", "text__instance").order_by("id")
    roles = Role.objects.filter(**own).select_related("enterprise").order_by("id")
    return {
        "person": {
            "email": person.email,
            "name": person.name,
            "phone": person.phone,
            "language": person.language,
            "joined_at": person.date_joined.isoformat(),
            "last_login_at": person.last_login.isoformat() if person.last_login else None,
        },
        "email_addresses": _addresses(person.id),
        "saved_addresses": [asdict(row) for row in saved_addresses(actor=actor)],
        "customer_records": [_customer(row) for row in customers],
        "consents": [_consent(row) for row in consents],
        "roles": [{"enterprise": row.enterprise.name, "role": row.name, "is_contact": row.is_contact} for row in roles],
    }


def _own(actor: Actor) -> Person:
    person = Person.objects.filter(id=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise Forbidden()
    return person


def _addresses(person_id: int) -> list[dict[str, Any]]:
    rows = EmailAddress.objects.filter(user_id=person_id).order_by("id").values_list("email", "verified", "primary")
    return [{"email": email, "is_confirmed": verified, "is_primary": primary} for email, verified, primary in rows]


def _customer(row: Customer) -> dict[str, Any]:
    said = {"email": row.email, "name": row.name, "phone": row.phone, "code": row.code, "note": row.note}
    return {"hub": row.hub.name, **said, "is_member": row.is_member, "created_at": row.created_at.isoformat()}


def _consent(row: Consent) -> dict[str, Any]:
    whose = row.text.enterprise.name if row.text.enterprise else row.text.instance.name
    return {"whose": whose, "text": row.text.title, "version": row.text.version, "given_at": row.given_at.isoformat()}
