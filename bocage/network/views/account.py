"""My account: who I am, where I live, how I log in, what is kept about me."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from bocage.network import actions, queries
from bocage.network.forms import AddressForm, ErasureForm, ProfileForm
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def account(request: HubRequest) -> HttpResponse:
    """Show my account."""
    return _account(request)


@require_POST
@login_required
def profile(request: HubRequest) -> HttpResponse:
    """Keep my name, phone and language."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _account(request, form=form, status=422)
    actions.save_profile(**form.cleaned_data, actor=request.actor)
    translation.activate(form.cleaned_data["language"])
    messages.success(request, _("Saved."))
    return go(request, reverse("network:account"))


@require_POST
@login_required
def claims(request: HubRequest) -> HttpResponse:
    """Take over what was ordered as a guest with my addresses."""
    count = actions.claim_records(person_id=request.actor.person_id, actor=request.actor, now=request.now)
    text = ngettext(
        "Orders at %(n)s hub are now in your account.", "Orders at %(n)s hubs are now in your account.", count
    )
    messages.success(request, text % {"n": count})
    return go(request, reverse("network:account"))


@require_safe
@login_required
def data(request: HubRequest) -> HttpResponse:
    """Give me what is kept about me, as a file."""
    answer = JsonResponse(queries.my_data(actor=request.actor), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="bocage.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@either
@login_required
def erasure(request: HubRequest) -> HttpResponse:
    """Forget me for good, once I proved again that it is me."""
    form = ErasureForm(request.POST if request.method == "POST" else None, person=request.user)
    with showing_refusals(form):
        if form.is_valid():
            actions.erase_person(person_id=request.user.pk or 0, actor=request.actor, now=request.now)
            logout(request)
            messages.success(request, _("Your account is closed, and you are forgotten here."))
            return go(request, "/")
    status = 422 if form.errors else 200
    return page(request, "network/erasure.html", form=form, nav_current="account", status=status)


@either
@login_required
def new_address(request: HubRequest) -> HttpResponse:
    """Keep a new address."""
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"name": request.actor.name})
    return _save_address(request, form)


@either
@login_required
def address(request: HubRequest, address_id: int) -> HttpResponse:
    """Show one of my addresses, and change it."""
    kept = queries.saved_address(address_id=address_id, actor=request.actor)
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(kept, name) for name in AddressForm.base_fields},
    )
    return _save_address(request, form, kept)


@require_POST
@login_required
def address_deletion(request: HubRequest, address_id: int) -> HttpResponse:
    """Forget one of my addresses."""
    actions.delete_address(address_id=address_id, actor=request.actor)
    messages.success(request, _("The address is deleted."))
    return go(request, reverse("network:account"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language on this device, and to this person wherever they log in."""
    if request.user.is_authenticated:
        actions.choose_language(language=request.POST.get("language", ""), actor=request.actor)  # type: ignore[attr-defined]
    return set_language(request)


def _account(request: HubRequest, form: ProfileForm | None = None, status: int = 200) -> HttpResponse:
    mine = queries.account(actor=request.actor)
    language = mine.language or translation.get_language()
    return page(
        request,
        "network/account.html",
        form=form or ProfileForm(initial={"name": mine.name, "phone": mine.phone, "language": language}),
        account=mine,
        addresses=queries.saved_addresses(actor=request.actor),
        enterprises=queries.enterprises_of(request.actor),
        visits=queries.visits_to(actor=request.actor),
        invitations=queries.invitations_for(actor=request.actor, now=request.now),
        nav_current="account",
        status=status,
    )


def _save_address(request: HubRequest, form: AddressForm, kept: Any = None) -> HttpResponse:
    with showing_refusals(form):
        if request.method == "POST" and form.is_valid():
            said = dict(form.cleaned_data)
            is_default = said.pop("is_default")
            actions.save_address(
                to=actions.PostalAddress(**said),
                is_default=is_default,
                address_id=kept.id if kept else None,
                actor=request.actor,
            )
            messages.success(request, _("The address is kept."))
            return go(request, reverse("network:account"))
    status = 422 if request.method == "POST" else 200
    return page(request, "network/address.html", form=form, kept=kept, nav_current="account", status=status)
