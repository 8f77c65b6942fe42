"""What the machine does, in plain words: what recurs, what happened, who was to hear of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASKS: dict[str, str | Promise] = {
    "worker": _("The worker’s sign of life"),
    "bocage.infra.tasks.prune_events": _("Let go of old events"),
    "bocage.infra.tasks.sweep_pictures": _("Delete pictures that nothing shows any more"),
    "bocage.invoicing.tasks.note_statuses": _("Look what became of invoices sent electronically"),
    "bocage.order_cycles.tasks.tell_due_cycles": _("Open and close sales at their hour"),
    "bocage.order_cycles.tasks.make_coming_cycles": _("Prepare the coming sales of each series"),
    "bocage.order_cycles.tasks.follow_agreements": _("Take what an ended agreement covered out of sales to come"),
    "bocage.ledger.tasks.close_books": _("Close the books of past months"),
    "bocage.cooperative.governance.tasks.close_votes": _("Close and count votes at their hour"),
    "bocage.pricing.tasks.turn_rates": _("Let new rates of VAT begin on their day"),
    "bocage.orders.tasks.tell_customers": _("Tell customers what changed in their orders"),
    "bocage.orders.tasks.reconcile_payments": _("Ask about online payments that nobody told us of"),
    "bocage.orders.tasks.forget_erased": _("Forget in orders who asked to be forgotten"),
    "bocage.orders.tasks.invoice_past_month": _("Write the invoices of the past month"),
    "bocage.shopfront.tasks.forget_old_baskets": _("Forget baskets that nobody touched for four months"),
    "bocage.fulfilment.tasks.tell_farms": _("Tell farms what to bring"),
    "bocage.web.tasks.call_stewards": _("Write to the stewards when something is wrong here"),
}
FACTS: dict[str, str | Promise] = {
    "catalogue.GoodsChanged": _("Goods were changed"),
    "fulfilment.OrderPacked": _("An order was packed"),
    "fulfilment.OrderHandedOver": _("An order was handed over"),
    "fulfilment.HandOverUndone": _("A hand-over was taken back"),
    "fulfilment.SupplierOrderTold": _("A farm’s order was drawn up"),
    "invoicing.DocumentIssued": _("An invoice was issued"),
    "network.InvitationMade": _("Somebody was invited"),
    "network.AgreementProposed": _("An agreement was proposed"),
    "network.AgreementMade": _("An agreement was made"),
    "network.AgreementRefused": _("An agreement was refused"),
    "network.AgreementWithdrawn": _("A proposal was withdrawn"),
    "network.AgreementEnded": _("An agreement ended"),
    "network.PersonErased": _("A person was forgotten"),
    "network.VisitStarted": _("A steward acted as somebody"),
    "order_cycles.CycleOpened": _("A sale opened"),
    "order_cycles.CycleClosed": _("A sale closed"),
    "order_cycles.CycleReopened": _("A sale was opened again"),
    "orders.OrderPlaced": _("An order was placed"),
    "orders.OrderChanged": _("An order was changed"),
    "orders.OrderCancelled": _("An order was cancelled"),
    "orders.OrderResumed": _("An order was taken up again"),
    "orders.OrderLapsed": _("An order was let go unpaid"),
    "orders.PaymentRecorded": _("A payment was noted"),
    "orders.ConfirmationWanted": _("A confirmation was asked for again"),
    "orders.CustomerToTell": _("A customer is to be told of a change"),
    "payments.MoneyArrived": _("A payment came in online"),
    "payments.MoneyReturned": _("Money went back online"),
    "payments.AttemptEnded": _("An online payment was not made"),
    "payments.Found": _("Something about an online payment was put right"),
    "pricing.FeeChanged": _("A fee was changed"),
    "stock.OwnStockDropped": _("A stock was given up"),
}
LISTENERS: dict[str, str | Promise] = {
    "fulfilment.tell_farms": _("The farms, by mail: what to bring"),
    "fulfilment.note_change": _("The farms’ orders: note the difference"),
    "fulfilment.invoice_handed_over": _("The books: invoice what was handed over"),
    "fulfilment.write_to_farm": _("The farm, by mail"),
    "invoicing.mail_document": _("The customer, by mail: the invoice"),
    "messages.invite": _("Who was invited, by mail"),
    "messages.forget": _("The mails: forget the person"),
    "messages.tell_of_visit": _("The person, by mail"),
    "messages.ask_partner": _("The other side, by mail"),
    "messages.tell_proposer": _("Who proposed it, by mail"),
    "messages.tell_refused": _("Who proposed it, by mail: refused"),
    "messages.tell_of_end": _("The other side, by mail: ended"),
    "order_cycles.show_changed_goods": _("The shops: show it"),
    "order_cycles.show_changed_fee": _("The shops: show the new prices"),
    "order_cycles.follow_agreement": _("The sales to come: follow it"),
    "orders.confirm_to_customer": _("The customer, by mail: the confirmation"),
    "orders.confirm_again": _("The customer, by mail: the confirmation once more"),
    "orders.tell_hub": _("The hub, by mail"),
    "orders.tell_customer_of_change": _("The customer, by mail: the change"),
    "orders.tell_of_cancellation": _("Customer and hub, by mail: the cancellation"),
    "orders.tell_customer_of_resumption": _("The customer, by mail: taken up again"),
    "orders.tell_customer_that_it_lapsed": _("The customer, by mail: not paid in time"),
    "orders.take_money": _("The order: it is paid"),
    "orders.tell_of_return": _("The customer, by mail: the money comes back"),
    "orders.ask_customer_to_pay": _("The customer, by mail: pay by the link"),
    "orders.tell_hub_of_finding": _("The hub, by mail: what was put right"),
    "orders.invoice_at_once": _("The books: invoice it"),
    "orders.take_invoice_back": _("The books: take the invoice back"),
    "orders.forget": _("The orders: forget the person"),
}


def short(name: str) -> str:
    """Return a full name as the tables above have it: bocage.orders.subscribers.tell_hub → orders.tell_hub."""
    parts = name.removeprefix("bocage.").split(".")
    return f"{parts[0]}.{parts[-1]}"
