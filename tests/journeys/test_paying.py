"""Paying by card at the demo bank: away, a card that is refused, a code, back, and the bank's own word completes it."""

from tests.browser import barriers, overflow, picture
from tests.journeys.test_shopping import SHOP, fill_who, go_on


def order_by_card(town, page):
    page.goto(town.url + SHOP)
    page.locator("#offers [name=add]").first.click()
    page.locator("#offers [name=more]").first.wait_for()
    page.goto(f"{town.url}{SHOP}checkout/who/")
    fill_who(page)
    go_on(page)
    page.locator("label.choice", has_text="Carte, en ligne").click()
    picture(page, "pay-choice")
    go_on(page)
    page.locator("[name=accepted]").check()
    go_on(page)
    page.wait_for_url("**/pay/**")


def test_an_order_is_paid_by_card_and_completed_by_the_banks_event(town, phone):
    page = phone
    order_by_card(town, page)
    picture(page, "bank")
    assert (barriers(page), overflow(page)) == ([], 0)

    page.locator("[value=decline]").click()
    page.get_by_text("refusée").first.wait_for()
    page.locator("[value=pay]").click()
    page.wait_for_url("**/order/**")
    page.locator(".ticket").wait_for()
    picture(page, "paid")
    assert (barriers(page), overflow(page)) == ([], 0)


def test_who_gives_up_at_the_bank_still_has_the_goods_and_chooses_another_way(town, desk):
    page = desk
    order_by_card(town, page)
    page.locator("[value=give_up]").click()
    page.locator(".pay-now .notice").wait_for()
    picture(page, "not-paid")
    assert (barriers(page), overflow(page)) == ([], 0)

    page.locator(".pay-now summary").click()
    picture(page, "other-way")
    page.locator(".pay-now details button").click()
    page.locator(".ticket").wait_for()
