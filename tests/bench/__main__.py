"""`make bench`: shop page, product search and guest checkout, on PostgreSQL and on SQLite, two web workers.

    python -m tests.bench [--on postgresql sqlite] [--offers 1000 10000] [--orders 2000] [--seconds 5] [--strict]

Everything happens on this machine, in a temporary folder: generator, server and database share its cores.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import sys
from typing import Any

import django
import granian

from tests import postgres
from tests.bench import commons, invoices, pricing, votes
from tests.bench.load import Result
from tests.bench.place import WORKERS, Place, Server, place, server
from tests.bench.report import Figure, Report
from tests.bench.wire import Wire

CLIENTS = 8
PAGE_P95_MS, PAGE_KB, GROWTH, ORDERS_PER_S = 60, 200, 2, 40
GOODS_MS, FILE_S = {"first page": 150, "search": 150, "one cell": 60}, {"dry run": 10, "apply": 10, "undo": 10}
FILE_ROWS = 10_000
BOOKS_S = 30  # for a million postings
CYCLE_HUBS, CYCLE_MS = 30, {"page": 300, "search": 300, "tick": 100, "copy": 3000}
CYCLE_ORDERS = 3000
ORDERS_MS = {"lines": 300, "a line": 100, "orders": 300, "customers list": 300, "customers,": 10_000}
SEARCHES = ("pomme", "fromage", "pain", "oeuf", "lait", "poireau", "bio", "miel")
STATIC = re.compile(r'href="(/static/ui/bocage[^"]*\.css)"')


def main() -> int:
    wanted, report = _arguments(), Report()
    _pricing(report)
    _votes(report)
    _federation(report)
    for vendor in wanted.on:
        if vendor == "postgresql" and postgres.programs() is None:
            report.say("\nPostgreSQL is not installed: left out.")
            continue
        with place(vendor) as here:
            _measure(here, wanted, report)
    missed = report.close()
    return 1 if missed and wanted.strict else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--on", nargs="+", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--offers", nargs="+", type=int, default=[1000, 10000])
    parser.add_argument("--orders", type=int, default=2000, help="orders per hub that are there before")
    parser.add_argument("--postings", type=int, default=100_000, help="in the book that is verified")
    parser.add_argument("--invoices", type=int, default=200, help="that are issued")
    parser.add_argument("--seconds", type=float, default=5, help="per measure")
    parser.add_argument("--strict", action="store_true", help="fail when a budget is missed")
    return parser.parse_args()


def _measure(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    report.title(f"{here.vendor}, {WORKERS} web workers, {CLIENTS} clients")
    _prepare(here, wanted, report)
    reference = json.loads(here.python("tests.bench.reference", str(wanted.seconds)))
    bare = reference["per_second"]
    report.say(f"  {_versions(here.vendor, reference['version'])}")
    report.add(Figure("bare transaction, 6 statements", f"{bare:,.0f}/s", "the reference of orders"))
    with server(here) as up:
        report.add(Figure("cold start", f"{up.first_answer_s:.2f} s to the first answer"))
        static, words = _get(here, up, wanted, [_stylesheet(up)])
        report.add(Figure("static file", words, "the reference of pages"))
        first: Result | None = None
        for number, offers in enumerate(wanted.offers, 1):
            found = _shop(here, up, wanted, report, f"grande-halle-{number}", offers, static, first)
            first = first or found
        _checkout(here, up, wanted, report, bare)
        _cycle(here, wanted, report)
        _orders(here, wanted, report)
        _goods(here, wanted, report)
        _books(here, wanted, report)
        _invoices(here, wanted, report)
        whole, shared = up.memory_mb()
        report.add(Figure("resident memory", f"{whole:.0f} MB in all processes, {shared:.0f} MB shared once"))


def _prepare(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    here.bocage("collectstatic", "--noinput", "--verbosity", "0")
    here.bocage("demo")
    for offers in wanted.offers:
        said = here.bocage("demo", "--scale", "hubs=1", f"offers={offers}", f"orders={wanted.orders}", "cycles=2")
        report.say("  " + next(line for line in said.splitlines() if "rows in all" in line))


def _versions(vendor: str, version: str) -> str:
    return (
        f"Python {platform.python_version()}, Django {django.get_version()}, granian {granian.__version__}, "
        f"{vendor} {version}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}"
    )


def _shop(
    here: Place, up: Server, wanted: argparse.Namespace, report: Report, slug: str, offers: int, static: Result,
    first: Result | None,
) -> Result:  # fmt: skip
    """Measure the page of a shop and a search in it; `first` is the page of the smallest shop."""
    shop, queries = f"/shop/{slug}/", json.loads(here.python("tests.bench.queries", slug))
    wire = Wire(up.port)
    for _ in range(2 * WORKERS * 4):
        wire.close()
        wire.get(shop)  # each worker reads the offers once
    page, words = _get(here, up, wanted, [shop])
    share = f"1/{static.per_second / max(page.per_second, 0.01):,.1f} of static"
    report.add(
        Figure(
            f"shop page, {offers:,} offers",
            f"{words}, {queries['shop page']} queries",
            share,
            f"p95 ≤ {PAGE_P95_MS if first is None else GROWTH * first.p95:.0f} ms",
            page.p95 <= (PAGE_P95_MS if first is None else GROWTH * first.p95) and not page.failed,
        )
    )
    report.add(_weight(up, shop, offers))
    found, words = _get(here, up, wanted, [f"{shop}?q={word}" for word in SEARCHES])
    share = f"1/{static.per_second / max(found.per_second, 0.01):,.1f} of static"
    report.add(Figure(f"search, {offers:,} offers", f"{words}, {queries['search']} queries", share))
    report.say(
        f"  {'':<34} a guest's way asks {queries['whole checkout']} queries, the order itself {queries['order']}"
    )
    return page


def _pricing(report: Report) -> None:
    """Measure the pure pricing of a large basket."""
    report.title("pricing, no database")
    taken = pricing.measured()
    words, budget = f"{taken['new']:.2f} ms, priced again {taken['known']:.2f} ms", f"≤ {pricing.GOAL:.0f} ms"
    report.add(Figure("50 lines, 6 fees, a voucher", words, "in one process", budget, taken["new"] <= pricing.GOAL))


def _votes(report: Report) -> None:
    """Measure two counts of 100,000 ballots."""
    report.title(f"counting {votes.BALLOTS:,} ballots over {len(votes.OPTIONS)} options, no database")
    taken, goals = votes.measured(), {"schulze": votes.SCHULZE_S, "judgment": votes.JUDGMENT_S}
    for rule, name in (("schulze", "Schulze"), ("judgment", "majority judgment")):
        goal = goals[rule]
        report.add(Figure(name, f"{taken[rule]:.2f} s", "in one process", f"≤ {goal} s", taken[rule] <= goal))


def _federation(report: Report) -> None:
    """Measure the sharing among 200 instances, and the check of a signed feed."""
    report.title("the federation, no database")
    taken = commons.measured()
    share, feed = taken["share_ms"], taken["feed_s"]
    title = f"sharing a pot among {commons.INSTANCES} instances"
    report.add(
        Figure(title, f"{share:.1f} ms", "in one process", f"≤ {commons.SHARE_MS} ms", share <= commons.SHARE_MS)
    )
    title = f"verifying {commons.WHOLE:,} signed entries"
    beside = f"in two processes, {taken['alone_s']:.1f} s in one; scaled from {taken['entries']:,.0f}"
    report.add(Figure(title, f"{feed:.1f} s", beside, f"≤ {commons.FEED_S} s", feed <= commons.FEED_S))


def _invoices(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    """Measure the issue of invoices, in one process: a thousand of them, scaled from what was asked for."""
    taken = json.loads(here.python("tests.bench.invoices", str(wanted.invoices)))
    title = f"{taken['number']:,} invoices, PDF/A-3 with XML"
    words = f"{taken['seconds']:.1f} s, {taken['core_seconds']:.1f} s on a core, grew by {taken['grown_mb']:.0f} MB"
    per = f"{taken['for_a_thousand_s']:.0f} s for 1,000, one process"
    kept = taken["for_a_thousand_s"] <= invoices.GOAL_S and taken["grown_mb"] <= invoices.GOAL_MB
    report.add(Figure(title, words, per, f"≤ {invoices.GOAL_S} s for 1,000", kept))


def _cycle(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    """Measure the editor of the largest order cycle, sold by thirty hubs."""
    slug, offers = f"grande-halle-{len(wanted.offers)}", wanted.offers[-1]
    for name, taken in json.loads(here.python("tests.bench.cycles", slug, str(CYCLE_HUBS), "rule")).items():
        budget = next(ms for start, ms in CYCLE_MS.items() if name.startswith(start))
        title = f"cycle, {offers:,} × {CYCLE_HUBS}: {name}"
        report.add(Figure(title, f"{taken:.0f} ms", "in one process", f"≤ {budget} ms", taken <= budget))


def _goods(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    """Measure the product table of the largest hub, and a file of ten thousand rows."""
    slug, offers = f"grande-halle-{len(wanted.offers)}", wanted.offers[-1]
    found = json.loads(here.python("tests.bench.goods", slug, str(FILE_ROWS)))
    for name, ms in GOODS_MS.items():
        words = f"{found[name]:.0f} ms, processor {found[f'{name} cpu']:.0f} ms"
        report.add(Figure(f"table, {offers:,} rows: {name}", words, "in one process", f"≤ {ms} ms", found[name] <= ms))
    for name, seconds in FILE_S.items():
        busy, grew = found[f"{name} cpu"], found[f"{name} grew"]
        words = f"{found[name]:.1f} s, processor {busy:.1f} s, memory grown by {grew:.0f} MB at most"
        share = f"{found[name] / max(found['bare'], 0.01):,.0f} × bare upsert"
        budget, is_kept = f"≤ {seconds} s", found[name] <= seconds
        report.add(Figure(f"file of {found['rows']:,} rows: {name}", words, share, budget, is_kept))


def _books(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    """Measure the check of a book; the budget is that of a million postings, as much less as the book is shorter."""
    found = json.loads(here.python("tests.bench.books", str(wanted.postings)))
    budget = BOOKS_S * wanted.postings / 1_000_000
    words = f"{found['seconds']:.1f} s, {found['closings']} closings, memory grown by {found['grown_mb']:.0f} MB"
    is_kept = found["seconds"] <= budget and not found["faults"]
    report.add(Figure(f"book of {found['postings']:,} postings, verified", words, "", f"≤ {budget:.1f} s", is_kept))


def _orders(here: Place, wanted: argparse.Namespace, report: Report) -> None:
    """Measure the back office of one cycle with thousands of orders."""
    here.bocage("demo", "--scale", "hubs=1", "offers=1000", f"orders={CYCLE_ORDERS}", "cycles=1")
    taken = json.loads(here.python("tests.bench.orders"))
    about = f"{taken.pop('orders'):,} orders, {taken.pop('lines'):,} lines"
    for name, ms in taken.items():
        budget = next(most for start, most in ORDERS_MS.items() if name.startswith(start))
        report.add(Figure(f"{about}: {name}", f"{ms:.0f} ms", "in one process", f"≤ {budget} ms", ms <= budget))


def _weight(up: Server, shop: str, offers: int) -> Figure:
    """What a first visit carries: the page, compressed as it was sent or as a proxy would, styles, scripts and fonts."""
    wire = Wire(up.port)
    page = wire.get(shop)
    is_packed = "content-encoding" in page.headers
    size = len(page.body) if is_packed else len(gzip.compress(page.body, 6))
    text = Wire(up.port, compressed=False).get(shop).body.decode()
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"', text))
    linked |= set(re.findall(r'"(/static/[^"]+\.js)"', text))
    rest = sum(len(wire.get(path).body) for path in linked)
    how = "as sent" if is_packed else "as the proxy in front packs it"
    words = f"page {size / 1024:.0f} KB {how}, first visit {(size + rest) / 1024:.0f} KB"
    return Figure(f"bytes, {offers:,} offers", words, "", f"≤ {PAGE_KB} KB", (size + rest) / 1024 <= PAGE_KB)


def _checkout(here: Place, up: Server, wanted: argparse.Namespace, report: Report, bare: float) -> None:
    """Measure a guest's way to an order: the shortest that the forms allow, and the one that a browser goes."""
    budget = f"≥ {ORDERS_PER_S}/s" if here.vendor == "postgresql" else ""
    for requests, is_short in ((8, True), (10, False)):
        before = up.cpu_s()
        found = _load(here, up, wanted, kind="checkout", slug="grande-halle-1", is_short=is_short)
        cpu = (up.cpu_s() - before) * 1000 / max(found.count, 1)
        report.add(
            Figure(
                f"guest order, 5 lines, {requests} requests",
                f"{found.per_second:,.1f}/s, p50 {found.p50:,.0f} ms, p95 {found.p95:,.0f} ms, server {cpu:,.0f} ms",
                f"1/{bare / max(found.per_second, 0.01):,.0f} of bare",
                budget if is_short else "",
                found.per_second >= ORDERS_PER_S and not found.failed if budget and is_short else None,
            )
        )
        if found.failed:
            report.say(f"  {found.failed} walks failed; the first: {found.first_failure}")
    last = _load(here, up, wanted, kind="confirm", slug="grande-halle-1")
    share = f"1/{bare / max(last.per_second, 0.01):,.0f} of bare"
    report.add(Figure("only its last request, the order", _times(last), share))


def _get(here: Place, up: Server, wanted: argparse.Namespace, paths: list[str]) -> tuple[Result, str]:
    """Ask for pages; return the result, and it in words with the processor time that the server took for each."""
    before = up.cpu_s()
    found = _load(here, up, wanted, kind="get", paths=paths)
    cpu = (up.cpu_s() - before) * 1000 / max(found.count, 1)
    return found, f"{_times(found)}, server {cpu:.1f} ms"


def _load(here: Place, up: Server, wanted: argparse.Namespace, **job: Any) -> Result:
    job |= {"port": up.port, "clients": CLIENTS, "seconds": wanted.seconds}
    return Result(**json.loads(here.python("tests.bench.load", job=job)))


def _stylesheet(up: Server) -> str:
    found = STATIC.search(Wire(up.port, compressed=False).get("/").body.decode())
    if found is None:
        raise RuntimeError("the home page links no stylesheet")
    return found[1]


def _times(found: Result) -> str:
    failed = f", {found.failed} FAILED ({found.first_failure})" if found.failed else ""
    return f"{found.per_second:,.0f}/s, p50 {found.p50:.1f} ms, p95 {found.p95:.1f} ms{failed}"


if __name__ == "__main__":
    sys.exit(main())
