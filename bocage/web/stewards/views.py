"""The pages of stewards. Each asks that one is there; actions and queries ask again."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.catalogue import actions as catalogue_actions
from bocage.catalogue import queries as catalogue
from bocage.catalogue.drawings import drawings
from bocage.commons.refusals import Forbidden, NotFound
from bocage.messages import actions as mails
from bocage.network import actions, queries
from bocage.network.actions.instances import InstanceChanges
from bocage.network.middleware import VISIT
from bocage.network.requests import HubRequest
from bocage.network.rules.switches import DECLARED, State
from bocage.pricing import actions as pricing_actions
from bocage.pricing import queries as pricing
from bocage.ui.pages import go, page, showing_refusals
from bocage.web.stewards.forms import (
    AskingForm,
    ForgetForm,
    InstanceForm,
    LinksForm,
    OwnTextForm,
    PlatformTermsForm,
    RateForm,
    ShelfForm,
    SwitchForm,
    TaxForm,
    VisitForm,
    ZoneForm,
)
from bocage.web.stewards.queries import orders_of

OWN_WORDS = ("home", "privacy", "notice")
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def instance(request: HubRequest) -> HttpResponse:
    """Set the platform's name, promise, language and addresses."""
    _require_steward(request)
    names = ("name", "promise", "description", "language", "mail_name", "mail_from", "contact_email")
    form = InstanceForm(_posted(request), initial={name: getattr(request.instance, name) for name in names})
    if form.is_valid():
        changes = cast(InstanceChanges, form.cleaned_data)
        actions.edit_instance(instance_id=request.instance.pk, changes=changes, **_by(request))
        return _saved(request, "instance")
    facts = [
        (gettext("Country"), request.instance.country),
        (gettext("Currency"), request.instance.currency),
        (gettext("Clock"), request.instance.timezone),
    ]
    return _page(request, "web/stewards/instance.html", "instance", form, form=form, facts=facts)


@login_required
@either
def links(request: HubRequest) -> HttpResponse:
    """Set the links that the platform adds to its menus."""
    _require_steward(request)
    form = LinksForm(_posted(request), kept=request.instance.links)
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            actions.set_links(instance_id=request.instance.pk, links=form.links(), **_by(request))
            return _saved(request, "instance_links")
    return _page(request, "web/stewards/links.html", "links", form, form=form)


@login_required
@require_POST
def test_mail(request: HubRequest) -> HttpResponse:
    """Send the steward who asks a mail as people get it, to see that it arrives and from whom."""
    _require_steward(request)
    mails.send(
        to_email=request.actor.email,
        to_name=request.actor.name,
        language=request.actor.language,
        template="web/mail/test",
        about=f"test:{request.actor.person_id}:{request.now.isoformat(timespec='seconds')}",
        context={},
        instance=request.instance,
        now=request.now,
    )
    messages.success(request, gettext("A mail is on its way to %(email)s.") % {"email": request.actor.email})
    return go(request, reverse("web:instance"))


@login_required
@either
def terms(request: HubRequest) -> HttpResponse:
    """Publish the next version of the platform's terms; show those before; say who accepts them."""
    _require_steward(request)
    current = next(iter(queries.current_texts(instance_id=request.instance.pk)), None)
    form = PlatformTermsForm(
        _posted(request), initial={"title": current.title, "body": current.body} if current else None
    )
    if form.is_valid():
        actions.publish_text(instance_id=request.instance.pk, **form.cleaned_data, **_by(request))
        return _saved(request, "instance_terms")
    asking = AskingForm(initial={name: getattr(request.instance, name) for name in AskingForm.base_fields})
    return _text(request, "terms", form, asking=asking)


@login_required
@require_POST
def asking(request: HubRequest) -> HttpResponse:
    """Say who accepts the platform's terms, and when."""
    _require_steward(request)
    form = AskingForm(request.POST)
    if form.is_valid():
        changes = cast(InstanceChanges, form.cleaned_data)
        actions.edit_instance(instance_id=request.instance.pk, changes=changes, **_by(request))
    return _saved(request, "instance_terms")


@login_required
@either
def text(request: HubRequest, kind: str) -> HttpResponse:
    """Publish the next version of what the platform says in its own words: on its home page, of privacy, of who runs it."""
    _require_steward(request)
    if kind not in OWN_WORDS:
        raise NotFound()
    said = queries.own_words(instance_id=request.instance.pk, kind=kind)
    form = OwnTextForm(_posted(request), initial={"title": said.title, "body": said.body} if said else None)
    if form.is_valid():
        actions.publish_text(instance_id=request.instance.pk, kind=kind, **form.cleaned_data, **_by(request))
        return _saved(request, "instance_text", kind)
    return _text(request, kind, form)


