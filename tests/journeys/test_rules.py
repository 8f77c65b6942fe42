"""Who is shown what, in a browser: a hub keeps a product for some of its customers; they see it and nobody else does."""

from tests.browser import barriers, overflow, picture
from tests.journeys.test_barn import HUB, log_in

RULES, PRICES = f"{HUB}settings/rules/", f"{HUB}settings/prices/"
SHOP = "/shop/panier-de-la-halle/"


def garlic(page):
    """Return what the shop shows of garlic."""
    return page.locator("#offers").inner_text()


def test_a_hub_keeps_a_product_for_a_bistro_and_looks_with_its_eyes(town, desk, quiet_phone):
    page = desk
    log_in(page, town, "nolwenn")
    page.goto(town.url + RULES)
    assert "Les clients étiquetés resto voient les produits étiquetés pro." in page.locator(".rules").inner_text()
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, "rules")

    page.goto(town.url + PRICES)
    braid = page.locator("tr", has_text="Ail violet").filter(has_text="1 kg")
    braid.locator("[name=tags]").fill("Pro")
    braid.get_by_role("button").click()
    page.wait_for_url(lambda url: "prices" in url)

    page.goto(f"{town.url}{SHOP}?as=visitor&q=ail+violet")
    assert "tresse" not in garlic(page)
    assert page.locator("#offers button[name=add]").first.is_disabled()
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, "looking")
    page.get_by_role("link", name="Ce qui est caché").click()
    assert "Ail violet" in page.locator(".sight").inner_text()
    assert (barriers(page), overflow(page)) == ([], 0)
    page.locator("#tags").fill("resto")
    page.get_by_role("button", name="Regarder").click()
    page.get_by_text("Rien n’est caché").wait_for()

    visitor = quiet_phone  # without JavaScript
    visitor.goto(f"{town.url}{SHOP}?q=ail+violet")
    assert "tresse" not in garlic(visitor)
    log_in(visitor, town, "katell")
    visitor.goto(f"{town.url}{SHOP}?q=ail+violet")
    assert "tresse" in garlic(visitor)
