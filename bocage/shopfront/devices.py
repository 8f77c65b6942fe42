"""Whose basket a request means: the signed-in person's, or the device's by a signed secret in a cookie."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from bocage.shopfront.rules import Owner

COOKIE = "basket"
SALT = "bocage.shopfront.device"
AGE = 60 * 60 * 24 * 120


def device_of(request: HttpRequest) -> str:
    """Return the hash by which the database knows this device, or nothing for a new or a forged cookie."""
    kept = request.COOKIES.get(COOKIE, "")
    try:
        return hashed(signing.Signer(salt=SALT).unsign(kept)) if kept else ""
    except signing.BadSignature:
        return ""


def owner_of(request: HttpRequest) -> Owner:
    """Return whose basket this request reads."""
    person_id = request.actor.person_id  # type: ignore[attr-defined]
    return Owner(person_id=person_id) if person_id else Owner(device=device_of(request))


def owner_for_writing(request: HttpRequest) -> tuple[Owner, str]:
    """Return whose basket this request writes, and a new secret for the cookie if the device has none yet."""
    owner = owner_of(request)
    if owner.is_known:
        return owner, ""
    secret = secrets.token_urlsafe(32)
    return Owner(device=hashed(secret)), secret


def remember(response: HttpResponse, secret: str) -> HttpResponse:
    """Give the device its secret, if it is new."""
    if secret:
        response.set_cookie(
            COOKIE,
            signing.Signer(salt=SALT).sign(secret),
            max_age=AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


def hashed(secret: str) -> str:
    """Return what the database keeps of a device's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