def _text(request: HubRequest, kind: str, form: Form, **context: Any) -> HttpResponse:
    names = {
        "terms": gettext("Terms of use"),
        "home": gettext("Home page"),
        "privacy": gettext("What we keep about you"),
        "notice": gettext("Who runs this site"),
    }
    urls = {"terms": reverse("web:instance_terms")} | {
        one: reverse("web:instance_text", args=[one]) for one in OWN_WORDS
    }
    return _page(
        request,
        "web/stewards/terms.html",
        "terms",
        form,
        form=form,
        kind=kind,
        texts=[(one, name, urls[one]) for one, name in names.items()],
        seen_at=reverse("web:home") if kind == "home" else reverse("web:legal", args=[kind]),
        versions=queries.versions_of(instance_id=request.instance.pk, kind=kind),
        **context,
    )


@login_required
@either
def taxes(request: HubRequest) -> HttpResponse:
    """List the kinds of VAT with their rates by place and day; add a kind."""
    _require_steward(request)
    form = TaxForm(_posted(request))
    with showing_refusals(form):
        if form.is_valid():
            pricing_actions.add_tax_rate(country=request.instance.country, **form.cleaned_data, **_by(request))
            return _saved(request, "instance_taxes")
    return _taxes(request, form=form)


@login_required
@require_POST
def tax_rates(request: HubRequest) -> HttpResponse:
    """Let another rate begin."""
    _require_steward(request)
    form = _rate_form(request, request.POST)
    with showing_refusals(form):
        if form.is_valid():
            pricing_actions.begin_rate(**form.cleaned_data, **_by(request))
            return _saved(request, "instance_taxes")
    return _taxes(request, rate_form=form)


@login_required
@require_POST
def tax_rate_back(request: HubRequest, period_id: int) -> HttpResponse:
    """Take back a rate that has not begun."""
    _require_steward(request)
    pricing_actions.take_back_rate(period_id=period_id, **_by(request))
    return _saved(request, "instance_taxes")


@login_required
@require_POST
def tax_zones(request: HubRequest, zone_id: int | None = None) -> HttpResponse:
    """Make a zone, or say which places are in it."""
    _require_steward(request)
    form = ZoneForm(request.POST, prefix=f"zone-{zone_id or 'new'}")
    with showing_refusals(form):
        if form.is_valid():
            country = request.instance.country
            pricing_actions.save_zone(country=country, zone_id=zone_id, **form.cleaned_data, **_by(request))
            return _saved(request, "instance_taxes")
    return _taxes(request, zone_form=form, zone_id=zone_id)


@login_required
@require_POST
def tax_zone_end(request: HubRequest, zone_id: int) -> HttpResponse:
    """Tax a zone as home from now on."""
    _require_steward(request)
    pricing_actions.end_zone(zone_id=zone_id, **_by(request))
    return _saved(request, "instance_taxes")


def _taxes(
    request: HubRequest,
    *,
    form: TaxForm | None = None,
    rate_form: RateForm | None = None,
    zone_form: ZoneForm | None = None,
    zone_id: int | None = None,
) -> HttpResponse:
    """Show the page of VAT with the one form that was sent."""
    country = request.instance.country
    zones = []
    for row in pricing.zones(country=country):
        own = ZoneForm(prefix=f"zone-{row.id}", initial={"name": row.name, "places": row.places})
        zones.append((row, zone_form if zone_form is not None and zone_id == row.id else own))
    new_zone = zone_form if zone_form is not None and zone_id is None else ZoneForm(prefix="zone-new")
    return _page(
        request,
        "web/stewards/taxes.html",
        "taxes",
        *(sent for sent in (form, rate_form, zone_form) if sent is not None),
        form=form or TaxForm(),
        rate_form=rate_form or _rate_form(request),
        zone_form=new_zone,
        zones=zones,
        zone_id=zone_id,
        categories=pricing.categories(country=country, now=request.now),
    )


def _rate_form(request: HubRequest, data: Any = None) -> RateForm:
    country = request.instance.country
    return RateForm(
        data,
        categories=[(row.id, row.name) for row in pricing.tax_rates(country=country)],
        zones=[(row.id, row.name) for row in pricing.zones(country=country)],
    )


@login_required
@either
def shelves(request: HubRequest) -> HttpResponse:
    """List the shelves of the catalogue; add one."""
    _require_steward(request)
    rows = catalogue.categories(language=get_language() or "fr")
    form = ShelfForm(
        _posted(request),
        shelves=[(row.id, row.name) for row in rows if not row.parent],
        pictures=[(one.path, one.label) for one in drawings()],
    )
    if form.is_valid():
        try:
            catalogue_actions.add_category(**form.cleaned_data, position=len(rows), **_by(request))
            return _saved(request, "instance_shelves")
        except IntegrityError:
            form.add_error("slug", gettext("There is a shelf of this address already."))
    return _page(request, "web/stewards/shelves.html", "shelves", form, form=form, rows=rows)


