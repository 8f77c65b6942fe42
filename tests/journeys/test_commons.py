"""A visitor who wants to know who pays: from the home page to the accounts, from there to the simulator."""

import pytest

from tests.browser import barriers, overflow, picture


@pytest.mark.journey
def test_a_visitor_finds_who_pays_for_what_and_moves_the_simulator(town, phone):
    phone.goto(f"{town.url}/")
    phone.locator("a.parcel[href$='/commons/']").click()
    assert phone.locator(".accounts__squares rect").count() == 100
    assert (barriers(phone), overflow(phone)) == ([], 0)
    picture(phone, "commons")

    phone.locator("a[href$='/commons/sharing/']").first.click()
    phone.locator("[name=key]").select_option("K6")
    phone.locator("[name=t]").select_option("1")
    phone.wait_for_url("**&t=1")

    phone.locator("#result strong[data-tone=attention]").wait_for()
    assert (barriers(phone), overflow(phone)) == ([], 0)
    picture(phone, "sharing")
