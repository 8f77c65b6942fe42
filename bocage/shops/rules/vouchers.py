"""When a voucher counts, and how to say that it does not. Pure: no Django, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.commons.money import Money
from bocage.commons.refusals import Refused, gettext_noop
from bocage.pricing.discounts import voucher_fee
from bocage.pricing.rules import MILLION, Fee

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_USES = 1_000_000


@dataclass(frozen=True, slots=True)
class VoucherTerms:
    """A voucher as a hub sets it: an amount in minor units or a percentage in millionths off, and its limits.

    `expires_at`: the first moment at which it no longer counts, None never. `most_uses`, `most_per_customer`: None is
    without limit. `note` is the hub's own.
    """

    code: str
    amount_minor: int = 0
    percent_millionths: int = 0
    minimum_minor: int = 0
    expires_at: datetime | None = None
    most_uses: int | None = 1
    most_per_customer: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A voucher at this moment: its terms, and how often it is used."""

    id: int
    hub_id: int
    terms: VoucherTerms
    uses: int
    is_ended: bool

    @property
    def fee(self) -> Fee:
        """Return what it takes off, as an order keeps it."""
        terms = self.terms
        return voucher_fee(
            code=terms.code,
            hub_id=self.hub_id,
            amount_minor=terms.amount_minor,
            percent_millionths=terms.percent_millionths,
            minimum_minor=terms.minimum_minor,
        )

    def has_expired(self, at: datetime) -> bool:
        return self.terms.expires_at is not None and at >= self.terms.expires_at

    @property
    def is_used_up(self) -> bool:
        return self.terms.most_uses is not None and self.uses >= self.terms.most_uses


class VoucherNotKnown(Refused):
    code = "shops.voucher_not_known"
    message = gettext_noop("This hub has no voucher “%(code)s”. Look at each letter again.")


class VoucherEnded(Refused):
    code = "shops.voucher_ended"
    message = gettext_noop("The hub no longer accepts the voucher “%(code)s”.")


class VoucherExpired(Refused):
    code = "shops.voucher_expired"
    message = gettext_noop("The voucher “%(code)s” has expired.")


class VoucherUsedUp(Refused):
    code = "shops.voucher_used_up"
    message = gettext_noop("The voucher “%(code)s” has already been used as often as it may be.")


class VoucherUsedByThem(Refused):
    code = "shops.voucher_used_by_them"
    message = gettext_noop("You have already used the voucher “%(code)s” as often as one person may.")


class VoucherNeedsMore(Refused):
    code = "shops.voucher_needs_more"
    message = gettext_noop("The voucher “%(code)s” counts from %(minimum)s of products on.")


class CodeNotReadable(Refused):
    code = "shops.voucher_code"
    message = gettext_noop("A code is made of 3 to 24 letters and digits, with hyphens if you like.")


class CodeTaken(Refused):
    code = "shops.voucher_code_taken"
    message = gettext_noop("You have had a voucher “%(code)s” before. Choose another code.")


class VoucherIsWorth(Refused):
    code = "shops.voucher_worth"
    message = gettext_noop("A voucher takes off either an amount or a percentage, at most all of it.")


class VoucherLimitAbsurd(Refused):
    code = "shops.voucher_limit"
    message = gettext_noop("A limit is a whole number of at least one; leave it empty for none.")


class VoucherAlreadyOver(Refused):
    code = "shops.voucher_over"
    message = gettext_noop("The last day of a voucher is not in the past.")


def tidy_code(typed: str) -> str:
    """Return a code as it is kept and looked up: capitals, no blanks; the shopper may write it as they like."""
    return "".join(typed.split()).upper()


def check_voucher(terms: VoucherTerms, now: datetime) -> None:
    """Refuse a voucher that could not be used. Raises CodeNotReadable, VoucherIsWorth and what stands beside them."""
    letters = terms.code.replace("-", "")
    if not (3 <= len(terms.code) <= 24 and letters.isalnum()):
        raise CodeNotReadable()
    amount, percent = terms.amount_minor, terms.percent_millionths
    if bool(amount) == bool(percent) or amount < 0 or not 0 <= percent <= MILLION or terms.minimum_minor < 0:
        raise VoucherIsWorth()
    if any(most is not None and not 1 <= most <= MOST_USES for most in (terms.most_uses, terms.most_per_customer)):
        raise VoucherLimitAbsurd()
    if terms.expires_at is not None and terms.expires_at <= now:
        raise VoucherAlreadyOver()


def check_usable(found: Standing | None, *, code: str, at: datetime) -> Standing:
    """Return a voucher that counts now. Raises VoucherNotKnown, VoucherEnded, VoucherExpired, VoucherUsedUp."""
    if found is None:
        raise VoucherNotKnown(code=code)
    if found.is_ended:
        raise VoucherEnded(code=code)
    if found.has_expired(at):
        raise VoucherExpired(code=code)
    if found.is_used_up:
        raise VoucherUsedUp(code=code)
    return found


def check_share(terms: VoucherTerms, *, used: int) -> None:
    """Refuse a customer who has `used` a voucher as often as one may. Raises VoucherUsedByThem."""
    if terms.most_per_customer is not None and used >= terms.most_per_customer:
        raise VoucherUsedByThem(code=terms.code)


def check_minimum(fee: Fee, goods: Money) -> None:
    """Refuse a voucher for too few products. Raises VoucherNeedsMore."""
    if goods.minor < fee.threshold_minor:
        raise VoucherNeedsMore(code=fee.name, minimum=Money(fee.threshold_minor, goods.currency))
