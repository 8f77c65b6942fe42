"""Books to test with."""

from datetime import UTC, datetime

from bocage.ledger import actions
from bocage.ledger.rules import AccountKey
from bocage.network.models import Enterprise, Instance

AT = datetime(2026, 10, 6, tzinfo=UTC)
CUSTOMER, FARM, VAT, CASH = (
    AccountKey("customer", "customer:1"),
    AccountKey("producer", "producer:2"),
    AccountKey("vat", "vat:55000"),
    AccountKey("takings", "cash"),
)


def enterprise(slug="panier"):
    instance, _ = Instance.objects.get_or_create(
        slug="fr", defaults={"name": "Bocage", "mail_from": "b@b.example", "contact_email": "b@b.example"}
    )
    return Enterprise.objects.create(instance=instance, name=slug.title(), slug=slug)


def post(book, postings, key="k1", **fields):
    values = {"about": "order:R1", "what": "sale", "by": "guest", "at": AT} | fields
    actions.post(book_id=book.pk, key=key, postings=postings, **values)
