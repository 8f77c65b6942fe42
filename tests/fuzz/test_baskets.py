"""Ten thousand random baskets at each run; `make fuzz` prices a million."""

from dataclasses import replace

from tests.fuzz import baskets


def test_ten_thousand_baskets_come_to_the_same_cent_however_they_are_priced():
    assert {number: said for number in range(10_000) if (said := baskets.differences(number))} == {}


def test_a_lost_cent_is_seen(monkeypatch):
    """The control: one cent on one line, and the columns disagree."""
    true = baskets.price_line
    monkeypatch.setattr(baskets, "price_line", lambda *given: _one_cent_more(true(*given)))

    assert all("shop" in baskets.differences(number) for number in range(20))


def _one_cent_more(line):
    return replace(line, goods=line.goods + baskets.Money(1))
