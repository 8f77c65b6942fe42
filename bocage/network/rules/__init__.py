"""Who may do what for whom: pure decisions over roles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from itertools import chain, count

from bocage.commons.refusals import Forbidden, Refused, gettext_noop


class Right(StrEnum):
    """Something that somebody may do for an enterprise."""

    MANAGE_ENTERPRISE = "manage_enterprise"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_CYCLES = "manage_cycles"
    MANAGE_ORDERS = "manage_orders"
    RECORD_PAYMENTS = "record_payments"
    SEE_ORDERS = "see_orders"
    PACK = "pack"
    ISSUE_INVOICES = "issue_invoices"
    SEE_BOOKS = "see_books"


RIGHTS_OF_ROLE: Mapping[str, frozenset[Right]] = {
    "manager": frozenset(Right),
    "volunteer": frozenset({Right.SEE_ORDERS, Right.PACK, Right.RECORD_PAYMENTS}),
    "bookkeeper": frozenset({Right.SEE_ORDERS, Right.RECORD_PAYMENTS, Right.ISSUE_INVOICES, Right.SEE_BOOKS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with their roles, a guest, or the system itself.

    `roles` maps enterprise id → role name. `label` is what records keep ('person:12', 'guest', 'system');
    `name` is what people read.
    """

    label: str
    name: str = ""
    person_id: int | None = None
    email: str = ""
    language: str = "fr"
    roles: Mapping[int, str] = field(default_factory=dict)
    is_steward: bool = False
    is_system: bool = False

    @property
    def is_visited(self) -> bool:
        """Return whether a steward acts in this person's place: what only oneself may do, such as voting, is not theirs."""
        return " by " in self.label

    def may(self, right: Right, *, on: int) -> bool:
        """Return whether this actor may do `right` for the enterprise `on`."""
        return self.is_system or self.is_steward or right in RIGHTS_OF_ROLE.get(self.roles.get(on, ""), frozenset())

    def require(self, right: Right, *, on: int) -> None:
        """Raise Forbidden unless this actor may do `right` for the enterprise `on`."""
        if not self.may(right, on=on):
            raise Forbidden(right=right.value)

    def called(self, name: str) -> Actor:
        """Return the same actor under a name that says more, for what people read."""
        return replace(self, name=name)

    def enterprises_with(self, right: Right) -> list[int]:
        """Return the ids of the enterprises for which this actor may do `right` by a role, ascending."""
        return sorted(eid for eid, role in self.roles.items() if right in RIGHTS_OF_ROLE.get(role, frozenset()))


GUEST = Actor(label="guest")
SYSTEM = Actor(label="system", name="Bocage", is_system=True)

ROLES = tuple(RIGHTS_OF_ROLE)
MOST_OWNED = 5
MOST_INVITED = 30  # at once, so that nobody mails a town in an enterprise's name
NOWHERE = "erased.invalid"  # where the addresses of forgotten people lead (RFC 2606: a domain that never is)
VISIT_LASTS = timedelta(hours=1)
INVITED_FOR = timedelta(days=14)
RESERVED = """
accounts admin api basket checkout commons farms help hub hubs i18n legal mail media new order orders pay sell shop source
static styleguide
"""
RESERVED_SLUGS = frozenset(re.findall(r"\S+", RESERVED))


class AlreadyFounded(Refused):
    """There is a platform already."""

    code = "network.already_founded"
    message = gettext_noop("This platform is founded already. Log in instead.")


class NotYours(Forbidden):
    """Only its owner decides this for an enterprise."""

    code = "network.owner_only"
    message = gettext_noop("Only the owner of this enterprise decides this.")


class OwnerStays(Refused):
    """The owner's role is not taken; the enterprise is handed over first."""

    code = "network.owner_stays"
    message = gettext_noop("The owner always manages the enterprise. Hand it over to somebody else first.")


class TooManyEnterprises(Refused):
    """A person owns as many enterprises as one may without asking."""

    code = "network.too_many_enterprises"
    message = gettext_noop("You already own %(most)s enterprises. Write to us if you need more.")


class UnconfirmedAddress(Refused):
    """An enterprise needs somebody who can be reached."""

    code = "network.unconfirmed_address"
    message = gettext_noop("Confirm your e-mail address first: the link is in the mail we sent you.")


class NobodyThere(Refused):
    """No account has confirmed this address."""

    code = "network.nobody_there"
    message = gettext_noop("Nobody has confirmed an account with this address yet. Ask them to sign up first.")


class AlreadyInTeam(Refused):
    """An invitation is for somebody who does not work there yet."""

    code = "network.already_in_team"
    message = gettext_noop("%(email)s already works for this enterprise.")


class TooManyInvitations(Refused):
    """An enterprise waits for so many people and no more."""

    code = "network.too_many_invitations"
    message = gettext_noop("%(most)s people have not answered yet. Withdraw some invitations first.")


