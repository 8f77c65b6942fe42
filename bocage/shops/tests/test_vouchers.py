"""Vouchers: made, limited, used, given back, ended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.network.models import Customer, Person, Role
from bocage.network.rules import GUEST, SYSTEM
from bocage.shops.actions import vouchers as actions
from bocage.shops.models import Voucher, VoucherUse
from bocage.shops.queries import vouchers as queries
from bocage.shops.rules import vouchers as rules
from bocage.shops.rules.vouchers import VoucherTerms
from bocage.shops.tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
TEN = VoucherTerms(code="Merci 10", amount_minor=1000)


@pytest.fixture
def hub():
    return make.hub(slug="la-halle")


def voucher(hub, terms=TEN, now=NOW):
    return actions.make_voucher(hub_id=hub.pk, terms=terms, actor=SYSTEM, now=now)


def customer(hub, name="Armelle"):
    return Customer.objects.create(hub=hub, name=name, email=f"{name.lower()}@b.example", created_at=NOW)


def use(hub, who, about="order:A", code="merci10", at=NOW):
    actions.use_voucher(hub_id=hub.pk, code=code, about=about, customer_id=who.pk, at=at)


def test_a_code_is_found_however_it_is_written(hub):
    voucher(hub)

    assert queries.by_code(hub_id=hub.pk, code=" merci 10 ").terms.code == "MERCI10"
    assert queries.by_code(hub_id=hub.pk, code="merci1") is None
    assert queries.by_code(hub_id=make.hub().pk, code="merci10") is None


def test_a_voucher_without_a_code_gets_one_nobody_guesses(hub):
    voucher(hub, replace(TEN, code=""))

    code = Voucher.objects.get().code
    assert len(code) == 8
    assert set(code) <= set(rules.LETTERS)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (replace(TEN, code="a"), rules.CodeNotReadable),
        (replace(TEN, code="dix€"), rules.CodeNotReadable),
        (replace(TEN, amount_minor=0), rules.VoucherIsWorth),
        (replace(TEN, amount_minor=-1), rules.VoucherIsWorth),
        (replace(TEN, percent_millionths=1), rules.VoucherIsWorth),
        (VoucherTerms(code="TROP", percent_millionths=1_000_001), rules.VoucherIsWorth),
        (replace(TEN, most_uses=0), rules.VoucherLimitAbsurd),
        (replace(TEN, most_per_customer=0), rules.VoucherLimitAbsurd),
        (replace(TEN, expires_at=NOW), rules.VoucherAlreadyOver),
    ],
)
def test_a_voucher_that_could_not_be_used_is_refused(hub, terms, refusal):
    with pytest.raises(refusal):
        voucher(hub, terms)
    assert not Voucher.objects.exists()


def test_a_code_is_never_given_twice_even_after_its_end(hub):
    actions.end_voucher(hub_id=hub.pk, voucher_id=voucher(hub), actor=SYSTEM, now=NOW)

    with pytest.raises(rules.CodeTaken):
        voucher(hub, replace(TEN, amount_minor=500))


def test_only_those_who_manage_the_hub_touch_its_vouchers(hub):
    made = voucher(hub)

    for act in (
        lambda: actions.make_voucher(hub_id=hub.pk, terms=TEN, actor=GUEST, now=NOW),
        lambda: actions.edit_voucher(hub_id=hub.pk, voucher_id=made, terms=TEN, actor=GUEST, now=NOW),
        lambda: actions.end_voucher(hub_id=hub.pk, voucher_id=made, actor=GUEST, now=NOW),
        lambda: queries.vouchers(hub_id=hub.pk, actor=GUEST),
        lambda: queries.uses_of(hub_id=hub.pk, voucher_id=made, actor=GUEST),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_voucher_is_used_as_often_as_it_may_be(hub):
    voucher(hub, replace(TEN, most_uses=2))
    use(hub, customer(hub), "order:A")
    use(hub, customer(hub, "Brieuc"), "order:B")

    with pytest.raises(rules.VoucherUsedUp):
        use(hub, customer(hub, "Corentin"), "order:C")
    assert VoucherUse.objects.count() == 2


def test_a_customer_uses_a_voucher_as_often_as_one_may(hub):
    voucher(hub, replace(TEN, most_uses=None, most_per_customer=1))
    armelle = customer(hub)
    use(hub, armelle, "order:A")

    with pytest.raises(rules.VoucherUsedByThem):
        use(hub, armelle, "order:B")
    use(hub, customer(hub, "Brieuc"), "order:C")


def test_unknown_ended_and_expired_are_said_apart(hub):
    armelle = customer(hub)
    voucher(hub, replace(TEN, expires_at=NOW + timedelta(days=1)))
    ended = voucher(hub, replace(TEN, code="FINI"))
    actions.end_voucher(hub_id=hub.pk, voucher_id=ended, actor=SYSTEM, now=NOW)

    with pytest.raises(rules.VoucherNotKnown):
        use(hub, armelle, code="MERCI11")
    with pytest.raises(rules.VoucherEnded):
        use(hub, armelle, code="fini")
    with pytest.raises(rules.VoucherExpired):
        use(hub, armelle, at=NOW + timedelta(days=1))
    use(hub, armelle, at=NOW + timedelta(days=1) - timedelta(seconds=1))


def test_a_voucher_given_back_can_be_used_again_and_taken_up_again_only_if_it_is_left(hub):
    voucher(hub)
    use(hub, customer(hub), "order:A")

    actions.give_back(about="order:A", at=NOW)
    use(hub, customer(hub, "Brieuc"), "order:B")

    with pytest.raises(rules.VoucherUsedUp):
        actions.use_again(about="order:A")
    actions.give_back(about="order:B", at=NOW)
    actions.use_again(about="order:A")
    assert [row.given_back_at is None for row in VoucherUse.objects.order_by("about")] == [True, False]


def test_what_has_no_voucher_has_none_to_give_back(hub):
    actions.give_back(about="order:A", at=NOW)
    actions.use_again(about="order:A")

    assert not VoucherUse.objects.exists()


def test_the_list_of_vouchers_asks_one_query_however_many(hub, django_assert_num_queries):
    anne = make.manager(hub)
    for number in range(3):
        voucher(hub, replace(TEN, code=f"MERCI{number}", most_uses=None))
    for number in range(3):
        use(hub, customer(hub, f"C{number}"), f"order:{number}", code="merci1")
    actions.end_voucher(hub_id=hub.pk, voucher_id=Voucher.objects.get(code="MERCI2").pk, actor=SYSTEM, now=NOW)

    with django_assert_num_queries(1):
        rows = queries.vouchers(hub_id=hub.pk, actor=anne)

    assert [(row.terms.code, row.uses, row.is_ended) for row in rows] == [
        ("MERCI1", 3, False),
        ("MERCI0", 0, False),
        ("MERCI2", 0, True),
    ]


@pytest.fixture
def anne(client, hub):
    found = Person.objects.create_user("anne@b.example", language="en")
    Role.objects.create(person=found, enterprise=hub, name="manager")
    client.force_login(found)
    client.cookies["django_language"] = "en"
    return found


def at(name, *extra):
    return reverse(f"shops:{name}", args=["la-halle", *extra])


def test_a_voucher_is_made_on_its_page_and_its_uses_are_shown(client, anne, hub):
    typed = {
        "code": "Merci 10",
        "amount_minor": "10,00",
        "minimum_minor": "20",
        "last_day": "2099-12-31",
        "most_uses": "",
    }

    answer = client.post(at("new_voucher"), typed)

    made = Voucher.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, at("voucher", made.pk))
    assert (made.code, made.amount_minor, made.minimum_minor, made.most_uses) == ("MERCI10", 1000, 2000, None)
    assert made.expires_at.isoformat() == "2099-12-31T23:00:00+00:00"  # midnight in Paris: the last day counts
    use(hub, customer(hub), "order:R7K2M9")
    page = client.get(at("voucher", made.pk))
    assert page.context["form"]["last_day"].value().isoformat() == "2099-12-31"
    assert "R7K2M9" in page.content.decode()
    assert "Armelle" in page.content.decode()
    assert "can be used" in client.get(at("vouchers")).content.decode()


def test_a_wrong_voucher_is_shown_again_with_the_reason(client, anne):
    answer = client.post(at("new_voucher"), {"code": "DIX", "amount_minor": "10", "percent_millionths": "5"})

    assert answer.status_code == 422
    assert "either an amount or a percentage" in answer.content.decode()
    assert answer.context["form"]["amount_minor"].value() == "10"


def test_a_voucher_is_changed_but_for_its_code_and_ended(client, anne, hub):
    made = voucher(hub)

    client.post(at("voucher", made), {"code": "AUTRE", "percent_millionths": "15", "most_uses": "5"})
    kept = Voucher.objects.get()
    assert (kept.code, kept.amount_minor, kept.percent_millionths, kept.most_uses) == ("MERCI10", 0, 150_000, 5)

    client.post(at("end_voucher", made))
    assert Voucher.objects.get().ended_at is not None
    assert "ended" in client.get(at("vouchers")).content.decode()
