"""A hub's shop in a frame of its own site, which has another origin: ordered there, refused to whoever is not listed."""

import http.server
import re
import threading
from contextlib import contextmanager

import pytest

from tests.browser import barriers, picture
from tests.journeys.test_shopping import fill_who

HUB = "panier-de-la-halle"


@contextmanager
def site(frame):
    """Serve a page of another origin (127.0.0.1, the town being localhost) that frames the shop; give its origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            look = "width: 100%; height: 1400px; border: 0"
            html = f'<!doctype html><title>Notre site</title><iframe src="{frame}" title="Boutique" style="{look}"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *said):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def list_sites(town, typed):
    town.bocage(
        "shell",
        "-c",
        "from django.utils import timezone; from bocage.network.models import Enterprise; "
        "from bocage.network.rules import SYSTEM; from bocage.shops.actions import set_sites; "
        f"set_sites(hub_id=Enterprise.objects.get(slug={HUB!r}).id, typed={typed!r}, actor=SYSTEM, now=timezone.now())",
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_a_guest_orders_in_a_frame_of_the_hubs_own_site(town, new_page, width):
    with site(f"{town.url}/embed/{HUB}/") as origin:
        list_sites(town, origin)
        page = new_page(width)
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.locator("#offers [name=add]").first.click()
        frame.locator("#offers [name=more]").first.wait_for()
        picture(page, "embedded-shop")
        framed = page.frames[1]
        assert framed.locator(".site-bar, .site-foot").count() == 0
        (
            page.frames[1].locator("#bottom a") if width < 600 else framed.locator("#drawer a[data-tone=strong]")
        ).first.click()
        frame.locator(".checkout-go a").first.click()
        frame.locator("[name=delivery_method_id]").first.wait_for()
        fill_who(framed)
        frame.locator(".checkout-go button.button").first.click()
        frame.locator("[name=payment_method_id]").first.check()
        frame.locator(".checkout-go button.button").first.click()
        frame.locator("[name=accepted]").check()
        picture(page, "embedded-confirm")
        frame.locator(".checkout-go button.button").first.click()
        frame.locator(".ticket__ref").wait_for()
        picture(page, "embedded-order")

        assert re.search(rf"/embed/{HUB}/order/\w+/", framed.url)
        assert page.url == origin + "/"
        kept = page.context.cookies(town.url + f"/embed/{HUB}/")
        assert {one["name"] for one in kept} >= {"embed-here", "embed-csrftoken", "embed-basket"}
        assert all(one["sameSite"] == "None" and one["secure"] for one in kept)


def test_a_site_that_is_not_listed_shows_nothing(town, browser):
    list_sites(town, "https://un-autre-site.example")
    with site(f"{town.url}/embed/{HUB}/") as origin:
        page = browser.new_page()
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(origin)
        page.wait_for_timeout(500)

        assert page.frame_locator("iframe").locator("#offers").count() == 0
        assert any("frame-ancestors" in text for text in refused)
        page.close()


def test_the_address_of_the_frame_has_no_barrier_by_itself(town, phone):
    phone.goto(f"{town.url}/embed/{HUB}/")
    phone.locator("#offers").wait_for()

    assert barriers(phone) == []