class InvitationOver(Refused):
    """An invitation is answered once, within its time, unless it was withdrawn."""

    code = "network.invitation_over"
    message = gettext_noop("This invitation no longer holds. Ask whoever invited you for a new one.")


class NewOwnerManages(Refused):
    """An enterprise is handed over to one of its managers."""

    code = "network.new_owner_manages"
    message = gettext_noop("An enterprise is handed over to one of its managers, who has confirmed an address.")


class OwnsEnough(Refused):
    """The one to whom an enterprise is handed over owns as many as one may."""

    code = "network.owns_enough"
    message = gettext_noop("%(name)s already owns %(most)s enterprises.")


class StewardStill(Refused):
    """A steward is forgotten by themselves alone."""

    code = "network.steward_still"
    message = gettext_noop("Stewards close their own account themselves: nobody does it for them.")


class OwnsStill(Refused):
    """Who owns an enterprise hands it over before being forgotten."""

    code = "network.owns_still"
    message = gettext_noop("You own %(enterprise)s. Hand it over to somebody else first, in its team page.")


class NoVisitPossible(Refused):
    """A steward acts as people who are no stewards, with an open account, one at a time."""

    code = "network.no_visit_possible"
    message = gettext_noop("Nobody acts as a steward, as themselves, or as somebody whose account is closed.")


class ReasonMissing(Refused):
    """The person reads why somebody acted in their name."""

    code = "network.reason_missing"
    message = gettext_noop("Say why: the person reads it.")


class NotWhileVisiting(Forbidden):
    """Passwords, addresses and closing an account are for the person alone."""

    code = "network.not_while_visiting"
    message = gettext_noop("This page is for the person alone. Stop acting in their name first.")


class SlugTaken(Refused):
    """The wished address belongs to another enterprise or to a page of ours."""

    code = "network.slug_taken"
    message = gettext_noop("The address %(slug)s is already taken. Choose another one.")


class BadNumber(Refused):
    """A SIRET or an IBAN whose check digits do not add up."""

    code = "network.bad_number"
    message = gettext_noop("%(number)s is not a valid number: one of its digits seems mistyped.")


class BadHandle(Refused):
    """An Instagram name has letters, digits, dots and underscores."""

    code = "network.bad_handle"
    message = gettext_noop("%(handle)s is not an Instagram name. Write it without the address, such as la.ferme.")


class NoAgreementPossible(Refused):
    """An agreement binds a producer and a hub that sells the goods of others."""

    code = "network.no_agreement_possible"
    message = gettext_noop("A producer agrees with a hub that sells other producers' goods.")


def slug_for(name: str, taken: Collection[str]) -> str:
    """Return a free address made from a name: "Été & Fils" → "ete-fils"; a taken one gets the smallest free number ≥ 1."""
    base = slugified(name)[:40].strip("-") or "my-enterprise"
    used = RESERVED_SLUGS.union(taken)
    return next(slug for slug in chain([base], (f"{base}{n}" for n in count(1))) if slug not in used)


def slugified(name: str) -> str:
    """Return `name` in small plain letters and digits joined by hyphens; empty when nothing remains."""
    spelt = name.casefold().translate({ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("ł"): "l"})
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[a-z0-9]+", letters))


def robots(visibility: str) -> str:
    """Return the X-Robots-Tag header of an enterprise's pages: only public ones are for search engines."""
    return "all" if visibility == "public" else "noindex, nofollow"


def check_siret(number: str) -> None:
    """Refuse fourteen digits that fail Luhn's check (ISO/IEC 7812), as INSEE numbers establishments. Raises BadNumber."""
    doubled = (
        [int(digit) * (2 - place % 2) for place, digit in enumerate(number)] if re.fullmatch(r"\d{14}", number) else [1]
    )
    if sum(value - 9 * (value > 9) for value in doubled) % 10:
        raise BadNumber(number=number)


def check_iban(number: str) -> None:
    """Refuse an account number that fails the mod 97 check of ISO 13616. Raises BadNumber."""
    turned = number[4:] + number[:4]
    if (
        not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number)
        or int("".join(str(int(c, 36)) for c in turned)) % 97 != 1
    ):
        raise BadNumber(number=number)


def bare_address(text: str) -> str:
    """Return a web address without protocol and trailing slash: "https://www.facebook.com/ferme/" → "facebook.com/ferme"."""
    return re.sub(r"^(?:https?:/+)?(?:www\.)?", "", text.strip(), flags=re.IGNORECASE).rstrip("/")


def instagram_name(text: str) -> str:
    """Return the bare name of an account, from a name or the address of its page. Raises BadHandle."""
    name = re.sub(r"^(?:instagram\.com/)?@?", "", bare_address(text).lower().partition("?")[0]).rstrip("/")
    if name and not re.fullmatch(r"[a-z0-9._]{1,30}", name):
        raise BadHandle(handle=text.strip())
    return name
