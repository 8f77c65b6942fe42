"""Shopping from the first look to the cancelled order: on a desk by keyboard, on a phone, and without JavaScript."""

import re

import pytest

from tests.browser import barriers, overflow, picture

SHOP = "/shop/panier-de-la-halle/"


def fill_who(page):
    page.locator("[name=delivery_method_id]").first.check()
    page.locator("[name=name]").fill("Armelle Quéré")
    page.locator("[name=email]").fill("armelle@exemple.example")
    page.locator("[name=phone]").fill("06 55 01 27 90")


def go_on(page):
    page.locator(".checkout-go button.button").first.click()


def total(text):
    return re.search(r"\d+,\d\d", text).group()


@pytest.mark.parametrize(("width", "dark"), [(320, False), (360, True), (768, False), (1280, False), (1280, True)])
def test_the_shop_has_no_barrier_and_nothing_sticks_out(town, new_page, width, dark):
    page = new_page(width, color_scheme="dark" if dark else "light")
    page.goto(town.url + SHOP)
    page.locator("#offers [name=add]").first.click()
    page.locator("#drawer .basket-line").first.wait_for(state="attached")
    picture(page, "shop-dusk" if dark else "shop")

    assert barriers(page) == []
    assert overflow(page) == 0


def test_a_guest_orders_at_the_total_that_was_shown_then_changes_and_cancels(town, phone):
    page = phone
    page.goto(town.url + SHOP)
    page.locator("#q").fill("poireaux")
    page.wait_for_url("**q=poireaux**")
    page.locator("#offers [name=add]").first.click()
    page.locator("#offers [name=more]").first.click()
    page.locator("#offers input[value='2']").first.wait_for()
    page.locator("#bottom a").click()
    page.locator(".checkout-go a").first.click()
    fill_who(page)
    picture(page, "checkout-who")
    assert (barriers(page), overflow(page)) == ([], 0)
    go_on(page)
    page.locator("[name=payment_method_id]").first.check()
    picture(page, "checkout-pay")
    go_on(page)
    shown = total(page.locator(".checkout-total").inner_text())
    picture(page, "checkout-confirm")
    assert (barriers(page), overflow(page)) == ([], 0)
    page.locator("[name=accepted]").check()
    go_on(page)

    page.wait_for_url("**/order/**")
    picture(page, "order")
    assert total(page.locator(".order__sums .sums__total").inner_text()) == shown
    assert (barriers(page), overflow(page)) == ([], 0)

    page.locator(".order-line__change button").last.click()
    page.locator("[form=quantities][type=submit]").click()
    page.locator(".order-line__change input[type=number][value='3']").wait_for()
    page.locator("#cancel summary").click()
    page.locator("dialog [type=submit]").click()
    page.locator(".order__head [data-tone=shut]").wait_for()
    assert page.locator(".ticket").count() == 0


def test_a_basket_is_filled_by_keyboard_and_the_focus_stays(town, desk):
    desk.goto(town.url + SHOP)
    add = desk.locator("#offers [name=add]").first
    line = add.get_attribute("value")
    add.focus()
    desk.keyboard.press("Enter")
    desk.locator(f"#offer-{line} input").wait_for()

    assert desk.evaluate("document.activeElement.name + document.activeElement.value") == f"more{line}"
    desk.keyboard.press("Enter")
    desk.locator(f"#offer-{line} input[value='2']").wait_for()
    desk.keyboard.press("Shift+Tab")
    desk.keyboard.type("7")
    desk.keyboard.press("Enter")
    desk.locator(f"#line-{line} input[value='7'], #line-{line} input[value='27']").wait_for()


def test_what_is_typed_before_the_scripts_have_come_is_searched_all_the_same(town, desk):
    held = []
    desk.route("**/htmx*.js", lambda route: held.append(route))
    desk.route("**/*.webp", lambda route: None)  # pictures that never come: the page is read but never complete
    desk.goto(town.url + SHOP, wait_until="domcontentloaded")
    desk.locator("#q").fill("poireaux")
    while not held:
        desk.wait_for_timeout(20)
    held[0].continue_()

    desk.wait_for_url("**q=poireaux**", wait_until="commit")
    desk.locator("#offers a", has_text="Tout montrer").wait_for()


def test_a_search_without_result_says_how_to_go_on(town, desk):
    desk.goto(town.url + SHOP)
    desk.locator("#q").fill("ananas bleu")
    desk.locator("#offers .empty").wait_for()

    desk.locator("#offers .empty a").click()
    desk.locator("#offers .product").first.wait_for()


def test_everything_works_without_javascript(town, quiet_phone):
    page = quiet_phone
    page.goto(f"{town.url}{SHOP}?q=poireaux")
    page.locator("#offers [name=add]").first.click()
    page.locator("#offers [name=more]").first.click()
    assert page.locator("#offers .stepper input").first.input_value() == "2"
    page.goto(f"{town.url}{SHOP}basket/")
    assert overflow(page) == 0
    page.locator(".checkout-go a").first.click()
    go_on(page)
    assert page.locator(".form-errors a").count() >= 3
    fill_who(page)
    go_on(page)
    page.locator("[name=payment_method_id]").first.check()
    go_on(page)
    page.locator("[name=accepted]").check()
    go_on(page)

    page.wait_for_url("**/order/**")
    page.locator(".ticket__ref").wait_for()


def test_members_only_shows_nothing_to_a_guest_and_everything_to_a_member(town, desk):
    desk.goto(f"{town.url}/shop/vieux-lavoir/")
    assert desk.locator(".product").count() == 0
    assert barriers(desk) == []

    desk.goto(f"{town.url}/accounts/login/?next=/shop/vieux-lavoir/")
    desk.locator("[name=login]").fill("armelle@exemple.bocage.example")
    desk.locator("[name=password]").fill("bocage-demo")
    desk.locator("form:has([name=password]) [type=submit]").click()
    desk.wait_for_url("**/shop/vieux-lavoir/")

    assert desk.locator(".product").count() > 10
