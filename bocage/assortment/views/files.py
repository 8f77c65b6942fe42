"""Spreadsheets: written for who wants to work elsewhere, read with a look at every row before anything is done."""

from __future__ import annotations

from typing import IO, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.assortment import actions, differences
from bocage.assortment.files import writing
from bocage.assortment.forms import FileForm
from bocage.assortment.queries import export as exports
from bocage.assortment.queries import imports
from bocage.assortment.views.table import hub_of, number, wanted_of, words_of
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import goods_page, hub_page
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, send_file, showing_refusals

KINDS = ("refused", "new", "changed", "absent", "same")
MODES = ("products", "inventory")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HubRequest, slug: str) -> HttpResponse:
    """Offer the table as a file, and read one."""
    hub = hub_of(request, slug)
    is_hub = hub.sells == "any"
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()), is_hub=is_hub)
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            data, name = form.sent()
            import_id = actions.plan_import(
                enterprise_id=hub.id,
                mode=form.cleaned_data["mode"],
                data=data,
                file_name=name,
                empties_absent=form.cleaned_data["empties_absent"],
                actor=request.actor,
                now=request.now,
            )
            return go(request, reverse("assortment:import", args=[hub.slug, import_id]))
    return goods_page(
        request,
        "assortment/files.html",
        hub,
        "files",
        status=422 if form.errors else 200,
        form=form,
        is_hub=is_hub,
        kinds=[("xlsx", "XLSX"), ("ods", "ODS"), ("csv", "CSV")],
        last=imports.imports_of(enterprise_id=hub.id, actor=request.actor),
    )


@login_required
@require_safe
def export(request: HubRequest, slug: str, mode: str, kind: str) -> FileResponse:
    """Send the goods that the filters of the table ask for as a file."""
    hub = hub_of(request, slug)
    if mode not in MODES or kind not in writing.TYPES:
        raise NotFound
    language = get_language() or "fr"
    wanted, _ = wanted_of(request)
    found = exports.export(
        enterprise_id=hub.id, mode=mode, wanted=wanted, language=language, actor=request.actor, now=request.now
    )
    title = gettext("Products") if mode == "products" else gettext("Own prices")

    def write(file: IO[bytes]) -> None:
        writing.write(kind, file, title=title, headings=found.headings, rows=found.rows, language=language)

    name = f"{hub.slug}-{mode}-{request.now:%Y-%m-%d}.{kind}"
    return send_file(write, name=name, content_type=writing.TYPES[kind])


@login_required
@require_safe
def import_page(request: HubRequest, slug: str, import_id: int) -> HttpResponse:
    """Show what a file would do or did, row by row of one kind."""
    return _import(request, hub_of(request, slug), import_id)


@login_required
@require_POST
def apply(request: HubRequest, slug: str, import_id: int) -> HttpResponse:
    """Do it, all good rows at once."""
    hub = hub_of(request, slug)
    refused = Form(request.POST)
    with showing_refusals(refused):
        actions.apply_import(import_id=import_id, enterprise_id=hub.id, actor=request.actor, now=request.now)
        messages.success(request, gettext("Done. You can still take it back."))
        return go(request, reverse("assortment:import", args=[hub.slug, import_id]))
    return _import(request, hub, import_id, refused)


@login_required
@require_POST
def undo(request: HubRequest, slug: str, import_id: int) -> HttpResponse:
    """Take it back."""
    hub = hub_of(request, slug)
    refused = Form(request.POST)
    with showing_refusals(refused):
        left = actions.undo_import(import_id=import_id, enterprise_id=hub.id, actor=request.actor, now=request.now)
        said = ngettext(
            "Taken back. %(left)s value was changed by somebody since and stays.",
            "Taken back. %(left)s values were changed by somebody since and stay.",
            left,
        )
        messages.success(request, said % {"left": left} if left else gettext("Taken back, all of it."))
        return go(request, reverse("assortment:import", args=[hub.slug, import_id]))
    return _import(request, hub, import_id, refused)


@login_required
@require_POST
def drop(request: HubRequest, slug: str, import_id: int) -> HttpResponse:
    """Forget a file that was read."""
    hub = hub_of(request, slug)
    actions.drop_import(import_id=import_id, enterprise_id=hub.id, actor=request.actor)
    messages.success(request, gettext("Nothing was changed."))
    return go(request, reverse("assortment:files", args=[hub.slug]))


def _import(request: HubRequest, hub: HubFrame, import_id: int, refused: Form | None = None) -> HttpResponse:
    found = imports.import_of(import_id=import_id, enterprise_id=hub.id, actor=request.actor)
    present = [kind for kind in KINDS if found.counts.get(kind)]
    asked = request.GET.get("kind", "")
    kind = asked if asked in present else (present[0] if present else "")
    after = number(request.GET.get("after")) or 0
    rows, following = imports.lines(import_id=import_id, kind=kind, after=after)
    labels: dict[str, Any] = {
        "refused": gettext("Refused"),
        "new": gettext("New"),
        "changed": gettext("Changed"),
        "absent": gettext("Not in the file"),
        "same": gettext("The same"),
    }
    return hub_page(
        request,
        "assortment/import.html",
        hub=hub,
        nav="products",
        status=422 if refused and refused.errors else 200,
        found=found,
        refused=refused,
        kind=kind,
        tabs=[{"key": one, "label": labels[one], "url": f"?kind={one}", "count": found.counts[one]} for one in present],
        rows=differences.shown(rows, found, words_of(hub, every=True)),
        total=found.counts.get(kind, 0),
        good=sum(found.counts.get(one, 0) for one in ("new", "changed", "absent")),
        after=after,
        next_url=f"?kind={kind}&after={following}" if following else "",
    )
