import pytest
from django.urls import reverse

from bocage.network.models import Enterprise, Person, Role
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee
from bocage.shops.models import DeliveryMethod, Listing, PickupPoint, Shop, TagRule
from bocage.shops.tests import make

pytestmark = pytest.mark.django_db
POINT = {"name": "Sous la halle", "town": "Malvran"}


@pytest.fixture
def hub(client):
    """A hub whose manager is signed in."""
    found = make.hub(slug="la-halle")
    anne = Person.objects.create_user("anne@b.example", language="en")
    Role.objects.create(person=anne, enterprise=found, name="manager")
    client.force_login(anne)
    client.cookies["django_language"] = "en"
    return found


def at(name, *extra):
    return reverse(f"shops:{name}", args=["la-halle", *extra])


def test_the_terms_of_the_shop_are_set(client, hub):
    answer = client.post(at("settings"), {"is_members_only": "on", "shows_low_stock_from": "5", "message": "Bonjour"})

    shop = Shop.objects.get()
    assert answer.status_code == 303
    assert (shop.is_members_only, shop.allows_guests, shop.shows_low_stock_from) == (True, False, 5)
    assert shop.message == "<p>Bonjour</p>"
    assert client.get(at("settings")).context["form"]["message"].value() == "Bonjour"


def test_the_profile_is_edited(client, hub):
    page = client.get(at("profile"))
    values = {name: value for name, value in page.context["form"].initial.items() if value}

    answer = client.post(at("profile"), {**values, "name": "Le Panier de la Halle", "town": "Malvran"})

    assert answer.status_code == 303
    assert Enterprise.objects.values_list("name", "town", "slug").get() == (
        "Le Panier de la Halle",
        "Malvran",
        "la-halle",
    )


TYPED = {
    "percent_millionths": "5,5",
    "amount_minor": "1,00",
    "additional_minor": "2,00",
    "limit": "3",
    "threshold_minor": "40",
    "reduced_minor": "0,50",
}
COLUMNS = ("percent_millionths", "amount_minor", "additional_minor", "limit", "threshold_minor", "reduced_minor")


@pytest.mark.parametrize(
    ("calculator", "kept"),
    [
        ("percent", (55_000, 0, 0, 0, 0, 0)),
        ("per_item", (0, 100, 0, 0, 0, 0)),
        ("per_kilogram", (0, 100, 0, 0, 0, 0)),
        ("flat", (0, 100, 0, 0, 0, 0)),
        ("sack", (0, 100, 0, 0, 4000, 50)),
        ("flexible", (0, 100, 200, 3, 0, 0)),
    ],
)
def test_of_the_amounts_typed_only_those_that_the_page_shows_are_kept(client, hub, calculator, kept):
    words = {"name": "Coordination", "kind": "admin", "tax": "none"}

    answer = client.post(at("new_fee"), {**words, **TYPED, "calculator": calculator})

    assert answer.status_code == 303
    assert EnterpriseFee.objects.values_list(*COLUMNS).get() == kept


def test_who_does_not_sell_is_led_to_its_profile(client, hub):
    Enterprise.objects.update(sells="none")

    assert client.get(at("settings")).url == at("profile")


def test_a_point_and_a_way_are_added_changed_and_ended(client, hub):
    client.post(at("new_point"), POINT)
    point = PickupPoint.objects.get()
    method = {
        "kind": "pickup",
        "name": "À la halle",
        "point_id": point.pk,
        "calculator": "flat",
        "amount_minor": "1,50",
    }
    client.post(at("new_method"), method)
    kept = DeliveryMethod.objects.get()

    client.post(at("method", kept.pk), {**method, "amount_minor": ""})
    in_use = client.post(at("end_point", point.pk))
    client.post(at("end_method", kept.pk))
    ended = client.post(at("end_point", point.pk))

    kept.refresh_from_db()
    assert (kept.amount_minor, kept.point_id) == (0, point.pk)
    assert in_use.status_code == 422
    assert "picked up here by “À la halle”" in in_use.content.decode()
    assert ended.status_code == 303
    assert "No pickup point yet" in client.get(at("delivery")).content.decode()


