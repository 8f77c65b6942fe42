"""Pay in advance by card, then pay a part of an order with it."""

from tests.browser import barriers, overflow, picture
from tests.journeys.test_shopping import SHOP, fill_who, go_on

ACCOUNT = "/account/balances/panier-de-la-halle/"


def test_what_is_paid_in_by_card_pays_a_part_of_an_order(town, phone):
    page = phone
    page.goto(f"{town.url}/accounts/login/?next={ACCOUNT}")
    page.fill("[name=login]", "mireille@exemple.bocage.example")
    page.fill("[name=password]", "bocage-demo")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{ACCOUNT}")
    picture(page, "account")
    assert (barriers(page), overflow(page)) == ([], 0)

    page.fill("[name=amount]", "25")
    page.locator("main form[method=post] button").click()
    page.wait_for_url("**/pay/**")
    page.locator("[value=pay]").click()
    page.wait_for_url(f"**{ACCOUNT}**")
    for _look in range(40):
        if page.get_by_text("65,00").count():
            break
        page.reload()
    page.get_by_text("65,00").first.wait_for()

    page.goto(town.url + SHOP)
    page.locator("#offers [name=add]").first.click()
    page.locator("#offers [name=more]").first.wait_for()
    page.goto(f"{town.url}{SHOP}checkout/who/")
    fill_who(page)
    go_on(page)
    page.locator("[name=use_credit]").check()
    page.fill("[name=credit]", "1")
    page.locator("label.choice").first.click()
    picture(page, "pay-with-credit")
    assert (barriers(page), overflow(page)) == ([], 0)
    go_on(page)
    picture(page, "confirm-with-credit")
    page.locator("[name=accepted]").check()
    go_on(page)
    page.wait_for_url("**/order/**")
    page.get_by_text("1,00").first.wait_for()
    picture(page, "paid-with-credit")
    assert (barriers(page), overflow(page)) == ([], 0)
