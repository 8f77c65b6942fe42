"""An order taken by phone, on one page that keeps nothing: all that was said so far stands in its form.

Each button sends the whole form and says by `do` what it wants: find, add, choose a customer, count again, place.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bocage.commons.money import Money
from bocage.commons.refusals import Refused
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions, rules
from bocage.orders.forms import PhoneForm
from bocage.orders.queries import choices, phone
from bocage.orders.queries.pages import charge_label
from bocage.orders.queries.quoting import quote
from bocage.orders.queries.searching import OfferRow, OffersFound, find_offers, offer_rows
from bocage.orders.rules import Buyer, Quote, Wanted
from bocage.pricing.rules import Fee
from bocage.shops.queries.vouchers import by_code
from bocage.shops.rules.vouchers import check_usable, tidy_code
from bocage.ui.pages import go, say, showing_refusals

MOST_LINES = 200
NOTHING_FOUND = OffersFound((), 0)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HubRequest, slug: str) -> HttpResponse:
    """Take an order for a customer: find them, put goods in, place it."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ORDERS, actor=request.actor)
    call = Call.read(request, hub)
    if call.sale is None:
        return hub_page(request, "orders/hub/phone.html", hub=hub, nav="orders", call=call)
    call.act()
    form = call.form()
    if call.do == "place":
        with showing_refusals(form):
            if form.is_valid():
                placed = call.place(form)
                said = gettext("The order of %(name)s is noted: %(ref)s. They get a mail.")
                messages.success(request, said % {"name": form.cleaned_data["name"], "ref": placed.ref})
                return go(request, reverse("orders:show", args=[slug, placed.ref]))
    return _page(request, hub, call, form)


@dataclass(slots=True)
class Call:
    """A phone call so far: what its form holds, and what its last button wants."""

    request: HubRequest
    hub: HubFrame
    given: dict[str, str]
    do: str
    which: str
    sales: list[phone.Sale]
    sale: phone.Sale | None
    deliveries: list[choices.DeliveryChoice] = field(default_factory=list)
    payments: list[choices.PaymentChoice] = field(default_factory=list)
    quantities: dict[int, int] = field(default_factory=dict)
    found: OffersFound = NOTHING_FOUND
    callers: list[phone.Caller] = field(default_factory=list)
    customer: phone.Caller | None = None
    voucher: Fee | None = None
    voucher_said: str = ""

    @classmethod
    def read(cls, request: HubRequest, hub: HubFrame) -> Call:
        """Return the call as the form tells it, or a new one."""
        given = {name: str(value).replace("\x00", "") for name, value in (request.POST or request.GET).items()}
        given.setdefault("key", str(uuid.uuid4()))
        do, _, which = given.get("do", "").partition(":")
        sales = phone.sales_to_order_in(hub_id=hub.id, actor=request.actor, now=request.now)
        wanted = given.get("cycle", "")
        sale = next((one for one in sales if str(one.id) == wanted), sales[0] if sales else None)
        ways = choices.delivery_choices(cycle_id=sale.id, hub_id=hub.id) if sale else []
        to_come = [way for way in ways if way.ends_at > request.now]
        payments = choices.payment_choices(cycle_id=sale.id, hub_id=hub.id) if sale else []
        return cls(request, hub, given, do, which, sales, sale, to_come, payments, _quantities(given))

    def act(self) -> None:
        """Do what the button wants, the placing apart."""
        self._customer()
        text = self.given.get("q", "")
        quantity, called = rules.quick_entry(text)
        if self.do == "go" and text and self.given.get("top_for") == text:
            self._add(self.given.get("top", ""), quantity)
        elif self.do == "add":
            self._add(self.which, quantity)
        elif text.strip():
            self.found = self._offers(called)
        self._take_voucher()
        if self.do in ("go", "find_customer"):
            self.callers = self._callers(self.given.get("who", ""))

    def form(self) -> PhoneForm:
        """Return the form filled with what was said; bound when the order is to be placed."""
        deliveries, payments = self.deliveries, self.payments
        options: dict[str, Any] = {"deliveries": deliveries, "payments": payments, "auto_id": "id_%s"}
        if self.do == "place":
            return PhoneForm(self.given, **options)
        first: dict[str, Sequence[Any]] = {"delivery": deliveries, "payment": payments}
        alone = {name: rows[0].id for name, rows in first.items() if len(rows) == 1}
        return PhoneForm(initial=alone | self.given, **options)

    def lines(self) -> list[OfferRow]:
        """Return what was put in, in the order in which that was said."""
        assert self.sale is not None
        return offer_rows(
            hub_id=self.hub.id,
            cycle_id=self.sale.id,
            variant_ids=self.quantities,
            now=self.request.now,
            held={},
        )

    def quote(self, delivery: choices.DeliveryChoice | None) -> Quote:
        """Return what it costs so far."""
        assert self.sale is not None
        return quote(
            cycle_id=self.sale.id,
            hub_id=self.hub.id,
            quantities=self.quantities,
            delivery_method_id=delivery.id if delivery else None,
            payment=next((one.fee for one in self.payments if str(one.id) == self.given.get("payment", "")), None),
            at=self.request.now,
            postcode=self.given.get("postcode", "")[:12],
            voucher=self.voucher,
        )

    def place(self, form: PhoneForm) -> actions.Placed:
        """Place the order for the customer."""
        assert self.sale is not None
        said, actor = form.cleaned_data, self.request.actor
        known = self.customer or phone.caller(hub_id=self.hub.id, actor=actor, email=said["email"])
        language = (known.language if known else "") or get_language() or "fr"
        wanted = Wanted(
            key=f"phone:{self.hub.id}:{said['key']}"[:80],
            hub_id=self.hub.id,
            cycle_id=self.sale.id,
            quantities=self.quantities,
            delivery_method_id=said["delivery"],
            payment_method_id=said["payment"],
            buyer=Buyer(said["name"], said["email"], said["phone"], language),
            address=form.delivered(),
            note=said["note"],
            customer_id=known.id if known else None,
            channel="backoffice",
            voucher=said["voucher"],
        )
        shown = Money(said["shown"], self.hub.currency)
        return actions.place_order(wanted=wanted, shown_total=shown, actor=actor, now=self.request.now)

    def _take_voucher(self) -> None:
        """Find what the voucher takes off, or say why it takes off nothing."""
        code = self.given.get("voucher", "").strip()[:40]
        if code:
            try:
                self.voucher = check_usable(
                    by_code(hub_id=self.hub.id, code=code), code=tidy_code(code), at=self.request.now
                ).fee
            except Refused as refusal:
                self.voucher_said = say(refusal)

    def _customer(self) -> None:
        if self.do == "customer":
            self.given["customer"] = self.which
        pk = self.given.get("customer", "")
        if pk.isdecimal() and len(pk) < 18:
            self.customer = phone.caller(hub_id=self.hub.id, actor=self.request.actor, customer_id=int(pk))
        self.given["customer"] = str(self.customer.id) if self.customer else ""
        if self.do == "customer" or (self.customer and "name" not in self.given):
            told = self.customer
            self.given |= {name: getattr(told, name) if told else "" for name in ("name", "email", "phone")}
            self.given["who"] = ""

    def _callers(self, text: str) -> list[phone.Caller]:
        return phone.find_callers(hub_id=self.hub.id, text=text, actor=self.request.actor)

    def _offers(self, text: str) -> OffersFound:
        assert self.sale is not None
        return find_offers(
            hub_id=self.hub.id,
            cycle_id=self.sale.id,
            text=text,
            held=self.quantities,
            actor=self.request.actor,
            now=self.request.now,
        )

    def _add(self, variant: str, quantity: int) -> None:
        if variant.isdecimal() and len(variant) < 18:
            vid = int(variant)
            self.quantities[vid] = min(self.quantities.get(vid, 0) + quantity, rules.MAX_QUANTITY)
        self.given["q"] = ""