@pytest.mark.parametrize(
    ("route", "data", "words"),
    [
        ("settings", {"shows_low_stock_from": "-1"}, "greater than or equal to 0"),
        ("profile", {"name": ""}, "This field is required"),
        ("new_point", {"name": "Sous la halle"}, "This field is required"),
        (
            "new_method",
            {"kind": "pickup", "name": "À la halle", "calculator": "flat"},
            "Choose one of your pickup points",
        ),
        (
            "new_method",
            {"kind": "delivery", "name": "Tournée", "calculator": "flat", "postcodes": "61*"},
            "Write the beginnings of postcodes",
        ),
        ("new_fee", {"name": "X", "kind": "packing", "calculator": "flat", "tax": "inherit"}, "cannot take the VAT"),
        ("new_fee", {"name": "X", "kind": "packing", "calculator": "percent", "tax": "own"}, "Choose the VAT rate"),
        (
            "new_fee",
            {"name": "X", "kind": "packing", "calculator": "percent", "tax": "none", "percent_millionths": "much"},
            "Write a percentage",
        ),
    ],
)
def test_each_form_says_in_words_what_is_wrong(client, hub, route, data, words):
    answer = client.post(at(route), data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_fee_is_added_changed_and_ended(client, hub):
    data = {
        "name": "Coordination",
        "kind": "admin",
        "calculator": "percent",
        "percent_millionths": "12,5",
        "tax": "inherit",
    }
    client.post(at("new_fee"), data)
    fee = EnterpriseFee.objects.get()
    page = client.get(at("fees")).content.decode()

    assert fee.percent_millionths == 125000
    assert "12.5%" in page and "coordination" in page
    assert client.post(at("fee", fee.pk), {**data, "percent_millionths": "8"}).status_code == 303
    assert client.get(at("fee", fee.pk)).context["form"]["percent_millionths"].value() == "8"
    assert client.post(at("end_fee", fee.pk)).status_code == 303
    assert "No fee yet" in client.get(at("fees")).content.decode()


def test_an_own_price_is_set_refused_and_taken_back(client, hub):
    farm = make.farm()
    make.agreement(farm, hub)
    variant = make.variant(make.product(farm))

    wrong = client.post(at("price", variant.pk), {"price_minor": "dear"})
    client.post(at("price", variant.pk), {"price_minor": "2,60", "is_hidden": "on"})
    page = client.get(at("prices")).content.decode()

    assert wrong.status_code == 422
    assert Listing.objects.values_list("price_minor", "is_hidden").get() == (260, True)
    assert 'value="2.60"' in page
    client.post(at("price", variant.pk), {"price_minor": ""})
    assert Listing.objects.count() == 0


def test_many_prices_come_in_pages_that_keep_products_whole(client, hub, monkeypatch):
    monkeypatch.setattr("bocage.shops.views.money.PRICES_SHOWN", 2)
    Enterprise.objects.update(is_producer=True)
    products = [make.product(hub, name=f"Chou {n}") for n in range(3)]
    for product in products:
        make.variant(product)

    first = client.get(at("prices")).context
    rest = client.get(at("prices"), {"after": first["next_after"]}).context

    assert [row.product for row in (*first["rows"], *rest["rows"])] == ["Chou 0", "Chou 1", "Chou 2"]
    assert (first["next_after"], rest["next_after"]) == (products[1].pk, 0)


def test_strangers_and_other_hubs_rows_are_refused(client, hub):
    other = make.hub("Autre", slug="autre")
    point = PickupPoint.objects.create(hub=other, **POINT)
    method = DeliveryMethod.objects.create(hub=other, kind="pickup", point=point, name="Chez eux")
    fee = EnterpriseFee.objects.create(enterprise=other, name="X", kind="packing", calculator="flat", tax="none")
    theirs = [at("point", point.pk), at("method", method.pk), at("fee", fee.pk)]
    assert {client.get(address).status_code for address in theirs} == {403}
    assert client.post(at("end_fee", fee.pk)).status_code == 403

    Role.objects.create(person=Person.objects.get(), enterprise=other, name="manager")
    assert {client.get(address).status_code for address in theirs} == {404}

    Role.objects.all().delete()
    names = ["settings", "profile", "delivery", "new_point", "new_method", "fees", "new_fee", "prices"]
    assert {client.get(at(name)).status_code for name in names} == {403}
    client.logout()
    assert {client.get(at(name)).status_code for name in names} == {302}


def test_products_are_kept_for_some_customers_in_one_sentence(client, hub):
    answer = client.post(at("rules"), {"kind": "goods", "target_tags": "Pro", "customer_tags": "resto"})

    assert answer.status_code == 303
    text = client.get(at("rules")).text
    assert "By default, products tagged <b>pro</b> are hidden." in text
    assert "Customers tagged <b>resto</b> see products tagged <b>pro</b>." in text


def test_a_half_written_rule_comes_back_with_what_was_typed(client, hub):
    answer = client.post(at("rules"), {"kind": "goods", "target_tags": "pro", "customer_tags": ""})

    assert answer.status_code == 422
    assert 'value="pro"' in answer.text
    assert TagRule.objects.count() == 0


def test_a_rule_for_everybody_only_hides(client, hub):
    answer = client.post(at("new_rule"), {"who": "all", "does": "show", "kind": "payment", "target_tags": "plus tard"})

    assert answer.status_code == 422
    assert "a rule for everybody only hides" in answer.text


def test_a_rule_is_written_word_by_word_changed_moved_and_removed(client, hub):
    typed = {"who": "some", "does": "hide", "kind": "delivery", "target_tags": "camion", "customer_tags": "loin"}
    client.post(at("new_rule"), typed)
    client.post(at("new_rule"), typed | {"target_tags": "vélo"})
    first, second = TagRule.objects.order_by("priority").values_list("id", flat=True)

    client.post(at("rule", first), typed | {"does": "show"})
    client.post(at("rule_move", second), {"to": "earlier"})

    rows = TagRule.objects.order_by("priority").values_list("id", "shows", "target_tags")
    assert list(rows) == [(second, False, "vélo"), (first, True, "camion")]
    assert client.get(at("rule", first)).context["form"]["does"].value() == "show"
    client.post(at("rule_removal", first))
    assert list(TagRule.objects.values_list("id", flat=True)) == [second]


def test_ways_to_pay_and_to_get_orders_keep_their_tags(client, hub):
    client.post(at("new_payment_method"), {"kind": "transfer", "name": "Plus tard", "tags": "Confiance, pro"})
    pay = PaymentMethod.objects.get()
    round_ = {"kind": "delivery", "name": "Tournée", "calculator": "flat", "amount_minor": "4", "tags": "camion"}
    client.post(at("new_method"), round_)

    assert pay.tags == "confiance,pro"
    assert 'value="confiance, pro"' in client.get(at("payment_method", pay.pk)).text
    method = DeliveryMethod.objects.get()
    assert method.tags == "camion"
    assert 'value="camion"' in client.get(at("method", method.pk)).text
