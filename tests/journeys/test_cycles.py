"""A hub plans its sales in a browser: what comes in by rule with an exception, a series, and a farm that says yes."""

import re

import pytest

from tests.browser import barriers, overflow, picture
from tests.journeys.test_barn import log_in

HUB = "/hub/panier-de-la-halle/"


def coming_cycle(page, town):
    """Open the hub's coming sale that belongs to no series yet."""
    page.goto(f"{town.url}{HUB}cycles/")
    page.locator("section[aria-labelledby=upcoming] tbody a").first.click()
    page.locator(".cycle-sentence").wait_for()


def test_a_product_is_left_out_at_once_and_the_page_says_so(town, desk):
    page = desk
    log_in(page, town, "nolwenn")
    coming_cycle(page, town)
    carried = page.locator("#ticked b").inner_text()

    first = page.locator(".cycle-good input[type=checkbox]").first
    name = page.locator(".cycle-good b").first.inner_text()
    first.uncheck()
    page.wait_for_function("n => document.querySelector('#ticked b').innerText === n", arg=str(int(carried) - 1))
    assert page.locator("[aria-current=true] [id^=carried-] b").inner_text() == str(int(carried) - 1)

    page.reload()
    assert not page.locator(".cycle-good input[type=checkbox]").first.is_checked()
    assert name in page.locator("#goods").inner_text()
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, "cycle-exception")
    page.locator(".cycle-good input[type=checkbox]").first.check()
    page.wait_for_function("n => document.querySelector('#ticked b').innerText === n", arg=carried)


def test_a_sale_recurs_without_javascript_and_on_a_phone(town, quiet_phone):
    page = quiet_phone
    log_in(page, town, "mathilde")
    page.goto(f"{town.url}/hub/vieux-lavoir/cycles/")
    page.locator("tbody a:not([href$='/ours/'])").first.click()
    page.get_by_role("link", name=re.compile("Répéter|Repeat")).click()
    page.locator("[name=skip_months][value='8']").check()
    page.locator("main form [type=submit]").click()

    rows = page.locator("tbody tr")
    assert rows.count() == 14
    assert rows.locator("a").count() == 4


def test_the_coming_dates_of_a_series_have_no_barrier_on_a_phone(town, phone):
    page = phone
    log_in(page, town, "yannick")
    page.goto(f"{town.url}/hub/touche-heuzel/cycles/")
    page.locator("tbody a:not([href$='/ours/'])").first.click()
    page.get_by_role("link", name=re.compile("Répéter|Repeat")).click()
    assert (barriers(page), overflow(page)) == ([], 0)

    page.locator("main form [type=submit]").click()

    page.locator("tbody tr").first.wait_for()
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, "series")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_hub_sees_which_farms_confirmed(town, new_page, width):
    page = new_page(width)
    log_in(page, town, "nolwenn")

    page.goto(f"{town.url}{HUB}supplier-orders/")

    assert page.locator("tbody tr").count() > 5
    assert page.locator("tbody .tag[data-tone=good]").count() > 2
    page.locator("tbody a").first.click()
    page.locator("tfoot").wait_for()
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, f"supplier-order-{width}")