def _quantities(given: Mapping[str, str]) -> dict[int, int]:
    """What was put in: variant id → units; what is no number from 1 to 999 is left out."""
    found: dict[int, int] = {}
    for name, typed in list(given.items()):
        if name.startswith("line-") and name[5:].isdecimal() and typed.isdecimal() and len(found) < MOST_LINES:
            found[int(name[5:][:17])] = min(int(typed[:4]), rules.MAX_QUANTITY)
    return {vid: quantity for vid, quantity in found.items() if quantity}


def _page(request: HubRequest, hub: HubFrame, call: Call, form: PhoneForm) -> HttpResponse:
    delivery = form["delivery"].value()
    chosen = next((one for one in call.deliveries if str(one.id) == str(delivery or "")), None)
    cost, rows = call.quote(chosen), call.lines()
    paid = {line.item.variant_id: line.priced.total for line in cost.lines}
    offered = {row.variant_id for row in rows}
    return hub_page(
        request,
        "orders/hub/phone.html",
        part="call",
        status=422 if form.errors else 200,
        hub=hub,
        nav="orders",
        call=call,
        form=form,
        text=call.given.get("q", ""),
        who=call.given.get("who", ""),
        lines=[(row, call.quantities[row.variant_id], paid[row.variant_id]) for row in rows],
        gone=len(set(call.quantities) - offered),
        charges=[
            {"label": charge_label(charge.fee.kind, charge.fee.name), "amount": charge.total}
            for charge in cost.own_charges
        ],
        discount=cost.discount if call.voucher else None,
        total=cost.total,
        deliveries=[(one, f"delivery-{one.id}", one is chosen) for one in call.deliveries],
        brings=chosen is not None and not chosen.is_pickup,
    )
