"""A manager's work on orders in a browser: the telephone, one more product, many orders at once, too little that came."""

import re

import pytest

from tests.browser import barriers, far_away, overflow, picture
from tests.journeys.test_barn import HUB, log_in

ORDERS = f"{HUB}orders/"
PAGES = ["new/", "lines/", "acts/new/?act=cancel&whose=all&state=placed", "acts/new/?act=pay&whose=all", "?paid=due"]


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_the_pages_of_orders_have_no_barrier_and_nothing_sticks_out(town, new_page, width, dark):
    page = new_page(width, color_scheme="dark" if dark else "light")
    log_in(page, town, "nolwenn")

    found = {}
    for where in PAGES:
        page.goto(town.url + ORDERS + where)
        picture(page, f"orders-{re.sub('[^a-z]+', '-', where)}{'-dusk' if dark else ''}")
        found[where] = (barriers(page), overflow(page))

    assert found == dict.fromkeys(PAGES, ([], 0))


def put_in(page, words):
    """Type a quick entry, wait until something is found, press Enter."""
    page.locator("#q").fill(words)
    page.locator("#found [name=top_for]").wait_for(state="attached")
    page.wait_for_function("words => document.querySelector('[name=top_for]')?.value === words", arg=words)
    before = page.locator(".phone-line").count()
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.phone-line').length > n", arg=before)


def test_an_order_is_taken_by_phone_with_the_keyboard_then_grows_by_a_product(town, desk):
    page = desk
    log_in(page, town, "nolwenn")
    page.goto(town.url + ORDERS + "new/")
    put_in(page, "2 poireaux")
    assert page.evaluate("document.activeElement.id") == "q"
    put_in(page, "3 savon")
    assert [field.input_value() for field in page.locator(".phone-line input").all()] == ["2", "3"]

    page.locator("#id_name").fill("Yvette Kerbrat")
    page.locator("#id_email").fill("yvette.kerbrat@exemple.bocage.example")
    page.locator("#id_name").focus()
    far_away(page)
    page.locator("[name=delivery]").first.check()
    page.locator("[name=payment]").first.check()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    assert page.locator("[name=payment]").first.is_checked()  # the sum that came meanwhile left it alone
    shown = page.locator(".phone-sum .sums__total .amount").inner_text()
    page.locator("[value=place]").press("Enter")
    page.wait_for_url(re.compile(r"/orders/\w{8}/$"))
    assert page.locator("h1").inner_text() == "Yvette Kerbrat"
    assert page.locator(".order-box .sums__total .amount").first.inner_text() == shown

    page.get_by_role("link", name="Ajouter un produit").click()
    page.locator("#q").fill("poires conf")
    page.wait_for_function("() => document.querySelectorAll('#offers .offer').length === 1")
    page.locator("#offers .offer__form button[data-tone=soft]").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.pay-list li').length >= 3")
    assert (barriers(page), overflow(page)) == ([], 0)


def test_a_cell_is_saved_when_it_is_left_and_comes_back_by_undo(town, desk):
    page = desk
    log_in(page, town, "nolwenn")
    page.goto(f"{town.url}{ORDERS}lines/?q=savon")
    field = page.locator("input[name=quantity]").first
    row, before = field.get_attribute("id"), field.input_value()
    field.fill(str(int(before) + 1))
    field.press("Tab")
    undo = page.locator("input[name=undo] ~ button").first
    undo.wait_for()
    assert page.locator(f"#{row}").input_value() == str(int(before) + 1)

    undo.press("Enter")
    page.wait_for_function("([id, n]) => document.getElementById(id)?.value === n", arg=[row, before])
    page.locator("input[name=undo]").wait_for(state="detached")
    assert barriers(page) == []

    far_away(page)  # what is typed while a row is being saved is kept, and saved as well
    price = f"p-{row.removeprefix('q-')}"
    page.locator(f"#{row}").fill(str(int(before) + 2))
    page.locator(f"#{row}").press("Tab")
    page.locator(f"#{price}").fill("4,44")
    page.locator(f"#{price}").press("Tab")
    undo.wait_for()
    page.reload()
    assert [page.locator(f"#{one}").input_value() for one in (row, price)] == [str(int(before) + 2), "4,44"]


def test_a_shortage_is_shared_without_javascript(town, quiet_phone):
    page = quiet_phone
    log_in(page, town, "nolwenn")
    page.goto(f"{town.url}{ORDERS}lines/?q=confiture")
    page.locator("a[href*=shortages]").first.click()
    page.locator("[name=came]").fill("0")
    page.locator("[name=rule][value=even]").check()
    page.locator("form.shortage button").click()
    cut = page.locator("td [data-tone=attention], td [data-tone=danger]").count()
    assert (cut > 0, overflow(page)) == (True, 0)
    page.locator(".foreseen form button").click()

    page.wait_for_url(re.compile(r"/orders/acts/[\w-]+/$"))
    assert page.locator("td .tag[data-tone=good]").count() == cut


def test_many_orders_are_marked_paid_and_a_filter_is_kept(town, phone):
    page = phone
    log_in(page, town, "nolwenn")
    page.goto(f"{town.url}{ORDERS}?paid=due&state=placed")
    page.locator(".kept summary").tap()
    page.locator("#filter-name").fill("À encaisser")
    page.locator("#filter-name ~ button").tap()
    page.locator(".kept .chip", has_text="À encaisser").wait_for()

    page.locator(".order-row__tick").nth(0).check()
    page.locator(".order-row__tick").nth(1).check()
    page.locator("[name=act][value=pay]").tap()
    page.locator("[name=means][value=cash]").check()
    page.locator(".foreseen form button").tap()
    page.wait_for_url(re.compile(r"/orders/acts/[\w-]+/$"))
    assert page.locator("td .tag[data-tone=good]").count() == 2
    assert (barriers(page), overflow(page)) == ([], 0)
