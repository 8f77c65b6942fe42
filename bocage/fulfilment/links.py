"""Signed links by which a farm reads and confirms its order without an account: they say which order, and to whom."""

from __future__ import annotations

from django.core import signing

from bocage.commons.refusals import NotFound

SALT = "fulfilment.supplier_order"


def key_for(order_id: int, name: str) -> str:
    """Return the key of a link to a farm's order for the contact `name`."""
    return signing.dumps([order_id, name], salt=SALT)


def read_key(key: str) -> tuple[int, str]:
    """Return the order and the contact's name that a key was made for. Raises NotFound for any other key."""
    try:
        order_id, name = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        raise NotFound() from None
    return order_id, name
