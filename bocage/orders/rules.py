"""What an order costs and what it posts: pure arithmetic over lines and charges."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bocage.commons.measures import Exact
from bocage.commons.money import Money, total
from bocage.commons.refusals import Refused, gettext_noop
from bocage.ledger.rules import AccountKey
from bocage.pricing.discounts import KIND as VOUCHER
from bocage.pricing.discounts import take_off
from bocage.pricing.rules import (
    Calculator,
    Charged,
    Fee,
    Goods,
    PricedLine,
    Sums,
    Tax,
    add_to,
    charge_order,
    price_line,
)
from bocage.pricing.vat import SAME_EVERYWHERE, Handed, RateTable

MAX_QUANTITY = 999


class OrderCycleClosed(Refused):
    code = "orders.cycle_closed"
    message = gettext_noop("This sale has closed, so nothing was ordered. Your basket is kept.")


class OrderCycleNotOpen(Refused):
    code = "orders.cycle_not_open"
    message = gettext_noop("This sale is not open yet. Your basket is kept until it opens.")


class TotalChanged(Refused):
    """The price moved between showing and confirming."""

    code = "orders.total_changed"
    message = gettext_noop(
        "The total has changed from %(shown)s to %(actual)s since you saw it, so nothing was ordered. Look at it again."
    )


class SaleNotForYou(Refused):
    """A hub keeps some of its sales for some of its customers."""

    code = "orders.sale_not_for_you"
    message = gettext_noop("This order cycle is kept for other customers of the hub. Your basket is kept.")


class NotOffered(Refused):
    code = "orders.not_offered"
    message = gettext_noop("No longer offered in this sale: %(products)s. The rest of your basket is kept.")


class NothingOrdered(Refused):
    code = "orders.empty"
    message = gettext_noop("There is nothing in the basket.")


class LastLine(Refused):
    code = "orders.last_line"
    message = gettext_noop("An order holds at least one product. To take everything out, cancel the order.")


class AbsurdQuantity(Refused):
    code = "orders.quantity"
    message = gettext_noop("A quantity is a whole number from 1 to 999.")


class MethodWithdrawn(Refused):
    code = "orders.method_withdrawn"
    message = gettext_noop(
        "This way to pick up, deliver or pay is no longer offered. Choose another; your basket is kept."
    )


class NotDeliveredThere(Refused):
    code = "orders.not_delivered_there"
    message = gettext_noop("The hub does not deliver to %(postcode)s. Choose a pickup point or another address.")


class AddressMissing(Refused):
    code = "orders.address_missing"
    message = gettext_noop("For a delivery we need street, postcode and town.")


class GuestsNotAllowed(Refused):
    code = "orders.no_guests"
    message = gettext_noop("This hub takes orders from people with an account. Log in or sign up; your basket is kept.")


class MembersOnly(Refused):
    code = "orders.members_only"
    message = gettext_noop("Only members of this group can order here. Ask the group to add you.")
    status = 403


class ChangesNotAllowed(Refused):
    code = "orders.changes_not_allowed"
    message = gettext_noop("This order can no longer be changed here. Write to the hub: they may still help.")


class AlreadyCancelled(Refused):
    code = "orders.cancelled"
    message = gettext_noop("This order is cancelled. Resume it first.")


class NotCancelled(Refused):
    code = "orders.not_cancelled"
    message = gettext_noop("This order is not cancelled, so there is nothing to resume.")


class NotWeighed(Refused):
    code = "orders.not_weighed"
    message = gettext_noop("%(product)s is not sold by its final weight.")


class AbsurdWeight(Refused):
    code = "orders.weight"
    message = gettext_noop("A final weight is between 1 g and ten times what was ordered.")


class AbsurdPrice(Refused):
    code = "orders.price"
    message = gettext_noop("A price is from 0 to 100,000.")


class HubEditsAlone(Refused):
    """A hub keeps the lines of its orders to itself."""

    code = "orders.hub_edits_alone"
    message = gettext_noop("%(hub)s changes its orders itself, so nothing was saved. Write to them: they can.")
    status = 403


class HubSetsPrices(Refused):
    code = "orders.hub_sets_prices"
    message = gettext_noop("%(hub)s changes prices itself, so nothing was saved. Write to them: they can.")
    status = 403


class HubAddsAlone(Refused):
    code = "orders.hub_adds_alone"
    message = gettext_noop("%(hub)s adds and takes out goods itself, so nothing was saved. Write to them: they can.")
    status = 403


class ChangedMeanwhile(Refused):
    """A line is no longer as it was shown to who changes it: they see what it is now, and choose."""

    code = "orders.changed_meanwhile"
    message = gettext_noop("Somebody else changed this meanwhile: %(lines)s. Look at it, then save again if you wish.")


class LineGone(Refused):
    code = "orders.line_gone"
    message = gettext_noop("This line is no longer in the order: somebody took it out.")


class BelowNothing(Refused):
    code = "orders.below_nothing"
    message = gettext_noop("With its discounts this order would come to less than nothing, so nothing was changed.")


class AbsurdAdjustment(Refused):
    code = "orders.adjustment"
    message = gettext_noop("A discount or an extra has a label, and an amount of more than nothing up to 100,000.")


class TakenBackAlready(Refused):
    code = "orders.taken_back_already"
    message = gettext_noop("“%(label)s” is taken back already.")


class WayNotOffered(Refused):
    """A way to hand over or to pay that the order's sale does not have."""

    code = "orders.way_not_offered"
    message = gettext_noop("This sale does not offer that. Choose another way.")


