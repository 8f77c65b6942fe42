"""Makes the file by which a hub's bank pays its farms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from bocage.infra import locks
from bocage.infra.inserts import insert
from bocage.infra.sequences import next_number
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.payments import sepa
from bocage.settlements import queries, rules
from bocage.settlements.models import Statement, Transfer, TransferFile


@transaction.atomic
def make_transfer_file(*, hub_id: int, chosen: Mapping[int, int], on: date, actor: Actor, now: datetime) -> int:
    """Make the file (pain.001) of what is left to pay for some frozen statements; return its id. Nothing is paid by it.

    chosen: statement → in how many files its reader saw it already, so that none is asked for twice unseen. on: when the
    bank is to send the money. For those with ISSUE_INVOICES. Raises Forbidden, ListMoved, OwnIbanMissing, and what
    `sepa.credit_transfers` raises.
    """
    actor.require(Right.ISSUE_INVOICES, on=hub_id)
    held = locks.lock_rows(Statement.objects.filter(hub_id=hub_id).select_related("producer"), chosen)
    farms = {row.pk: row.producer for row in held}
    found = {one.row.id: one for one in queries.payable(hub_id=hub_id, actor=actor)}
    if any(pk not in found or len(found[pk].files) != seen for pk, seen in chosen.items()):
        raise rules.ListMoved()
    hub = Enterprise.objects.select_related("instance").get(id=hub_id)
    if not hub.iban:
        raise rules.OwnIbanMissing()
    zone = ZoneInfo(hub.instance.timezone)
    local = now.astimezone(zone)
    reference = rules.numbered_file(local.year, next_number(f"settlements:{hub_id}:files:{local.year}"))
    rows = [found[pk].row for pk in sorted(chosen)]
    content = sepa.credit_transfers(
        message_id=reference,
        made_at=local,
        payer=sepa.Party(hub.legal_name or hub.name, hub.iban),
        on=on,
        transfers=[
            sepa.Transfer(
                sepa.Party(farms[row.id].legal_name or row.farm, row.iban),
                row.left,
                row.number,
                f"{row.number} {row.sale}",
            )
            for row in rows
        ],
    )
    [file] = insert(
        [TransferFile(hub_id=hub_id, reference=reference, on=on, content=content.decode(), at=now, by=actor.label)]
    )
    insert(Transfer(file=file, statement_id=row.id, amount_minor=row.left.minor) for row in rows)
    return file.pk
