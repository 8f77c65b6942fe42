"""Who is shown what: a hub's tag rules, read as sentences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import address
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.shops import queries
from bocage.shops.actions import tagging as actions
from bocage.shops.forms.tagging import ReserveForm, RuleForm
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.fields import propose_tags
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@read_or_post
def rules(request: HubRequest, slug: str) -> HttpResponse:
    """List the rules as sentences; a POST keeps what has a tag for the customers who have one."""
    hub = hub_of(request, slug)
    form = _proposing(ReserveForm(posted(request)), request, hub)
    with showing_refusals(form):
        if form.is_valid():
            actions.reserve(hub_id=hub.id, **form.cleaned_data, actor=request.actor, now=request.now)
            return _done(request, hub)
    known = queries.tag_rules(hub_id=hub.id, actor=request.actor)
    return settings_page(
        request,
        "shops/rules.html",
        hub,
        "rules",
        form,
        form=form,
        for_all=[rule for rule in known if rule.is_default],
        own=[rule for rule in known if not rule.is_default],
        sight_url=address("shopfront:sight", slug=hub.slug),
    )


@login_required
@read_or_post
def rule(request: HubRequest, slug: str, rule_id: int | None = None) -> HttpResponse:
    """Write a rule word by word, or change one."""
    hub = hub_of(request, slug)
    form = _proposing(RuleForm(posted(request), initial=_written(request, hub, rule_id)), request, hub)
    with showing_refusals(form):
        if form.is_valid():
            actions.save_rule(
                hub_id=hub.id, rule_id=rule_id, details=form.details(), actor=request.actor, now=request.now
            )
            return _done(request, hub)
    return settings_page(request, "shops/rule.html", hub, "rules", form, form=form, rule_id=rule_id)


@login_required
@require_POST
def rule_move(request: HubRequest, slug: str, rule_id: int) -> HttpResponse:
    """Ask a rule earlier or later."""
    hub = hub_of(request, slug)
    earlier = request.POST.get("to") == "earlier"
    actions.move_rule(hub_id=hub.id, rule_id=rule_id, earlier=earlier, actor=request.actor, now=request.now)
    return go(request, f"{reverse('shops:rules', args=[hub.slug])}#rule-{rule_id}")


@login_required
@require_POST
def rule_removal(request: HubRequest, slug: str, rule_id: int) -> HttpResponse:
    """Forget a rule."""
    hub = hub_of(request, slug)
    actions.remove_rule(hub_id=hub.id, rule_id=rule_id, actor=request.actor, now=request.now)
    return _done(request, hub)


def _proposing(form: Any, request: HubRequest, hub: HubFrame) -> Any:
    known = queries.known_tags(hub_id=hub.id, actor=request.actor)
    propose_tags(form, "customer_tags", known.customers)
    propose_tags(form, "target_tags", known.of_things)
    return form


def _written(request: HubRequest, hub: HubFrame, rule_id: int | None) -> dict[str, Any]:
    if rule_id is None:
        return {"who": "some", "does": "hide"}
    known = queries.tag_rules(hub_id=hub.id, actor=request.actor)
    kept = next((one for one in known if one.id == rule_id), None)
    if kept is None:
        raise NotFound
    return {
        "kind": kept.kind.value,
        "who": "all" if kept.is_default else "some",
        "does": "show" if kept.shows else "hide",
        "customer_tags": ", ".join(sorted(kept.customer_tags)),
        "target_tags": ", ".join(sorted(kept.target_tags)),
    }


def _done(request: HubRequest, hub: HubFrame) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:rules", args=[hub.slug]))
