"""A hub's customers on their pages: found, shown with their account, taken out and brought in; never a stranger's."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden, NotFound
from bocage.ledger import actions as ledger
from bocage.ledger.rules import AccountKey
from bocage.network.models import Customer, CustomerTag, Person, Role
from bocage.shops import queries
from bocage.shops.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(client):
    """A hub whose manager is signed in, reading English."""
    found = make.hub(slug="la-halle")
    anne = Person.objects.create_user("anne@b.example", language="en")
    Role.objects.create(person=anne, enterprise=found, name="manager")
    client.force_login(anne)
    return found


def at(name, *extra):
    return reverse(f"shops:{name}", args=["la-halle", *extra])


def customer(hub, name="Zoé Le Goff", email="", **fields):
    kept = {"email": email or f"{name.split()[0].lower()}@example.org", "created_at": make.NOW}
    return Customer.objects.create(hub=hub, name=name, **{**kept, **fields})


def owe(hub, who, minor, what="sale"):
    ledger.post(
        book_id=hub.pk,
        key=f"{what}:{who.pk}:{minor}",
        about="order:R7K2M9",
        what=what,
        postings={AccountKey("customer", f"customer:{who.pk}"): minor, AccountKey("sales", ""): -minor},
        by="system",
        at=make.NOW,
        currency="EUR",
    )


def found(hub, **asked):
    return queries.customers(hub_id=hub.pk, actor=make.manager(hub), **asked)


def test_customers_are_found_by_words_without_accents_and_by_tag(hub):
    zoe, paul = customer(hub, phone="06 12 34 56 78"), customer(hub, "Paul Émile", code="K12")
    CustomerTag.objects.create(customer=paul, name="school")
    customer(make.hub(), "Zoé Elsewhere")

    def names(**asked):
        return [row.id for row in found(hub, **asked).rows]

    assert names(text="zoe GOFF") == [zoe.pk]
    assert names(text="0612345678") == [zoe.pk]
    assert names(text="k12") == names(tag="school") == [paul.pk]
    assert (names(text="nobody"), names()) == ([], [paul.pk, zoe.pk])


def test_pages_follow_each_other_and_say_how_many_there_are(hub):
    for number in range(7):
        customer(hub, f"Customer {number}", f"c{number}@example.org")

    first = found(hub, limit=3)
    second = found(hub, limit=3, after=first.next)
    third = found(hub, limit=3, after=second.next)

    assert [len(page.rows) for page in (first, second, third)] == [3, 3, 1]
    assert (first.total, third.next) == (7, "")
    assert len({row.id for page in (first, second, third) for row in page.rows}) == 7


def test_a_balance_counts_the_records_joined_to_a_customer(hub):
    anne = Person.objects.create_user("zoe@example.org")
    main = customer(hub, person=anne)
    joined = customer(hub, "Zoé", "old@example.org", person=anne, main=main)
    owe(hub, main, 1250)
    owe(hub, joined, -500, "payment")

    [row] = found(hub).rows
    moved = queries.movements(customer_id=main.pk, hub_id=hub.pk, actor=make.manager(hub))

    assert (row.id, row.balance) == (main.pk, Money(750))
    assert [(one.what, one.amount, one.balance) for one in moved] == [
        ("payment", Money(-500), Money(750)),
        ("sale", Money(1250), Money(1250)),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_customer_and_with_three(hub, count, django_assert_num_queries):
    actor = make.manager(hub)
    for number in range(count):
        who = customer(hub, f"C {number}", f"c{number}@example.org")
        CustomerTag.objects.create(customer=who, name="a")
        owe(hub, who, 100)

    with django_assert_num_queries(5):
        assert len(queries.customers(hub_id=hub.pk, actor=actor).rows) == count


@pytest.mark.parametrize("what", ["sale", "amendment", "weight", "price", "cancellation", "resumption", "payment"])
def test_each_kind_of_movement_is_said_in_words(client, hub, what):
    who = customer(hub)
    owe(hub, who, 1250, what)

    page = client.get(at("customer", who.pk)).content.decode()

    assert "12,50" in page or "12.50" in page
    assert not re.search(rf">\s*{what}\s*<", page)


def test_a_strangers_customer_is_seen_nowhere(client, hub):
    theirs = customer(make.hub(slug="ailleurs"), "Secret Person")

    assert client.get(at("customer", theirs.pk)).status_code == 404
    assert client.post(at("customer", theirs.pk), {"name": "Mine", "email": "x@example.org"}).status_code == 404
    assert client.get(reverse("shops:customers", args=["ailleurs"])).status_code == 403
    for name in ("customers", "customers_export"):
        assert b"Secret" not in client.get(at(name)).content
    with pytest.raises(NotFound):
        queries.customer(customer_id=theirs.pk, hub_id=hub.pk, actor=make.manager(hub))
    with pytest.raises(Forbidden):
        queries.customers(hub_id=theirs.hub_id, actor=make.manager(hub))
    with pytest.raises(NotFound):
        queries.movements(customer_id=theirs.pk, hub_id=hub.pk, actor=make.manager(hub))


def test_a_customer_is_noted_shown_and_changed(client, hub):
    said = {"name": "Zoé Le Goff", "email": "zoe@example.org", "code": "12", "tags": "Staff, school"}
    client.post(at("new_customer"), said)
    row = Customer.objects.get()
    client.post(at("customer", row.pk), {**said, "note": "By bicycle.", "is_member": "on", "tags": "staff"})
    twice = client.post(at("new_customer"), said)
    page = client.get(at("customer", row.pk)).content.decode()

    row.refresh_from_db()
    assert (row.note, row.is_member) == ("By bicycle.", True)
    assert list(CustomerTag.objects.values_list("name", flat=True)) == ["staff"]
    assert (twice.status_code, "already a customer of yours" in twice.content.decode()) == (422, True)
    assert "By bicycle." in page


def test_a_volunteer_reads_but_neither_changes_nor_takes_out(client, hub):
    who = customer(hub, note="By bicycle.")
    helper = Person.objects.create_user("helper@b.example", language="en")
    Role.objects.create(person=helper, enterprise=hub, name="volunteer")
    client.force_login(helper)

    assert b"By bicycle." in client.get(at("customer", who.pk)).content
    refused = [
        client.post(at("customer", who.pk), {"name": "X", "email": "x@example.org"}),
        client.get(at("customers_export")),
        client.get(at("customers_import")),
        client.get(at("new_customer")),
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 403, 403]
    assert b"export.csv" not in client.get(at("customers")).content


def test_a_file_is_tried_first_and_taken_once_confirmed(client, hub):
    customer(hub, "Zoé", "zoe@example.org")
    file = SimpleUploadedFile("c.csv", b"email;nom\nzoe@example.org;\nnew@example.org;Neuf\n")

    tried = client.post(at("customers_import"), {"file": file})
    assert Customer.objects.count() == 1
    client.post(at("customers_import"), {"text": tried.context["text"]})

    assert (tried.status_code, tried.context["outcome"].added) == (200, 1)
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Neuf", "Zoé"]


@pytest.mark.parametrize("packed", ["x", "eJw=", "////"])
def test_a_text_that_nobody_packed_is_asked_for_again(client, hub, packed):
    assert client.post(at("customers_import"), {"text": packed}).status_code == 422
    assert not Customer.objects.exists()


def test_who_saves_a_customer_second_reads_what_the_first_wrote_and_may_still_save(client, hub):
    pk = customer(hub, "Zoé", "zoe@example.org").pk
    where = at("customer", pk)
    seen = client.get(where).context["seen"]
    mine = {"name": "Zoé", "email": "zoe@example.org", "code": "13", "seen": seen}
    client.post(where, {**mine, "code": "12"})

    stale = client.post(where, mine)
    assert (stale.status_code, "Somebody else wrote: 12" in stale.content.decode()) == (422, True)
    assert Customer.objects.get().code == "12"
    again = client.post(where, {**mine, "seen": stale.context["seen"]})

    assert (again.status_code, Customer.objects.get().code) == (303, "13")


def test_mistakes_are_shown_with_their_row_and_nothing_is_saved(client, hub):
    file = SimpleUploadedFile("c.csv", b"email,name\nnot an address,A\ngood@example.org,B\n")

    answer = client.post(at("customers_import"), {"file": file})
    workbook = client.post(at("customers_import"), {"file": SimpleUploadedFile("c.xlsx", b"PK\x03\x04 zip")})
    nothing = client.post(at("customers_import"), {})

    assert [answer.status_code, workbook.status_code, nothing.status_code] == [422, 422, 422]
    assert "This is not an e-mail address." in answer.content.decode()
    assert "save it as CSV" in workbook.content.decode()
    assert not Customer.objects.exists()


def test_all_customers_are_taken_out_without_formulas(client, hub):
    customer(hub, "=cmd()", "zoe@example.org")

    answer = client.get(at("customers_export"))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "\ufeffemail;name;phone;code;tags;note;member",
        "zoe@example.org;'=cmd();;;;;no",
    ]


HTMX = {"HX-Request": "true"}


def test_a_cell_of_the_list_is_saved_alone_and_offers_the_way_back(client, hub):
    zoe = customer(hub, code="A1", note="Appeler")
    CustomerTag.objects.create(customer=zoe, name="école")

    tagged = client.post(at("customer_cell", zoe.pk, "tags"), {"value": "École, pro", "seen": "école"}, headers=HTMX)
    named = client.post(at("customer_cell", zoe.pk, "name"), {"value": "Zoé Riou", "seen": zoe.name}, headers=HTMX)

    zoe.refresh_from_db()
    assert (zoe.name, zoe.code, zoe.note) == ("Zoé Riou", "A1", "Appeler")
    assert sorted(tags(zoe)) == ["pro", "école"]
    assert ("Undo: école" in tagged.content.decode(), "Undo: Zoé Le Goff" in named.content.decode()) == (True, True)


def test_a_cell_shows_what_somebody_else_wrote_and_keeps_what_was_typed(client, hub):
    zoe = customer(hub, code="B2")

    refused = client.post(at("customer_cell", zoe.pk, "code"), {"value": "C3", "seen": "A1"}, headers=HTMX)
    again = client.post(at("customer_cell", zoe.pk, "code"), {"value": "C3", "seen": "B2"}, headers=HTMX)

    said = refused.content.decode()
    assert (refused.status_code, 'value="C3"' in said, 'name="seen" value="B2"' in said) == (422, True, True)
    zoe.refresh_from_db()
    assert (again.status_code, zoe.code) == (200, "C3")


def test_a_cell_refuses_a_taken_code_an_empty_name_and_strangers(client, hub):
    zoe, _paul = customer(hub, code="A1"), customer(hub, name="Paul", code="B2")
    other = customer(make.hub(slug="ailleurs"), name="Autre")

    answers = [
        client.post(at("customer_cell", zoe.pk, "code"), {"value": "B2", "seen": "A1"}, headers=HTMX),
        client.post(at("customer_cell", zoe.pk, "name"), {"value": " ", "seen": zoe.name}, headers=HTMX),
        client.post(at("customer_cell", other.pk, "name"), {"value": "X", "seen": "Autre"}, headers=HTMX),
        client.post(at("customer_cell", zoe.pk, "email"), {"value": "x@x.example", "seen": zoe.email}, headers=HTMX),
    ]

    assert [one.status_code for one in answers] == [422, 422, 404, 404]
    assert Customer.objects.filter(name="Zoé Le Goff", code="A1").exists()


def test_without_javascript_a_cell_leads_back_to_the_customer_in_the_list(client, hub):
    zoe = customer(hub)

    answer = client.post(at("customer_cell", zoe.pk, "code"), {"value": "A1", "seen": ""})

    assert (answer.status_code, answer["Location"]) == (303, f"{at('customers')}?q=zo%C3%A9%40example.org")


def tags(who):
    return CustomerTag.objects.filter(customer=who).values_list("name", flat=True)
