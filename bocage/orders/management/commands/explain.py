"""`bocage explain`: each step that made an amount."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.ledger.queries import journal
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.rules import SYSTEM, Right
from bocage.orders.explaining import explain_order, explain_price


class Command(BaseCommand):
    help = (
        "Show each step that made an amount: bocage explain order R7K2M9; "
        "bocage explain balance panier-de-la-halle customer customer:41"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        order = what.add_parser("order", help="each line, charge, voucher, VAT and posting of an order")
        order.add_argument("ref", help="such as R7K2M9")
        price = what.add_parser("price", help="what a shop asks for one of a product in a sale")
        price.add_argument("enterprise", help="whose shop: its address, such as panier-de-la-halle")
        price.add_argument("cycle", type=int, help="the number of the order cycle")
        price.add_argument("variant", type=int, help="the number of the size that is sold")
        balance = what.add_parser("balance", help="every posting that makes the balance of an account")
        balance.add_argument("enterprise", help="whose book: its address, such as panier-de-la-halle")
        balance.add_argument("kind", help="customer, credit, gift, producer, fees, vat, takings …")
        balance.add_argument("subject", nargs="?", default="", help="such as customer:41, gift:3, vat:55000, cash")

    def handle(self, *args: Any, what: str, **given: Any) -> None:
        if what == "balance":
            self._balance(given["enterprise"], given["kind"], given["subject"])
            return
        try:
            if what == "order":
                sections = explain_order(ref=given["ref"], actor=SYSTEM)
            else:
                hub = self._hub(given["enterprise"])
                about = {"cycle_id": given["cycle"], "variant_id": given["variant"]}
                sections = explain_price(hub_id=hub.id, at=timezone.now(), **about)
        except NotFound as refusal:
            raise CommandError(f"there is no such {what}") from refusal
        for section in sections:
            self.stdout.write(section.title)
            for step in section.steps:
                mark = "=" if step.is_sum else " "
                self.stdout.write(f"  {_plain(step.amount):>12} {mark} {step.words}")

    def _hub(self, enterprise: str) -> HubFrame:
        try:
            return hub_frame(slug=enterprise, right=Right.SEE_BOOKS, actor=SYSTEM)
        except Refused as refusal:
            raise CommandError(f"there is no enterprise {enterprise}") from refusal

    def _balance(self, enterprise: str, kind: str, subject: str) -> None:
        hub = self._hub(enterprise)
        account = journal.account_id(book_id=hub.id, kind=kind, subject=subject, currency=hub.currency)
        if account is None:
            raise CommandError(f"{hub.name} has no account {kind} {subject}")
        after: int | None = 0
        self.stdout.write(f"{'no.':>7}  {'when (UTC)':16}  {'what':14} {'about':20} {'amount':>12} {'stands at':>12}")
        while after is not None:
            found = journal.explain(book_id=hub.id, account_id=account, after=after, actor=SYSTEM)
            for step in found.steps:
                self.stdout.write(
                    f"{step.number:>7}  {step.at:%Y-%m-%d %H:%M}  {step.what:14} {step.about:20} "
                    f"{_plain(step.amount):>12} {_plain(step.after):>12}"
                )
            after = found.next_after
        self.stdout.write(f"{found.total} postings: {_plain(found.balance)} {hub.currency}")


def _plain(amount: Money) -> str:
    sign, minor = "-" if amount.minor < 0 else "", abs(amount.minor)
    return f"{sign}{minor // 100}.{minor % 100:02d}"
