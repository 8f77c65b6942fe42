"""`bocage explain`: each step that made an amount."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bocage.commons.money import Money
from bocage.commons.refusals import Refused
from bocage.ledger.queries import journal
from bocage.network.queries.hubs import hub_frame
from bocage.network.rules import SYSTEM, Right


class Command(BaseCommand):
    help = "Show each posting that makes a balance: bocage explain balance panier-de-la-halle customer customer:41"

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        balance = what.add_parser("balance", help="every posting that makes the balance of an account")
        balance.add_argument("enterprise", help="whose book: its address, such as panier-de-la-halle")
        balance.add_argument("kind", help="customer, producer, fees, vat, takings")
        balance.add_argument("subject", nargs="?", default="", help="such as customer:41, producer:7, vat:55000, cash")

    def handle(self, *args: Any, what: str, enterprise: str, kind: str, subject: str, **options: Any) -> None:
        try:
            hub = hub_frame(slug=enterprise, right=Right.SEE_BOOKS, actor=SYSTEM)
        except Refused as refusal:
            raise CommandError(f"there is no enterprise {enterprise}") from refusal
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
