"""What a hub notes of its customers: one by one and from a file, with every mistake listed before anything is saved."""

import csv
import io
from contextlib import suppress

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.cells import guarded
from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions
from bocage.network.models import Customer, CustomerTag
from bocage.network.rules.customers import (
    COLUMNS,
    CodeTaken,
    CustomerChanged,
    CustomerDetails,
    EmailTaken,
    FileHasMistakes,
    NotText,
    beside,
    read_sheet,
    text_of,
    tidy_tags,
)
from bocage.network.tests import make


def wrongs(text):
    return [(one.row, one.column, one.why) for one in read_sheet(text).wrong]


def test_tags_are_tidied_and_kept_once():
    assert tidy_tags(" École, Salariés ;école,, Grand  Hall ") == ("école", "salariés", "grand hall")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_by_its_head_whatever_separates_its_cells(separator):
    text = separator.join(["E-mail", "Nom"]) + "\r\n" + separator.join(["Anne@Example.org", "Anne"]) + "\r\n\r\n"

    assert read_sheet(text).rows == ((2, {"email": "anne@example.org", "name": "Anne"}),)


@pytest.mark.parametrize("sent", [b"PK\x03\x04...", b"\x00\x01\x02"])
def test_a_workbook_is_no_csv(sent):
    with pytest.raises(NotText):
        text_of(sent)


def test_every_mistake_is_listed_with_its_row_and_column():
    text = "email,name,member,colour\nno address,A,yes,red\n,B,,\nc@d.fr,C,perhaps,\nC@D.fr,C,no,\n"

    assert wrongs(text) == [
        (1, "colour", "unknown_column"),
        (2, "email", "not_an_address"),
        (3, "email", "empty"),
        (4, "member", "yes_or_no"),
        (5, "email", "twice"),
    ]
    assert wrongs("name\nAnne\n") == [(1, "email", "missing_column")]
    assert wrongs("") == [(1, "email", "missing_column")]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    with suppress(NotText):
        read_sheet(text)


@pytest.fixture
def hub():
    return make.hub()


def save(hub, customer_id=None, actor=None, **details):
    said = CustomerDetails(**{"email": "anne@example.org", "name": "Anne", **details})
    asked = {"hub_id": hub.id, "customer_id": customer_id, "actor": actor or make.manager(hub)}
    return actions.save_customer(**asked, details=said, now=make.NOW)


@pytest.mark.django_db
def test_a_customer_is_noted_and_changed(hub):
    pk = save(hub, code="12", tags=("school", "staff"), note="By bicycle.")
    save(hub, pk, email="Anne.D@example.org", code="12", tags=("school",), is_member=True)

    row = Customer.objects.get()
    assert (row.email, row.code, row.is_member, row.note) == ("anne.d@example.org", "12", True, "")
    assert list(CustomerTag.objects.values_list("name", flat=True)) == ["school"]


@pytest.mark.django_db
def test_an_address_with_an_account_becomes_its_record_and_stays_its_holders(hub):
    anne = make.person("anne@example.org")
    pk = save(hub)
    save(hub, pk, email="somebody.else@example.org")

    row = Customer.objects.get()
    assert (row.person, row.email) == (anne, "anne@example.org")


@pytest.mark.django_db
def test_an_address_and_a_code_mean_one_customer_of_the_hub(hub):
    save(hub, code="12")
    save(make.hub(), code="12")
    zoe = save(hub, email="zoe@example.org")

    with pytest.raises(EmailTaken):
        save(hub)
    with pytest.raises(EmailTaken):
        save(hub, zoe, email="anne@example.org")
    with pytest.raises(CodeTaken):
        save(hub, zoe, email="zoe@example.org", code="12")


@pytest.mark.django_db
def test_a_strangers_customer_is_not_there_and_volunteers_change_nothing(hub):
    pk = save(make.hub())

    with pytest.raises(NotFound):
        save(hub, pk)
    with pytest.raises(Forbidden):
        save(hub, actor=make.manager(hub, "volunteer"))
    with pytest.raises(Forbidden):
        save(hub, actor=make.manager(make.hub()))


@pytest.mark.django_db
def test_a_file_adds_changes_and_leaves_alone_what_it_does_not_say(hub):
    save(hub, phone="0612345678", tags=("staff",))
    save(hub, email="zoe@example.org", code="7")
    asked = {"hub_id": hub.id, "actor": make.manager(hub)}
    sheet = read_sheet(
        "email;name;code;tags;phone\nanne@example.org;Anne D.;3;;\nnew@example.org;;;a,b;\nzoe@example.org;;7;;\n"
    )

    tried = actions.try_import(**asked, sheet=sheet)
    assert Customer.objects.count() == 2
    done = actions.import_customers(**asked, sheet=sheet, now=make.NOW)

    assert (tried.added, tried.changed, tried.same) == (done.added, done.changed, done.same) == (1, 1, 1)
    rows = Customer.objects.order_by("email").values_list("email", "name", "code", "phone")
    assert list(rows) == [
        ("anne@example.org", "Anne D.", "3", "0612345678"),
        ("new@example.org", "new", "", ""),
        ("zoe@example.org", "Anne", "7", ""),
    ]
    assert sorted(CustomerTag.objects.values_list("name", flat=True)) == ["a", "b", "staff"]


