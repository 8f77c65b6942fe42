"""Voting, results, and counting again."""

from __future__ import annotations

import csv
import io
import json
import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bocage.commons.cells import guarded
from bocage.commons.refusals import NotFound
from bocage.cooperative.governance import actions, showing, words
from bocage.cooperative.governance.forms import BallotForm, FileForm
from bocage.cooperative.governance.queries import decisions, voting
from bocage.cooperative.governance.rules import box
from bocage.cooperative.governance.rules.refusals import NotOnRoll
from bocage.network.requests import HubRequest
from bocage.ui.pages import page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])
LARGEST = 20 * 1024 * 1024


@never_cache
@login_required
@either
def ballot(request: HubRequest, number: int) -> HttpResponse:
    """Vote; the answer to a ballot is its receipt, which is shown and kept nowhere beside its voter."""
    vote = voting.vote_page(instance_id=request.instance.pk, number=number, actor=request.actor, now=request.now)
    seats = [seat for seat in vote.seats if request.method == "POST" or not seat.has_voted]
    if not vote.seats:
        raise NotOnRoll()
    form = BallotForm(
        request.POST if request.method == "POST" else None,
        method=vote.method,
        options=[(one.code, one.label) for one in vote.options],
        members=[(seat.member_id, seat.name) for seat in seats],
        initial={"nonce": secrets.token_hex(16)},
    )
    with showing_refusals(form):
        if form.is_valid():
            cast = actions.cast(
                vote_id=vote.id, member_id=form.cleaned_data["member_id"], choice=form.choice(),
                nonce=form.cleaned_data["nonce"], actor=request.actor, now=request.now,
            )  # fmt: skip
            said = showing.choice_words(_asked(vote), form.choice())
            return page(request, "governance/receipt.html", vote=vote, cast=cast, said=said, nav_current="commons")
    text = decisions.proposal_page(instance_id=request.instance.pk, number=number, actor=request.actor, now=request.now)
    return page(
        request, "governance/ballot.html", vote=vote, form=form, is_done=not seats, text=text.text,
        rule=words.RULES[vote.method], nav_current="commons", status=422 if form.errors else 200,
    )  # fmt: skip


@require_safe
def result(request: HubRequest, number: int, round: int) -> HttpResponse:
    """Show how a vote came out and was counted; find a ballot by its receipt."""
    vote = _vote(request, number, round)
    board = voting.board(instance_id=request.instance.pk, number=number, round=round)
    wanted = request.GET.get("receipt", "").strip().lower().replace(" ", "")
    ballots = (
        [(one, showing.choice_words(vote.file, one["choice"])) for one in vote.file["ballots"]] if vote.file else []
    )
    mine = [row for row in ballots if wanted and len(wanted) >= 8 and row[0].get("receipt", "").startswith(wanted)]
    return page(
        request,
        "governance/result.html",
        vote=vote,
        shown=showing.shown(vote.file) if vote.file else None,
        rule=words.RULES[vote.method],
        faults=[words.FAULTS[one] for one in box.recount(vote.file)] if vote.file else [],
        ballots=ballots,
        mine=mine,
        board=board,
        on_board=[row for row in board if wanted and len(wanted) >= 8 and row[1].startswith(wanted)],
        wanted=wanted,
        nav_current="commons",
    )


@require_safe
def result_file(request: HubRequest, number: int, round: int, form: str) -> HttpResponse:
    """Give the published file of a vote: json as it was written, or csv of its ballots."""
    written = voting.published_file(instance_id=request.instance.pk, number=number, round=round)
    name = f"vote-{number}-{round}.{form}"
    if form == "json":
        body, kind = written.encode(), "application/json"
    elif form == "csv":
        body, kind = _as_csv(json.loads(written)), "text/csv; charset=utf-8"
    else:
        raise NotFound()
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@either
def recount(request: HubRequest) -> HttpResponse:
    """Count a published file again, whoever published it; nothing of it is kept."""
    form = FileForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given.size > LARGEST:
                raise ValueError
            said = json.loads(given.read())
            faults = box.recount(said)
            found = {"faults": [words.FAULTS[one] for one in faults], "file": said, "is_counted": True}
            found["shown"] = showing.shown({**said, "result": box.result_of(said)}) if "format" not in faults else None
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            form.add_error("file", gettext("This is not the file of a vote."))
    status = 422 if form.errors else 200
    return page(request, "governance/recount.html", form=form, nav_current="commons", status=status, **found)


def _vote(request: HubRequest, number: int, round: int) -> voting.VotePage:
    return voting.vote_page(
        instance_id=request.instance.pk, number=number, round=round, actor=request.actor, now=request.now
    )


def _asked(vote: voting.VotePage) -> dict[str, Any]:
    return {"method": vote.method, "options": [{"code": one.code, "label": one.label} for one in vote.options]}


def _as_csv(file: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["college", "member", "name", "choice", "nonce", "receipt", "via"])
    for one in file["ballots"]:
        row = [one["college"], one.get("member", ""), one.get("name", ""), box.canonical(one["choice"])]
        row += [one.get(name, "") for name in ("nonce", "receipt", "via")]
        writer.writerow([guarded(str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")
