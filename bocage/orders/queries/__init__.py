"""Reads about orders, by topic."""

from django.utils.crypto import salted_hmac


def link_token(ref: str) -> str:
    """Return the secret of an order's link: whoever holds it may see, change and cancel that order, nothing else."""
    return salted_hmac("bocage.orders.link", ref, algorithm="sha256").hexdigest()[:32]