@pytest.mark.django_db
def test_a_file_with_one_mistake_changes_nothing(hub):
    save(hub, code="12")
    asked = {"hub_id": hub.id, "actor": make.manager(hub)}
    sheet = read_sheet("email;code\nnew@example.org;\nother@example.org;12\n")

    with pytest.raises(FileHasMistakes):
        actions.import_customers(**asked, sheet=sheet, now=make.NOW)
    assert [(one.row, one.column, one.why) for one in actions.try_import(**asked, sheet=sheet).wrong] == [
        (3, "code", "taken")
    ]
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_what_was_taken_out_comes_in_again_and_changes_nothing(hub):
    save(hub, name="=Anne", code="-1", tags=("staff",), note="a;b\n“c”", is_member=True)
    made = io.StringIO()
    row = ("anne@example.org", "=Anne", "", "-1", "staff", "a;b\n“c”", "yes")
    csv.writer(made, delimiter=";").writerows([COLUMNS, [guarded(cell) for cell in row]])

    outcome = actions.try_import(hub_id=hub.id, sheet=read_sheet(made.getvalue()), actor=make.manager(hub))

    assert (outcome.added, outcome.changed, outcome.same, outcome.wrong) == (0, 0, 1, ())


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 900])
def test_a_file_takes_the_same_queries_for_any_thousand_rows(hub, count, django_assert_num_queries):
    save(hub, email="known0@example.org", tags=("staff",))
    actor = make.manager(hub)
    rows = "".join(f"known{n}@example.org;Name {n};c{n};a,b\n" for n in range(count))
    sheet = read_sheet(f"email;name;code;tags\n{rows}")

    with django_assert_num_queries(12):
        done = actions.import_customers(hub_id=hub.id, sheet=sheet, actor=actor, now=make.NOW)

    assert (done.added, done.changed) == (count - 1, 1)
    assert (Customer.objects.count(), CustomerTag.objects.count()) == (count, 2 * count)


@pytest.mark.django_db
def test_an_address_that_an_account_proved_leads_to_its_record(hub):
    anne = make.person("anne@example.org")
    save(hub, name="Anne")
    EmailAddress.objects.create(user=anne, email="Other@example.org", verified=True)
    asked = {"hub_id": hub.id, "actor": make.manager(hub)}
    sheet = read_sheet("email;code\nother@example.org;9\n")

    tried = actions.try_import(**asked, sheet=sheet)
    actions.import_customers(**asked, sheet=sheet, now=make.NOW)

    row = Customer.objects.get()
    assert ((tried.added, tried.changed), row.code, row.email) == ((0, 1), "9", "anne@example.org")
    both = read_sheet("email;code\nanne@example.org;1\nother@example.org;2\n")
    wrong = actions.try_import(**asked, sheet=both).wrong
    assert [(one.row, one.column, one.why) for one in wrong] == [(3, "email", "same_person")]


@pytest.mark.django_db
def test_a_new_address_of_an_account_becomes_that_accounts_record(hub):
    anne = make.person("anne@example.org")
    sheet = read_sheet("email;name\nanne@example.org;Anne\n")

    actions.import_customers(hub_id=hub.id, sheet=sheet, actor=make.manager(hub), now=make.NOW)

    assert Customer.objects.get().person == anne


def test_more_rows_than_may_be_are_refused_before_anything_else(monkeypatch):
    monkeypatch.setattr("bocage.network.rules.customers.MOST_ROWS", 2)

    assert wrongs("email\na@b.fr\nc@d.fr\ne@f.fr\n") == [(4, "", "too_many_rows")]


def noted(**said):
    return CustomerDetails(**{"email": "anne@example.org", "name": "Anne", **said})


def test_of_two_who_write_of_a_customer_each_keeps_what_only_they_changed():
    seen, theirs = noted(), noted(phone="0612345678", tags=("b", "a"))

    assert beside(noted(note="By bicycle."), seen, theirs) == noted(
        phone="0612345678", note="By bicycle.", tags=("b", "a")
    )
    assert beside(theirs, seen, theirs) == theirs
    with pytest.raises(CustomerChanged) as refused:
        beside(noted(phone="0698765432"), seen, theirs)
    assert refused.value.theirs == {"phone": "0612345678"}


@pytest.mark.django_db
def test_who_saves_a_customer_second_is_refused_what_both_changed(hub):
    pk = save(hub)
    save(hub, pk, code="12")
    asked = {"hub_id": hub.id, "customer_id": pk, "actor": make.manager(hub), "now": make.NOW, "seen": noted()}

    with pytest.raises(CustomerChanged):
        actions.save_customer(**asked, details=noted(code="13"))
    actions.save_customer(**asked, details=noted(note="By bicycle."))

    assert Customer.objects.values_list("code", "note").get() == ("12", "By bicycle.")
