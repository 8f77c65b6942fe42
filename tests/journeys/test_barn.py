"""The hub's day in a browser: its pages, a basket packed with thumbs, the hand-over without JavaScript."""

import re

import pytest

from tests.browser import barriers, overflow, picture

HUB = "/hub/panier-de-la-halle/"
PAGES = ["", "orders/", "packing/", "packing/hand-over/", "packing/products/", "packing/suppliers/"]


def log_in(page, town, who):
    page.goto(f"{town.url}/accounts/login/")
    page.locator("[name=login]").fill(f"{who}@exemple.bocage.example")
    page.locator("[name=password]").fill("bocage-demo")
    page.locator("form:has([name=password]) [type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def open_basket(page, town, *, weighed=False):
    """Open a basket that nobody has begun to pack; one with goods to weigh if wanted."""
    page.goto(f"{town.url}{HUB}packing/")
    rows = page.locator(".crate-row:not([data-state])")
    for address in [row.get_attribute("href") for row in rows.all()]:
        page.goto(town.url + address)
        if not weighed or page.locator(".pack__weigh:not([data-weighed])").count():
            return
    pytest.fail("no basket is left to pack")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (360, True), (1280, False), (1280, True)])
def test_the_hubs_pages_have_no_barrier_and_nothing_sticks_out(town, new_page, width, dark):
    page = new_page(width, color_scheme="dark" if dark else "light")
    log_in(page, town, "nolwenn")

    found = {}
    for where in PAGES:
        page.goto(town.url + HUB + where)
        picture(page, f"hub-{where.strip('/').replace('/', '-') or 'today'}{'-dusk' if dark else ''}")
        found[where] = (barriers(page), overflow(page))

    assert found == dict.fromkeys(PAGES, ([], 0))


def test_a_volunteer_packs_a_basket_with_thumbs_without_a_page_load(town, phone):
    page = phone
    log_in(page, town, "jean-noel")
    open_basket(page, town, weighed=True)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    tick = page.locator("button.pack__tick").first
    assert min(tick.bounding_box()["width"], tick.bounding_box()["height"]) >= 56
    tick.tap()
    page.locator("button.pack__tick[aria-pressed=true]").first.wait_for()
    assert page.evaluate("document.activeElement.id").startswith("tick-")

    unweighed = page.locator(".pack__weigh:not([data-weighed])")
    before = unweighed.count()
    ordered = re.search(r"([\d,]+)\s(k?g)", unweighed.first.locator("small").inner_text())
    weight = unweighed.first.locator("[name=weight]")
    weight.fill(f"{ordered[1]} {ordered[2]}")
    weight.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.pack__weigh:not([data-weighed])').length < n", arg=before)

    page.locator(".pack-next form [name=packed] + button").tap()
    page.locator(".pack-next form[action$='hand-over/'] button").wait_for()
    picture(page, "basket-packed")
    assert page.locator("button.pack__tick[aria-pressed=false]").count() == 0
    assert (loads, barriers(page), overflow(page)) == ([], [], 0)


def test_a_basket_is_packed_handed_over_and_paid_without_javascript(town, quiet_phone):
    page = quiet_phone
    log_in(page, town, "jean-noel")
    open_basket(page, town)
    name = page.locator("h1").inner_text()
    page.locator("button.pack__tick").first.click()
    assert page.locator("button.pack__tick").first.get_attribute("aria-pressed") == "true"

    page.goto(f"{town.url}{HUB}packing/hand-over/?text={name}")
    page.locator("form[action$='hand-over/'] button").first.click()
    assert page.locator("form[action$='undoing/']").count() >= 1
    if page.locator(".hand__due").count():
        page.locator(".hand__due").first.click()
        page.locator("form[action$='payments/'] button[type=submit]").click()
        assert "hand-over" in page.url

    page.goto(f"{town.url}{HUB}packing/hand-over/?text={name}")
    page.locator("form[action$='undoing/'] button").first.click()
    assert page.locator("form[action$='hand-over/'] button").count() >= 1


def test_a_manager_takes_an_order_back_and_up_again_by_keyboard(town, desk):
    page = desk
    log_in(page, town, "nolwenn")
    page.goto(f"{town.url}{HUB}orders/?state=placed&paid=due")
    page.locator("a.order-row__name").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/\w+/$"))
    assert (barriers(page), overflow(page)) == ([], 0)

    page.locator("#cancel summary").focus()
    page.keyboard.press("Enter")
    page.locator("form[action$='cancellation/'] button").focus()
    page.keyboard.press("Enter")
    page.locator("form[action$='resumption/'] button").wait_for()
    picture(page, "order-cancelled")
    page.locator("form[action$='resumption/'] button").focus()
    page.keyboard.press("Enter")
    page.locator("#quantities").wait_for()
