"""The product table in a browser: by keyboard, by two managers at once, on a phone, and out to a spreadsheet and back."""

import pytest

from tests.browser import barriers, overflow, picture
from tests.journeys.test_barn import log_in

FARM = "/hub/touche-heuzel/products/"
SHOP = "/hub/panier-de-la-halle/products/"


def cell(page, product, column):
    """Return the cell of a column in the first row of a product."""
    row = page.locator("#goods tbody tr", has=page.locator("td:first-child", has_text=product)).first
    return row.locator(f"td[data-column={column}]")


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, False), (1280, True)])
def test_table_and_files_have_no_barrier_and_nothing_sticks_out(town, new_page, width, dark):
    page = new_page(width, color_scheme="dark" if dark else "light")
    log_in(page, town, "nolwenn")

    found = {}
    for where in ("table/", "table/?columns=all", "files/"):
        page.goto(town.url + SHOP + where)
        page.wait_for_function("!!customElements.get('product-table') || !document.querySelector('product-table')")
        picture(page, f"products-{where.strip('/?').replace('/?', '-').replace('=', '-')}{'-dusk' if dark else ''}")
        found[where] = (barriers(page), overflow(page))

    assert found == dict.fromkeys(found, ([], 0))


def test_a_farmer_edits_by_keyboard_is_told_what_is_wrong_and_takes_it_back(town, desk):
    page = desk
    log_in(page, town, "yannick")
    page.goto(f"{town.url}{FARM}table/")
    page.wait_for_function("!!customElements.get('product-table')")
    before = cell(page, "Cassis", "price").get_attribute("data-typed")

    cell(page, "Cassis", "price").focus()
    page.keyboard.type("cher")
    page.keyboard.press("Enter")
    cell(page, "Cassis", "price").locator(".cell-error").wait_for()
    picture(page, "products-refused")
    assert cell(page, "Cassis", "price").locator(".cell-text").inner_text() == "cher"
    assert barriers(page) == []

    cell(page, "Cassis", "price").focus()
    page.keyboard.type("4,15")
    page.keyboard.press("Tab")
    page.locator("[data-said]", has_text="avant").wait_for()
    assert page.evaluate("document.activeElement.dataset.column") == "stock"
    assert cell(page, "Cassis", "price").inner_text() == "4,15\u00a0€"

    page.keyboard.press("Control+z")
    page.locator("[data-said]", has_text="Retour à").wait_for()
    assert cell(page, "Cassis", "price").get_attribute("data-typed") == before


def test_the_second_of_two_managers_sees_the_first_ones_price_and_chooses(town, new_page):
    first, second = new_page(), new_page()
    for page in (first, second):
        log_in(page, town, "yannick")
        page.goto(f"{town.url}{FARM}table/?q=concombre")
        page.wait_for_function("!!customElements.get('product-table')")
    for page, price in ((first, "1,35"), (second, "1,45")):
        cell(page, "Concombre", "price").focus()
        page.keyboard.type(price)
        page.keyboard.press("Enter")
        page.locator("td[data-column=price]:not([data-state=saving])").first.wait_for()
        page.wait_for_timeout(300)

    second.get_by_role("button", name="Garder 1,35").wait_for()
    picture(second, "products-two-managers")
    assert barriers(second) == []
    second.get_by_role("button", name="Écrire 1,45").click()
    second.locator("[data-said]", has_text="avant").wait_for()

    first.reload()
    assert cell(first, "Concombre", "price").inner_text() == "1,45\u00a0€"


def test_goods_go_out_as_a_file_and_come_back_with_the_difference_first(town, phone, tmp_path):
    page = phone
    log_in(page, town, "yannick")
    page.goto(f"{town.url}{FARM}files/")
    with page.expect_download() as sent:
        page.get_by_role("link", name="CSV").first.click()
    file = tmp_path / "produits.csv"
    sent.value.save_as(file)
    lines = file.read_text("utf-8-sig").splitlines()
    number = next(n for n, line in enumerate(lines) if ";Courgettes;" in line)
    lines[number] = lines[number].replace(";Courgettes;", ";Courgettes rondes;")
    file.write_text("\r\n".join(lines), "cp1252")

    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").tap()
    page.get_by_text("1 ligne changerait quelque chose.").wait_for()
    assert page.locator("#lines ins").inner_text() == "Courgettes rondes"
    assert (barriers(page), overflow(page)) == ([], 0)
    picture(page, "products-difference")

    page.get_by_role("button", name="Tout enregistrer").tap()
    page.locator("summary", has_text="Tout annuler").tap()
    page.get_by_role("dialog").get_by_role("button", name="Tout annuler").tap()
    page.get_by_text("Tout est annulé.").first.wait_for()


def test_a_row_is_edited_without_javascript(town, quiet_phone):
    page = quiet_phone
    log_in(page, town, "yannick")
    page.goto(f"{town.url}{FARM}table/?q=cerises")
    page.locator(".row-edit a").first.click()
    page.locator("[name=keywords]").fill("burlat rouge")
    page.locator("main form[novalidate] button").first.click()

    assert "q=cerises" in page.url
    page.goto(f"{town.url}{FARM}table/?q=burlat+rouge")
    assert page.locator("#goods tbody tr").count() == 1
