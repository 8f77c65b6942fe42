"""Whoever starts a server of their own founds the platform on its first page: on a phone, in French, without a manual."""

import re

import pytest

from tests.browser import barriers, overflow, picture


@pytest.mark.journey
def test_a_platform_is_founded_by_the_link_that_the_start_prints(empty, new_page):
    page = new_page(360, 740, has_touch=True, is_mobile=True)
    page.goto(empty.url)
    assert page.url == f"{empty.url}/begin/"

    link = re.search(r"http\S+/begin/\?code=\S+", (empty.var / "log").read_text())
    assert link
    page.goto(link[0])
    picture(page, "begin")
    assert (barriers(page), overflow(page)) == ([], 0)
    typed = {"name": "Bocage du Pays", "contact_email": "bonjour@exemple.example", "mail_from": "b@exemple.example",
             "steward_name": "Claire Le Goff", "steward_email": "claire@exemple.example",
             "password": "une-haie-de-noisetiers"}  # fmt: skip
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="La fonder").click()

    page.wait_for_url("**/2fa/**")  # a steward has two factors, from the first minute
    page.goto(empty.url)
    assert page.title().endswith("Bocage du Pays")
