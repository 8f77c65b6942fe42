"""When somebody logs in, what they chose on this device comes along."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from bocage.infra.clock import now
from bocage.shopfront import actions
from bocage.shopfront.devices import device_of


@receiver(user_logged_in, dispatch_uid="shopfront.bring_basket_along")
def bring_basket_along(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Merge the device's baskets into the person's, and say so."""
    device = device_of(request) if request is not None else ""
    count = actions.merge(device=device, person_id=user.pk, now=getattr(request, "now", None) or now())
    if count and hasattr(request, "_messages"):
        said = ngettext(
            "%(count)s product that you had chosen on this device is in your basket now.",
            "%(count)s products that you had chosen on this device are in your basket now.",
            count,
        )
        messages.info(request, said % {"count": count})
