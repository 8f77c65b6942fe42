"""A farm and a hub are opened by two people, who then agree: on a phone and on a laptop, in French, without a manual."""

import re
from uuid import uuid4

import pytest

from tests.browser import barriers, overflow, picture

PASSWORD = "une-haie-de-noisetiers"


@pytest.mark.journey
def test_a_farm_and_a_hub_are_opened_and_agree(town, new_page):
    mark = uuid4().hex[:6]
    farmer, keeper = new_page(360, 740, has_touch=True, is_mobile=True), new_page(1280, 900)
    farm, hub = f"Ferme du Gué {mark}", f"La Halle {mark}"

    _sign_up(farmer, town, f"farmer-{mark}@exemple.example", "Maël Riou")
    _open(farmer, town, "farm", farm, "ferme")
    _sign_up(keeper, town, f"keeper-{mark}@exemple.example", "Soizic Le Bris")
    _open(keeper, town, "hub", hub, "halle")
    assert keeper.get_by_text("Passez accord avec une ferme").count() == 1

    keeper.get_by_role("link", name="Passez accord avec une ferme").click()
    keeper.locator("[name=q]").fill(f"gue {mark}")
    keeper.keyboard.press("Enter")
    keeper.locator("li", has_text=farm).get_by_role("link", name="Proposer").click()
    keeper.locator("[name=words]").fill("Marge de 12 %, apport le jeudi.")
    picture(keeper, "proposal")
    assert barriers(keeper) == []
    keeper.get_by_role("button", name="Le proposer").click()
    assert keeper.get_by_text("attend leur réponse").count() == 1

    farmer.goto(_page_of(farmer, "agreements"))
    picture(farmer, "answer")
    assert farmer.get_by_text("vendre ses produits, fixer son propre prix et tenir son propre stock").count() == 1
    assert (barriers(farmer), overflow(farmer)) == ([], 0)
    farmer.get_by_role("button", name="Accepter").click()
    assert farmer.get_by_text("en vigueur").count() == 1

    keeper.goto(_page_of(keeper, "rights"))
    assert keeper.get_by_text("fixer son propre prix").count() == 1
    keeper.goto(_page_of(keeper, "ready"))
    done = keeper.locator("[data-done]", has_text="Passez accord avec une ferme")
    assert done.count() == 1


def _page_of(page, name):
    """Return a page of the back office one is in."""
    return re.sub(r"(/hub/[^/]+/).*", rf"\1{name}/", page.url)


def _sign_up(page, town, email, name):
    page.goto(f"{town.url}/accounts/signup/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("form:has([name=password1]) [type=submit]").click()
    page.goto(_confirmation_link(page, town, email))
    page.locator("form[action*=confirm-email] button").click()
    page.wait_for_load_state()


def _open(page, town, shape, name, slug):
    """Open an enterprise by the three pages, and arrive at what is left to do."""
    page.goto(f"{town.url}/sell/")
    page.get_by_role("link", name="Ouvrir notre page").click()
    page.locator(f"[name=shape][value={shape}]").check()
    page.locator("[name=name]").fill(name)
    picture(page, f"founding-{shape}")
    assert (barriers(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Continuer").click()
    page.locator("[name=postcode]").fill("14500")
    page.locator("[name=town]").fill("Vire")
    page.get_by_role("button", name="Continuer").click()
    page.locator("[name=is_vat_liable][value=no]").check()
    if page.locator("[name=accept]").count():
        page.locator("[name=accept]").check()
    assert (barriers(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Ouvrir notre page").click()
    page.wait_for_url(f"**/hub/*{slug}*/ready/")
    picture(page, f"ready-{shape}")
    assert (barriers(page), overflow(page)) == ([], 0)


def _confirmation_link(page, town, email):
    """Return the link in the newest mail to `email`, once the worker has sent it."""
    for _ in range(40):
        page.goto(f"{town.url}/mail/")
        row = page.locator("tr", has_text=email).first
        if row.count() and row.locator("[data-tone=good]").count():
            break
        page.wait_for_timeout(250)
    row.locator("a").first.click()
    return re.search(r"http\S+confirm-email/\S+", page.locator("pre").text_content()).group()
