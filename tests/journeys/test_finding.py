"""Finding who sells: the home page, the farms, the words, the demo's door."""

import pytest

from tests.browser import barriers, overflow, picture

PAGES = {
    "home": "/",
    "found": "/?town=trevean&within=10",
    "nobody": "/?town=marseille&within=10",
    "farms": "/farms/",
    "farm": "/farms/champ-rossignol/",
    "commons": "/commons/",
    "sell": "/sell/",
    "legal": "/legal/privacy/",
    "demo": "/demo/",
}


@pytest.mark.parametrize("width", [320, 1280])
def test_no_public_page_has_a_barrier_or_sticks_out(town, new_page, width):
    page, found = new_page(width), {}

    for name, path in PAGES.items():
        page.goto(town.url + path)
        picture(page, name)
        found[name] = barriers(page) + (["sticks out"] if overflow(page) else [])

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_home_has_no_barrier_at_dusk(town, new_page):
    page = new_page(1280, color_scheme="dark")
    page.goto(town.url)

    assert barriers(page) == []


def test_a_town_is_searched_without_javascript_and_leads_to_its_nearest_hub(town, quiet_phone):
    page = quiet_phone
    page.goto(town.url)
    page.locator("[name=town]").fill("trevean")
    page.locator("form[role=search] button").click()

    nearest = page.locator(".near h3 a").first
    assert nearest.text_content() == "Les Paniers du Vieux Lavoir"
    nearest.click()
    assert page.url.endswith("/shop/vieux-lavoir/")


def test_the_search_works_by_keyboard(town, desk):
    desk.goto(town.url)
    desk.locator("[name=town]").focus()
    desk.keyboard.type("Malvran")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**town=Malvran**")

    assert desk.locator(".near h3 a").first.text_content() == "Le Panier de la Halle"


def test_one_click_makes_somebody_of_the_town(town, desk):
    desk.goto(f"{town.url}/demo/")
    desk.get_by_role("button", name="Être Nolwenn Hamonic").click()
    desk.wait_for_load_state()

    assert desk.url.endswith("/hub/panier-de-la-halle/")
    assert desk.get_by_role("heading", level=1).count() == 1