class HasVoucher(Refused):
    code = "orders.has_voucher"
    message = gettext_noop("This order has the voucher “%(code)s” already: one is all an order can have.")


class AbsurdBatch(Refused):
    code = "orders.batch"
    message = gettext_noop("A batch is more than nothing, such as 25 kg.")


class NothingDue(Refused):
    code = "orders.nothing_due"
    message = gettext_noop("Nothing is due for this order any more.")


class IsCancelled(Refused):
    code = "orders.is_cancelled"
    message = gettext_noop("This order is cancelled.")


class InvoicedAlready(Refused):
    code = "orders.invoiced_already"
    message = gettext_noop("Invoice %(number)s says the same already.")


class NothingInMonth(Refused):
    code = "orders.nothing_in_month"
    message = gettext_noop("Nothing was handed over in that month that is not invoiced already.")


class TooManyOrders(Refused):
    code = "orders.too_many"
    message = gettext_noop("At most %(most)s orders at a time. Narrow down what you look for.")


class NoOrders(Refused):
    code = "orders.none_chosen"
    message = gettext_noop("Tick the orders that are meant, or choose all that were found.")


class NoLines(Refused):
    code = "orders.no_lines"
    message = gettext_noop("Tick the lines that are meant.")


class TooManyLines(Refused):
    code = "orders.too_many_lines"
    message = gettext_noop("At most %(most)s lines at a time.")


class FilterNameMissing(Refused):
    code = "orders.filter_name"
    message = gettext_noop("Give what you look for a name.")


class TooManyFilters(Refused):
    code = "orders.too_many_filters"
    message = gettext_noop("%(most)s kept filters are enough. Forget one first.")


class AwaitsPayment(Refused):
    code = "orders.awaits_payment"
    message = gettext_noop("This order waits for its payment. Once it is paid it can be changed.")


class NotAwaiting(Refused):
    code = "orders.not_awaiting"
    message = gettext_noop("This order no longer waits for a payment.")


class NotPaidOnline(Refused):
    code = "orders.not_paid_online"
    message = gettext_noop("Nothing was paid online for this order, so nothing can be given back that way.")


class AmountMissing(Refused):
    code = "orders.amount"
    message = gettext_noop("An amount is more than zero.")


class RefundTooLarge(Refused):
    code = "orders.refund_too_large"
    message = gettext_noop("At most %(most)s can be given back: that is what was received.")


class DebtChanged(Refused):
    """What is left to pay of earlier orders is not what was shown."""

    code = "orders.debt_changed"
    message = gettext_noop(
        "What is left to pay from last time is now %(left)s, so nothing was ordered. Look at it again."
    )


