"""The other end of an invitation: read it, accept it, say no."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.network import actions, queries
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page


@require_safe
def invitation(request: HubRequest, token: str) -> HttpResponse:
    """Show who invites to what; a guest may log in or sign up from here, the address being proven by the link."""
    asked = queries.invitation(token=token, now=request.now)
    if asked.is_open and request.actor.person_id is None:
        get_adapter().stash_verified_email(request, asked.email)
    here = urlencode({"next": request.path})
    sign_up = urlencode({"next": request.path, "email": asked.email})
    answer = page(
        request,
        "network/invitation.html",
        invitation=asked,
        log_in=f"{reverse('account_login')}?{here}",
        sign_up=f"{reverse('account_signup')}?{sign_up}",
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_POST
@login_required
def acceptance(request: HubRequest, token: str) -> HttpResponse:
    """Start to work for the enterprise."""
    asked = queries.invitation(token=token, now=request.now)
    actions.accept_invitation(invitation_id=asked.id, actor=request.actor, now=request.now)
    messages.success(request, gettext("You are now in the team of %(name)s.") % {"name": asked.enterprise})
    return go(request, f"{reverse('network:account')}#work")


@require_POST
def refusal(request: HubRequest, token: str) -> HttpResponse:
    """Say no."""
    asked = queries.invitation(token=token, now=request.now)
    actions.refuse_invitation(invitation_id=asked.id, now=request.now)
    messages.success(request, gettext("You said no. Nobody will ask again through this link."))
    return go(request, "/")