@login_required
@either
def switches(request: HubRequest) -> HttpResponse:
    """Switch features for all, for none, or for chosen enterprises."""
    _require_steward(request)
    enterprises = queries.choosable(instance_id=request.instance.pk)
    asked = SwitchForm(_posted(request), enterprises=enterprises, prefix=request.POST.get("prefix", ""))
    if asked.is_valid():
        said = {**asked.cleaned_data, "state": State(asked.cleaned_data["state"])}
        actions.turn(instance_id=request.instance.pk, **said, **_by(request))
        return _saved(request, "instance_switches")
    rows = []
    for switch, declared in DECLARED.items():
        stands = request.switches.position(switch)
        initial = {"switch": switch.value, "state": stands.state.value, "enterprise_ids": stands.enterprise_ids}
        form = asked if asked.is_bound and asked.prefix == switch.value else None
        form = form or SwitchForm(initial=initial, enterprises=enterprises, prefix=switch.value)
        rows.append((gettext(declared.title), gettext(declared.sentence), form))
    return _page(request, "web/stewards/switches.html", "switches", asked, rows=rows)


@login_required
@require_safe
def people(request: HubRequest) -> HttpResponse:
    """Find a person to help; show when stewards acted as whom."""
    _require_steward(request)
    text = request.GET.get("q", "").strip()
    return _page(
        request,
        "web/stewards/people.html",
        "people",
        q=text,
        found=queries.find_people(text=text, actor=request.actor),
        visits=queries.all_visits(actor=request.actor),
        erasures=queries.erasures(actor=request.actor),
        form=VisitForm(),
    )


@login_required
@require_POST
def visit(request: HubRequest, person_id: int) -> HttpResponse:
    """Act as a person for an hour, for a reason that they read."""
    _require_steward(request)
    form = VisitForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            visit_id = actions.start_visit(person_id=person_id, **form.cleaned_data, **_by(request))
            request.session[VISIT] = visit_id
            return go(request, reverse("network:account"))
    visits = queries.all_visits(actor=request.actor)
    return _page(request, "web/stewards/people.html", "people", form, q="", found=[], visits=visits, form=form)


@login_required
@require_POST
def visit_end(request: HubRequest) -> HttpResponse:
    """Stop acting as a person."""
    request.session.pop(VISIT, None)
    visit = getattr(request, "visit", None)
    if visit is not None:
        actions.end_visit(visit_id=visit.pk, steward_id=visit.steward_id, **_by(request))
    return go(request, reverse("web:instance_people") if visit is not None else "/")


@login_required
@either
def forgetting(request: HubRequest, person_id: int) -> HttpResponse:
    """Show what forgetting a person unlinks and keeps; do it once their address is typed."""
    _require_steward(request)
    found = queries.forgetting(person_id=person_id, actor=request.actor)
    form = ForgetForm(_posted(request), email=found.email)
    with showing_refusals(form):
        if form.is_valid():
            actions.erase_person(person_id=person_id, reason=form.cleaned_data["reason"], **_by(request))
            messages.success(request, gettext("Forgotten. Nothing here leads to them any more."))
            return go(request, reverse("web:instance_people"))
    orders = orders_of(customer_ids=found.customer_ids, now=request.now)
    return _page(request, "web/stewards/forgetting.html", "people", form, form=form, who=found, orders=orders)


def _require_steward(request: HubRequest) -> None:
    if not request.actor.is_steward:
        raise Forbidden(right="steward")


def _page(request: HubRequest, template: str, tab: str, *forms: Any, **context: Any) -> HttpResponse:
    tabs = [
        ("instance", gettext("The platform"), "instance"),
        ("links", gettext("Links"), "instance_links"),
        ("terms", gettext("Texts"), "instance_terms"),
        ("taxes", gettext("VAT"), "instance_taxes"),
        ("shelves", gettext("Shelves"), "instance_shelves"),
        ("switches", gettext("Features"), "instance_switches"),
        ("people", gettext("Help a person"), "instance_people"),
    ]
    rows = [{"key": key, "label": words, "url": reverse(f"web:{name}")} for key, words, name in tabs]
    status = 422 if any(form.errors for form in forms) else 200
    return page(request, template, tabs=rows, tab=tab, status=status, **context)


def _saved(request: HubRequest, name: str, *args: Any) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse(f"web:{name}", args=args))


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