class PaidTwice(Refused):
    """More would be paid in advance than is to be paid."""

    code = "orders.paid_twice"
    message = gettext_noop("Credit and gift voucher come to more than there is to pay. Look at it again.")


class BearerNotKnown(Refused):
    code = "orders.bearer_not_known"
    message = gettext_noop("A credit is borne by you, or by a farm whose goods you sold.")


class FarmBearsForOrder(Refused):
    """Only then does a statement tell the farm what it gives back, and for what."""

    code = "orders.farm_bears_for_order"
    message = gettext_noop(
        "A farm bears a credit for an order with its goods. Give the order’s number, or bear it yourself."
    )


class CreditTooLarge(Refused):
    code = "orders.credit_too_large"
    message = gettext_noop("At most %(most)s: more than the order costs cannot be granted on it.")


@dataclass(frozen=True, slots=True)
class Item:
    """One line as it is priced: which variant of which producer, its goods, the fees it carries."""

    variant_id: int
    producer_id: int
    goods: Goods
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedLine:
    item: Item
    priced: PricedLine


@dataclass(frozen=True)
class Quote:
    """What a basket or an order costs: lines with their fees, charges of the whole order, one total. Sums are kept."""

    lines: tuple[QuotedLine, ...] = ()
    charges: tuple[Charged, ...] = ()
    currency: str = "EUR"

    @cached_property
    def goods_total(self) -> Money:
        """Return what the lines come to, fees included, before charges of the whole order."""
        return total((line.priced.total for line in self.lines), self.currency)

    @cached_property
    def total(self) -> Money:
        return self.goods_total + total((charge.total for charge in self.charges), self.currency)

    def taxes(self) -> list[tuple[Tax, Money, Money]]:
        """Return per VAT rate (rate, base without tax, tax), lowest rate first; what has no VAT is left out."""
        return [
            (Tax(*rate), Money(paid - tax, self.currency), Money(tax, self.currency))
            for rate, (paid, tax) in sorted(self.by_rate.items())
            if rate[0]
        ]

    @cached_property
    def by_rate(self) -> Sums:
        """Return what the buyer pays at each rate and the VAT in that, minor units."""
        sums: Sums = {}
        for line in self.lines:
            for rate, (paid, tax) in line.priced.by_rate.items():
                had = sums.get(rate, (0, 0))
                sums[rate] = (had[0] + paid, had[1] + tax)
        for charge in self.charges:
            add_to(sums, charge.rate, charge.amount, charge.tax)
        return sums

    @property
    def voucher(self) -> Fee | None:
        return next((charge.fee for charge in self.charges if charge.fee.kind == VOUCHER), None)

    @property
    def own_charges(self) -> tuple[Charged, ...]:
        """Return the charges without the voucher."""
        return tuple(charge for charge in self.charges if charge.fee.kind != VOUCHER)

    @cached_property
    def discount(self) -> Money:
        """Return what the voucher takes off, 0 or less."""
        return total((charge.total for charge in self.charges if charge.fee.kind == VOUCHER), self.currency)


def make_quote(
    items: Sequence[Item], order_fees: Iterable[Fee] = (), *, voucher: Fee | None = None, currency: str = "EUR"
) -> Quote:
    """Return what `items` cost with the order's fees and charges; a fee on a producer who sells nothing is left out.

    A voucher comes after everything else.
    """
    lines = tuple(QuotedLine(item, price_line(item.goods, item.fees)) for item in items)
    charges = []
    for fee in order_fees:
        covered = [item.goods for item in items if fee.only_producer_id in (None, item.producer_id)]
        if covered:
            charges.append(charge_order(fee, covered))
    quote = Quote(lines=lines, charges=tuple(charges), currency=currency)
    return quote if voucher is None else with_voucher(quote, voucher)


def with_voucher(quote: Quote, voucher: Fee) -> Quote:
    """Return a quote that has no voucher yet with what this one takes off, one charge per VAT rate."""
    off = take_off(voucher, goods=quote.goods_total, by_rate=quote.by_rate)
    return replace(quote, charges=(*quote.charges, *off))


