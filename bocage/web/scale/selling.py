"""Orders in bulk: chosen at random, priced and posted by the rules of orders, written as rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import F, Model

from bocage.commons.measures import FINEST
from bocage.ledger.models import Account, Entry, Head, Posting
from bocage.ledger.rules import AccountKey, chain
from bocage.network.models import Customer
from bocage.order_cycles.queries.offers import Offer, offers
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.queries.choices import DeliveryChoice, delivery_choices
from bocage.orders.rules import Item, Quote, QuotedLine, sale_postings
from bocage.payments.models import Payment
from bocage.payments.rules import payment_postings
from bocage.pricing.rules import Charged, Fee, charge_order, price_line
from bocage.stock.models import Movement, StockItem
from bocage.web.scale.bulk import Bulk, chunk
from bocage.web.scale.ground import Cycle, Ground
from bocage.web.town.load import town

CHUNK = 2000  # orders per transaction
LINES = (
    (1, 4),
    (2, 9),
    (3, 12),
    (4, 15),
    (5, 20),
    (6, 15),
    (7, 12),
    (8, 9),
    (9, 4),
)  # how many, how often: 5 on average
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFS = len(LETTERS) ** 8
STRIDE = 415_411_847_141  # shares no factor with REFS, so that no two ids have one reference
ADDRESS = ("2, rue du Lavoir", "", "35980", "Malvran")

ORDER = ("id", "ref", "key", "state", "channel", "hub_id", "cycle_id", "customer_id", "name", "email", "phone",
         "language", "note", "delivery_method_id", "delivery_name", "delivery_street", "delivery_street2",
         "delivery_postcode", "delivery_town", "hand_over_from", "hand_over_to", "payment_method_id", "currency",
         "total_minor", "placed_at", "pay_by", "cancelled_at")  # fmt: skip
FROZEN = ("variant_id", "producer_id", "stock_item_id", "product_name", "variant_name", "unit", "size", "pack", "measure",
          "weight_g", "is_weighed", "quantity", "final_weight_g", "price_minor", "goods_minor", "goods_tax_minor",
          "fees_minor", "total_minor", "tax_rate_id", "tax_millionths", "tax_is_included", "tax_taken_out")  # fmt: skip
LINE = ("id", "order_id", *FROZEN)
CHARGED = ("kind", "fee_id", "place", "payee_id", "label", "fee_kind", "terms", "amount_minor", "tax_minor",
           "tax_millionths", "tax_is_included", "takes_back_id")  # fmt: skip
CHARGE = ("id", "order_id", "line_id", *CHARGED)
CHANGE = ("id", "order_id", "what", "details", "by", "by_name", "at")
ENTRY = ("id", "book_id", "key", "about", "what", "at", "by", "number", "hash")
HEAD = ("book_id", "number", "hash")
POSTING = ("id", "entry_id", "account_id", "amount_minor")
MOVEMENT = ("id", "item_id", "change", "reason", "about", "by", "at")
PAYMENT = ("id", "key", "hub_id", "customer_id", "about", "means", "amount_minor", "currency", "refund_of_id", "gift_id",
           "note", "at", "by")  # fmt: skip
ACCOUNT = ("id", "book_id", "kind", "subject", "currency")
CUSTOMER = ("id", "hub_id", "person_id", "email", "name", "phone", "code", "is_member", "note", "main_id", "created_at")

Table = tuple[type[Model], tuple[str, ...]]
OWN_IDS: tuple[Table, ...] = ((Account, ACCOUNT), (Order, ORDER), (OrderLine, LINE), (Entry, ENTRY))
GIVEN_IDS: tuple[Table, ...] = (
    (Charge, CHARGE),
    (OrderChange, CHANGE),
    (Posting, POSTING),
    (Movement, MOVEMENT),
    (Payment, PAYMENT),
)


def sell(writer: Bulk, hub: Ground, *, orders: int, now: datetime, rng: Random) -> None:
    """Write so many orders of a hub, spread evenly over its cycles; those of past cycles are paid."""
    till = Till(writer, hub, orders, now, rng)
    for number, cycle in enumerate(hub.cycles):
        till.serve(cycle, orders // len(hub.cycles) + (number < orders % len(hub.cycles)), now)
    till.take_from_stock()
    till.end_book()


@dataclass(frozen=True, slots=True)
class Frozen:
    """One quantity of one offer: priced once, its columns ready to write for every order that has it."""

    quoted: QuotedLine
    item_id: int
    columns: tuple
    charges: tuple[tuple, ...]
    total: int
    postings: tuple[tuple[AccountKey, int], ...]


@dataclass(frozen=True, slots=True)
class Levied:
    """A charge on a whole order of one amount, ready to write likewise."""

    columns: tuple
    total: int
    postings: tuple[tuple[AccountKey, int], ...]


@dataclass(slots=True)
class Rows:
    """The rows of one chunk, by table."""

    of: dict[type, list[tuple]] = field(default_factory=lambda: defaultdict(list))


class Till:
    """Serves a hub's customers. Keeps prices, accounts and what was taken; nothing that grows with the orders."""

    def __init__(self, writer: Bulk, hub: Ground, orders: int, now: datetime, rng: Random) -> None:
        self.writer, self.hub, self.rng = writer, hub, rng
        found = offers(cycle_id=hub.cycles[-1].id, hub_id=hub.hub_id, at=now)
        self.offers: list[Offer] = list(found.by_variant.values())
        self.order_fees = found.order_fees
        items = StockItem.objects.filter(variant_id__in=found.by_variant, hub__isnull=True)
        self.items = {
            variant: (pk, on_demand) for variant, pk, on_demand in items.values_list("variant_id", "id", "on_demand")
        }
        self.frozen: dict[tuple[int, int], Frozen] = {}
        self.levied: dict[tuple[Fee, int], Levied] = {}
        self.accounts: dict[AccountKey, int] = {}
        self.number, self.hash = 0, chain.GENESIS
        self.taken: dict[int, int] = defaultdict(int)
        self.customers = self._customers(max(1, min(orders, 20 + orders // 8)), now)

    def serve(self, cycle: Cycle, orders: int, now: datetime) -> None:
        """Write the orders of one cycle in chunks, the earliest first."""
        ends = min(cycle.closes_at, now)
        methods = delivery_choices(cycle_id=cycle.id, hub_id=self.hub.hub_id)
        for start in range(0, orders, CHUNK):
            rows = Rows()
            for number in range(start, min(start + CHUNK, orders)):
                at = cycle.opens_at + (ends - cycle.opens_at) * ((number + self.rng.random()) / orders)
                self._order(rows, cycle, self.rng.choice(methods), at, is_paid=cycle.closes_at <= now)
            self._write(rows)

    def take_from_stock(self) -> None:
        """Lower what is on hand by what was ordered."""
        with chunk():
            for item_id, units in sorted(self.taken.items()):
                StockItem.objects.filter(id=item_id, on_demand=False).update(on_hand=F("on_hand") - units)

    def end_book(self) -> None:
        """Write down where the hub's chain of entries ends."""
        with chunk():
            self.writer.write(Head, HEAD, [(self.hub.hub_id, self.number, self.hash)])

    def _order(self, rows: Rows, cycle: Cycle, delivery: DeliveryChoice, at: datetime, *, is_paid: bool) -> None:
        [pk] = self.writer.ids(Order, 1)
        ref, moment = _ref(pk), self.writer.moment(at)
        customer_id, name, email = self.rng.choice(self.customers)
        lines = self._basket()
        charges = self._charges(lines, delivery)
        total = sum(line.total for line in lines) + sum(charge.total for charge in charges)
        head = self._head(pk, ref, cycle, delivery, customer_id, name, email, total, moment)
        rows.of[Order].append(head)
        self._lines(rows, pk, ref, lines, moment)
        rows.of[Charge] += [(pk, None, *charge.columns) for charge in charges]
        rows.of[OrderChange].append((pk, "placed", self.writer.plain({"amount_minor": total}), "guest", name, moment))
        postings = self._postings(lines, charges, customer_id, total)
        self._post(rows, f"order:{ref}:placed", ref, "sale", postings, "guest", at)
        if is_paid:
            self._paid(rows, pk, ref, customer_id, total, cycle.closes_at + timedelta(days=1))

    def _basket(self) -> list[Frozen]:
        """A few offers, the first ones of the list more often than the last, one to four of each."""
        counts, weights = zip(*LINES, strict=True)
        count = min(self.rng.choices(counts, weights)[0], len(self.offers))
        chosen: set[int] = set()
        while len(chosen) < count:
            chosen.add(int(len(self.offers) * self.rng.random() ** 2))
        return [self._frozen(self.offers[number], self.rng.choice((1, 1, 1, 2, 2, 3, 4))) for number in sorted(chosen)]

    def _frozen(self, offer: Offer, quantity: int) -> Frozen:
        key = (offer.variant_id, quantity)
        if key not in self.frozen:
            self.frozen[key] = self._freeze(offer, quantity)
        return self.frozen[key]

    def _freeze(self, offer: Offer, quantity: int) -> Frozen:
        goods = offer.goods(quantity)
        priced = price_line(goods, offer.fees)
        item_id = self.items[offer.variant_id][0]
        columns = (
            offer.variant_id, offer.producer_id, item_id, offer.product_name, offer.variant_name, offer.unit,
            int(offer.size * FINEST), offer.pack, offer.measure, offer.weight_g, offer.is_weighed, quantity, None,
            offer.price.minor, priced.goods.minor,
            priced.goods_tax.minor, priced.fees.minor, priced.total.minor, offer.tax_rate_id, offer.tax.millionths,
            offer.tax.is_included, 0,
        )  # fmt: skip
        item = Item(offer.variant_id, offer.producer_id, goods, offer.fees)
        charges = tuple(_charged(self.writer, charged) for charged in priced.charges)
        quoted = QuotedLine(item, priced)
        return Frozen(quoted, item_id, columns, charges, priced.total.minor, _credits(Quote(lines=(quoted,))))

    def _charges(self, lines: list[Frozen], delivery: DeliveryChoice) -> list[Levied]:
        """Return the charges of the order as `make_quote` would, its lines being priced already."""
        items, charges = [line.quoted.item for line in lines], []
        for fee in (*self.order_fees, delivery.fee):
            covered = [item.goods for item in items if fee.only_producer_id in (None, item.producer_id)]
            if covered:
                charges.append(self._levy(charge_order(fee, covered)))
        return charges

    def _levy(self, charged: Charged) -> Levied:
        key = (charged.fee, charged.amount.minor)
        if key not in self.levied:
            columns = _charged(self.writer, charged)
            self.levied[key] = Levied(columns, charged.total.minor, _credits(Quote(charges=(charged,))))
        return self.levied[key]

    @staticmethod
    def _postings(lines: list[Frozen], charges: list[Levied], customer_id: int, total: int) -> dict[AccountKey, int]:
        """Return what `sale_postings` would: a sum over lines and charges, whose parts are known."""
        postings = {AccountKey("customer", f"customer:{customer_id}"): total}
        parts = [line.postings for line in lines] + [charge.postings for charge in charges]
        for part in parts:
            for key, amount in part:
                postings[key] = postings.get(key, 0) + amount
        return postings

    def _head(
        self, pk: int, ref: str, cycle: Cycle, delivery: DeliveryChoice, customer_id: int, name: str, email: str,
        total: int, moment: Any,
    ) -> tuple:  # fmt: skip
        there = (delivery.street, "", delivery.postcode, delivery.town) if delivery.is_pickup else ADDRESS
        return (
            pk, ref, f"scale:{ref}", "placed", "storefront", self.hub.hub_id, cycle.id, customer_id, name,
            email, "", "fr", "", delivery.id, delivery.name, *there, self.writer.moment(delivery.starts_at),
            self.writer.moment(delivery.ends_at), self.rng.choice(self.hub.payment_ids), "EUR",
            total, moment, None, None,
        )  # fmt: skip

    def _lines(self, rows: Rows, order_id: int, ref: str, lines: list[Frozen], moment: Any) -> None:
        ids = self.writer.ids(OrderLine, len(lines))
        for pk, line in zip(ids, lines, strict=True):
            rows.of[OrderLine].append((pk, order_id, *line.columns))
            rows.of[Charge] += [(order_id, pk, *charged) for charged in line.charges]
            units = line.quoted.item.goods.quantity
            rows.of[Movement].append((line.item_id, -units, "order", f"order:{ref}", "guest", moment))
            self.taken[line.item_id] += units

    def _paid(self, rows: Rows, order_id: int, ref: str, customer_id: int, total: int, at: datetime) -> None:
        means = self.rng.choice(("cash", "card", "cheque", "transfer"))
        key, about, moment = f"scale:{ref}", f"order:{ref}", self.writer.moment(at)
        rows.of[Payment].append(
            (key, self.hub.hub_id, customer_id, about, means, total, "EUR", None, None, "", moment, "system")
        )
        details = self.writer.plain({"amount_minor": total, "means": means})
        rows.of[OrderChange].append((order_id, "payment", details, "system", "Bocage", moment))
        postings = payment_postings(customer_id=customer_id, means=means, amount_minor=total)
        self._post(rows, f"payment:{key}", ref, "payment", postings, "system", at)

    def _post(self, rows: Rows, key: str, ref: str, what: str, postings: Any, by: str, at: datetime) -> None:
        [entry_id] = self.writer.ids(Entry, 1)
        sides = [(one.kind, one.subject, amount) for one, amount in postings.items() if amount]
        said = {"key": key, "about": f"order:{ref}", "what": what, "by": by, "number": self.number + 1}
        self.hash = chain.entry_hash(
            book=self.hub.hub_id, previous=self.hash, at=chain.moment(at), currency="EUR", postings=sides, **said
        )
        self.number += 1
        rows.of[Entry].append(
            (entry_id, self.hub.hub_id, key, f"order:{ref}", what, self.writer.moment(at), by, self.number, self.hash)
        )
        rows.of[Posting] += [(entry_id, self._account(rows, one), amount) for one, amount in postings.items() if amount]

    def _account(self, rows: Rows, key: AccountKey) -> int:
        if key not in self.accounts:
            [self.accounts[key]] = self.writer.ids(Account, 1)
            rows.of[Account].append((self.accounts[key], self.hub.hub_id, key.kind, key.subject, "EUR"))
        return self.accounts[key]

    def _customers(self, count: int, now: datetime) -> list[tuple[int, str, str]]:
        names = [shopper.name for shopper in town().shoppers]
        people = [
            (pk, names[pk % len(names)], f"client-{pk}@exemple.bocage.example")
            for pk in self.writer.ids(Customer, count)
        ]
        since = self.writer.moment(now - timedelta(days=60))
        rows = [(pk, self.hub.hub_id, None, email, name, "", "", False, "", None, since) for pk, name, email in people]
        with chunk():
            self.writer.write(Customer, CUSTOMER, rows)
        return people

    def _write(self, rows: Rows) -> None:
        """Write a chunk: rows that nothing refers to get their ids here."""
        with chunk():
            for model, columns in OWN_IDS:
                self.writer.write(model, columns, rows.of[model])
            for model, columns in GIVEN_IDS:
                found = rows.of[model]
                ids = self.writer.ids(model, len(found))
                self.writer.write(model, columns, [(pk, *row) for pk, row in zip(ids, found, strict=True)])


def _credits(quote: Quote) -> tuple[tuple[AccountKey, int], ...]:
    """Return the postings of a sale without the customer's."""
    return tuple((key, amount) for key, amount in sale_postings(quote, customer_id=0).items() if key.kind != "customer")


def _charged(writer: Bulk, charged: Charged) -> tuple:
    fee = charged.fee
    return (
        "delivery" if fee.kind == "delivery" else "fee", fee.fee_id, fee.place, fee.payee_id, fee.name, fee.kind,
        writer.plain(fee.as_terms()), charged.amount.minor, charged.tax.minor, charged.rate.millionths,
        charged.rate.is_included, None,
    )  # fmt: skip


def _ref(number: int) -> str:
    """Return eight letters that no other number has."""
    rest, letters = (number * STRIDE) % REFS, []
    for _ in range(8):
        rest, letter = divmod(rest, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)
