"""When a mail that could not be sent is tried again, when it is given up, and what is forgotten once sent."""

from datetime import timedelta

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=10)
SECRET = ("account/", "messages/account/", "mfa/")


def next_try(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` failed ones: 1, 2, 4 … minutes, a day in all before giving up."""
    return timedelta(minutes=2 ** (attempts - 1) if attempts < 6 else 4 * 60)


def is_lost(attempts: int, code: int | None) -> bool:
    """Return whether to give up: the server refused for good (SMTP reply 5xx, RFC 5321 §4.2.1), or we tried enough."""
    return attempts >= MAX_ATTEMPTS or (code is not None and 500 <= code < 600)


def is_secret(template: str) -> bool:
    """Return whether a mail carries a key to an account, so that its words are not kept once it is sent."""
    return template.startswith(SECRET)