def check_total(quote: Quote, shown: Money) -> None:
    """Refuse to place an order at another price than the shopper saw. Raises TotalChanged."""
    if quote.total != shown:
        raise TotalChanged(shown=shown, actual=quote.total)


def check_open(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse orders outside [opens_at, closes_at). Raises OrderCycleNotOpen, OrderCycleClosed."""
    if now < opens_at:
        raise OrderCycleNotOpen()
    if now >= closes_at:
        raise OrderCycleClosed()


def check_quantities(quantities: Iterable[int]) -> None:
    """Raise AbsurdQuantity unless each is a whole number from 1 to 999."""
    if any(type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY for quantity in quantities):
        raise AbsurdQuantity()


def changed_meanwhile(seen: Mapping[int, int], wanted: Mapping[int, int], actual: Mapping[int, int]) -> list[int]:
    """Return the variants that somebody else changed: they hold neither what was seen nor what is wanted.

    All three: variant id → units; what `actual` does not name is 0.
    """
    return [vid for vid, units in seen.items() if actual.get(vid, 0) not in (units, wanted.get(vid, units))]


def why_not(act: str, *, is_cancelled: bool, due: int) -> Refused | None:
    """Return why an act on many orders (pay, cancel, mail) leaves one out, or None. due: minor units."""
    if is_cancelled:
        return AlreadyCancelled() if act == "cancel" else IsCancelled()
    return NothingDue() if act == "pay" and due <= 0 else None


def check_weight(grams: int, *, ordered_g: Exact) -> None:
    """Raise AbsurdWeight unless a final weight is from 1 g to ten times what was ordered."""
    if not 1 <= grams <= 10 * ordered_g:
        raise AbsurdWeight()


SHOWN = {
    "hand_over": (
        "delivery_method_id", "delivery_street", "delivery_street2", "delivery_postcode", "delivery_town",
    ),
    "customer": ("customer_id", "name", "email", "phone"),
    "payment_way": ("payment_method_id",),
    "note": ("note",),
}  # fmt: skip


def mark_of(what: str, order: Any) -> str:
    """Return a short mark of what a page shows of an order (hand_over, customer, payment_way, note).

    It comes back with what somebody saves, and is held against the order as it is then.
    """
    shown = "\x1f".join(str(getattr(order, name)) for name in SHOWN[what])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Rates:
    """Every rate of VAT (`table`), and what each category of it is at home, by which what was frozen is taxed anew."""

    table: RateTable
    home: Mapping[int, Tax]

    def there(self, tax: Tax, at: Handed) -> Tax:
        """Return the rate that counts where and when goods are handed over for one that was frozen on an order."""
        if tax.category_id is None or self.table is SAME_EVERYWHERE:
            return tax
        return self.table.rate(self.home.get(tax.category_id, tax), place=at.place, day=at.day)

    def fee(self, fee: Fee, at: Handed) -> Fee:
        """Return a frozen fee with the VAT that counts there and then; one that inherits the line's stays so."""
        return fee if fee.tax is None else replace(fee, tax=self.there(fee.tax, at))

    def item(self, item: Item, at: Handed) -> Item:
        """Return a line as it is priced, with the VAT that counts there and then: of its goods and of the fees on it."""
        goods = replace(item.goods, tax=self.there(item.goods.tax, at))
        return replace(item, goods=goods, fees=tuple(self.fee(fee, at) for fee in item.fees))


ADJUSTMENT = "adjustment"
MOST_ADJUSTED = 10_000_000


def adjustment_fee(*, label: str, amount_minor: int, hub_id: int, tax: Tax) -> Fee:
    """Return the terms of a discount (< 0) or an extra (> 0) that a hub makes by hand. Raises AbsurdAdjustment."""
    label = label.strip()
    if not label or not 0 < abs(amount_minor) <= MOST_ADJUSTED:
        raise AbsurdAdjustment()
    return Fee(
        name=label[:120],
        calculator=Calculator.FLAT,
        payee_id=hub_id,
        kind=ADJUSTMENT,
        place=ADJUSTMENT,
        amount_minor=amount_minor,
        tax=tax,
    )


def check_price(minor: int) -> None:
    """Raise AbsurdPrice unless a price of one, in minor units, is from nothing to 100,000."""
    if not 0 <= minor <= 10_000_000:
        raise AbsurdPrice()


def quick_entry(text: str) -> tuple[int, str]:
    """Return how many of what somebody types in one go: '3 leeks', '3x leeks', '3 × leeks'; one where no number is."""
    match = re.fullmatch(r"\s*(\d{1,3})\s*[x×*]?\s+(\S.*)|\s*(\d{1,3})[x×*](\S.*)", text, re.DOTALL)
    if match is None:
        return 1, text.strip()
    quantity, what = match[1] or match[3], match[2] or match[4]
    return max(int(quantity), 1), what.strip()


def delivers_to(postcodes: str, postcode: str) -> bool:
    """Return whether a method whose `postcodes` are comma-separated beginnings (blank: all) reaches `postcode`."""
    beginnings = [beginning.strip() for beginning in postcodes.split(",") if beginning.strip()]
    return not beginnings or any(postcode.replace(" ", "").startswith(beginning) for beginning in beginnings)


def sale_postings(quote: Quote, *, customer_id: int) -> dict[AccountKey, int]:
    """Return how a sale stands in the hub's book, in minor units, debit > 0.

    The customer owes the total; each producer is credited its goods and each payee its fees, without VAT; VAT is
    credited per rate.
    """
    postings: dict[AccountKey, int] = defaultdict(int)
    postings[AccountKey("customer", f"customer:{customer_id}")] += quote.total.minor
    for line in quote.lines:
        postings[AccountKey("producer", f"producer:{line.item.producer_id}")] -= line.priced.goods_net.minor
        _credit_tax(postings, line.priced.rate, line.priced.goods_tax)
    for charge in (charge for line in quote.lines for charge in line.priced.charges):
        _credit_charge(postings, charge)
    for charge in quote.charges:
        _credit_charge(postings, charge)
    return {key: amount for key, amount in postings.items() if amount}


def _credit_charge(postings: dict[AccountKey, int], charge: Charged) -> None:
    postings[AccountKey("fees", f"{charge.fee.kind}:{charge.fee.payee_id}")] -= charge.net.minor
    _credit_tax(postings, charge.rate, charge.tax)


def _credit_tax(postings: dict[AccountKey, int], rate: Tax, tax: Money) -> None:
    if tax:
        postings[AccountKey("vat", f"vat:{rate.millionths}")] -= tax.minor


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where an order goes when it is brought to an address; blank for a pickup."""

    street: str = ""
    street2: str = ""
    postcode: str = ""
    town: str = ""


def check_address(address: Delivered) -> None:
    """Refuse to bring something nowhere. Raises AddressMissing."""
    if not (address.street and address.postcode and address.town):
        raise AddressMissing()


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who orders: how to call and reach them."""

    name: str
    email: str
    phone: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shopper's wishes: what, from whom, handed over and paid how. `key` is one per confirmation.

    `customer_id`: whose order it is, where a hub's manager chose among the hub's customers. `voucher`: its code.
    `channel`: one of Order.Channel; what a manager notes for somebody else is "backoffice" in any case.
    `credit_minor`, `gift_minor`: what is paid from the account and with the gift voucher of code `gift`; `debt_minor`: what
    is left of earlier orders and is paid with this one. All as they were shown.
    """

    key: str
    hub_id: int
    cycle_id: int
    quantities: dict[int, int]
    delivery_method_id: int
    payment_method_id: int
    buyer: Buyer
    address: Delivered = field(default_factory=Delivered)
    note: str = ""
    customer_id: int | None = None
    voucher: str = ""
    channel: str = "storefront"
    credit_minor: int = 0
    gift: str = ""
    gift_minor: int = 0
    debt_minor: int = 0

    @property
    def pays_stored(self) -> bool:
        """Return whether something besides the order's own price moves: credit, a gift voucher, a debt from before."""
        return bool(self.credit_minor or self.gift_minor or self.debt_minor)
