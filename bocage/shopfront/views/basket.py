"""The basket: looked at, changed line by line, accepted as it is today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.refusals import Forbidden, NotFound, Refused
from bocage.network.requests import HubRequest
from bocage.orders.rules import AbsurdQuantity, MembersOnly
from bocage.shopfront import actions
from bocage.shopfront.actions import Put
from bocage.shopfront.devices import owner_for_writing, remember
from bocage.shopfront.queries import baskets
from bocage.shopfront.queries.baskets import BasketView
from bocage.shopfront.rules import OnlyLooking, parse_quantity
from bocage.shopfront.views.drawers import basket_of, drawer
from bocage.shopfront.views.frames import frame
from bocage.shopfront.views.rows import row_html
from bocage.shopfront.views.visits import Visit, shopping, visit
from bocage.stock.queries import levels
from bocage.stock.rules import NOTHING
from bocage.ui.pages import go, page, say


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HubRequest, slug: str) -> HttpResponse:
    """Show the basket; a POST changes lines of it: add, more, less, remove, line, or every quantity of the form."""
    if request.method == "POST":
        return _change(request, slug)
    here = visit(request, slug)
    if not here.may_enter:
        raise MembersOnly()
    basket = basket_of(here) if here.sale else None
    return page(request, "shopfront/basket.html", **frame(request, here, "basket"), basket=basket)


@require_POST
def review(request: HubRequest, slug: str) -> HttpResponse:
    """Take note of what changed: the basket becomes what can be had today."""
    here = shopping(request, slug)
    actions.accept_changes(owner=here.owner, slug=slug, cycle_id=here.selling.id, actor=request.actor, now=request.now)
    return go(request, _back(request, here.url("basket")))


@require_POST
def clear(request: HubRequest, slug: str) -> HttpResponse:
    """Take everything out of the basket."""
    here = shopping(request, slug)
    actions.empty(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id)
    return go(request, here.url("basket"))


def _change(request: HubRequest, slug: str) -> HttpResponse:
    if "as" in request.GET:
        raise OnlyLooking()
    owner, secret = owner_for_writing(request)
    posted, done = request.POST.dict(), []
    try:
        quantities, more = wishes(posted)
        done = actions.put(
            owner=owner, slug=slug, cycle_id=_cycle(request, slug), quantities=quantities, more=more,
            actor=request.actor, now=request.now,
        )  # fmt: skip
        said, tone = " ".join(_notices(done)), ""
    except (Forbidden, NotFound, MembersOnly):
        raise
    except Refused as refusal:
        said, tone = say(refusal), "error"
    if request.headers.get("X-Part") == "lines":
        changed = [one.variant_id for one in done] or _ids(posted)
        response = _parts(request, replace(shopping(request, slug), owner=owner), changed, said, tone)
    else:
        if said:
            messages.add_message(request, messages.ERROR if tone else messages.INFO, said)
        response = go(request, _back(request, reverse("shopfront:basket", args=[slug])))
    return remember(response, secret)


def _cycle(request: HubRequest, slug: str) -> int:
    """Return the sale that a form is about; without one, the sale that the shop shows first."""
    written = request.POST.get("cycle", "")
    return (
        int(written)
        if written.isascii() and written.isdigit() and len(written) < 19
        else shopping(request, slug).selling.id
    )


def wishes(posted: Mapping[str, str]) -> tuple[dict[int, int], int]:
    """Return which quantities a form wishes by variant id, and how much more of them instead (0: as they say).

    Raises AbsurdQuantity.
    """
    for name, more in (("add", 1), ("more", 1), ("less", -1)):
        if name in posted:
            variant_id = _id(posted[name])
            written = posted.get(f"q-{variant_id}")
            if written is None:
                return {variant_id: 0}, more
            return {variant_id: max(parse_quantity(written) + more, 0)}, 0
    if "remove" in posted:
        return {_id(posted["remove"]): 0}, 0
    names = [f"q-{_id(posted['line'])}"] if "line" in posted else [name for name in posted if name.startswith("q-")]
    return {_id(name[2:]): parse_quantity(posted.get(name, "")) for name in names}, 0


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise AbsurdQuantity()
    return int(text)


def _ids(posted: Mapping[str, str]) -> list[int]:
    found = [posted[name] for name in ("add", "more", "less", "remove", "line") if name in posted]
    return [int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 19]


def _notices(done: list[Put]) -> list[str]:
    """What was cut down to the stock, in words."""
    return [
        ngettext(
            "Only %(left)s left of %(product)s: it is in your basket.",
            "Only %(left)s left of %(product)s: they are in your basket.",
            one.quantity,
        )
        % {"left": one.left, "product": one.name}
        for one in done
        if 0 < one.quantity < one.asked
    ]


def _parts(request: HubRequest, here: Visit, variant_ids: list[int], said: str, tone: str) -> HttpResponse:
    """The changed rows, the drawer and the bar (or the whole basket page), to be put in the place of the old ones."""
    stored = baskets.kept(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id)
    left = levels(hub_id=here.shop.hub_id, variant_ids={*stored.lines, *variant_ids})
    basket = baskets.view(stored, here.offered, left)
    whole = request.POST.get("view") == "page"
    html: list[str] = [_whole(request, here, basket) if whole else drawer(here, stored, left)]
    for row in filter(None, map(here.offered.row, variant_ids)):
        quantity = stored.lines.get(row.id, (0, 0))[0]
        html.append(row_html(here, row, left.get(row.id, NOTHING), quantity))
    headers = {"X-Count": quote(_told(basket.count)), "X-Tell": quote(said), "X-Tone": tone}
    return HttpResponse("".join(html), headers=headers, status=422 if tone else 200)


def _whole(request: HubRequest, here: Visit, basket: BasketView) -> str:
    return render_to_string(
        "shopfront/basket.html#whole", {**frame(request, here, "basket"), "basket": basket}, request
    )


def _told(count: int) -> str:
    return ngettext("Basket: %(count)s item.", "Basket: %(count)s items.", count) % {"count": count}


def _back(request: HubRequest, otherwise: str) -> str:
    """Return where the form came from, if it is an address of ours; at the row that was changed."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return otherwise
    changed = _ids(request.POST.dict())
    return f"{wanted}#offer-{changed[0]}" if changed and request.POST.get("view") != "page" else wanted
