"""Coming in: the log-in page for everybody, and an account from the first click to the confirmed address."""

import re
from uuid import uuid4

import pytest

from tests.browser import barriers, overflow, picture


@pytest.mark.parametrize("width", [360, 1280])
def test_the_log_in_page_has_no_barrier_and_nothing_sticks_out(town, new_page, width):
    page = new_page(width)
    page.goto(f"{town.url}/accounts/login/")
    picture(page, "log-in")

    assert barriers(page) == []
    assert overflow(page) == 0


def test_a_new_account_is_confirmed_by_its_mail_without_javascript(town, quiet_phone):
    page, email = quiet_phone, f"nouvelle-{uuid4().hex[:8]}@exemple.example"
    page.goto(f"{town.url}/accounts/signup/")
    page.locator("[name=name]").fill("Nouvelle Personne")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill("une-haie-de-noisetiers")
    page.locator("form:has([name=password1]) [type=submit]").click()

    link = _confirmation_link(page, town, email)
    page.goto(link)
    page.locator("form[action*=confirm-email] button").click()

    page.goto(f"{town.url}/accounts/email/")
    assert page.get_by_text(email).count() >= 1


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
