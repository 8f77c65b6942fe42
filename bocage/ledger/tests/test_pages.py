"""The pages of a book and its archives, for those who may see them."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden
from bocage.ledger import actions, keys
from bocage.ledger.models import Account, Entry
from bocage.ledger.queries import archive as archives
from bocage.ledger.queries import journal as books
from bocage.ledger.tests.make import AT, CASH, CUSTOMER, FARM, VAT, enterprise, post
from bocage.network.models import Person, Role
from bocage.network.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db
NEXT_YEAR = datetime(2027, 1, 3, tzinfo=UTC)


@pytest.fixture
def book():
    book = enterprise()
    post(book, {CUSTOMER: 633, FARM: -600, VAT: -33})
    post(book, {CUSTOMER: -633, CASH: 633}, key="k2", what="payment", at=AT + timedelta(hours=3))
    post(book, {CUSTOMER: 250, FARM: -250}, key="k3", about="order:Z9", at=AT + timedelta(days=30))
    return book


def signed_in(client, book, role="manager"):
    person = Person.objects.create(email=f"{role}@exemple.example")
    if role:
        Role.objects.create(person=person, enterprise=book, name=role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages(book):
    account = Account.objects.get(book=book, kind="customer").pk
    return [
        reverse("ledger:journal", args=[book.slug]),
        reverse("ledger:entry", args=[book.slug, 1]),
        reverse("ledger:account", args=[book.slug, account]),
        reverse("ledger:closings", args=[book.slug]),
        reverse("ledger:archive", args=[book.slug, 2026]),
        reverse("ledger:attestation", args=[book.slug]),
    ]


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("bookkeeper", 200), ("volunteer", 403), ("", 403)])
def test_managers_and_bookkeepers_see_the_books_and_nobody_else(client, book, role, status):
    signed_in(client, book, role)

    assert statuses(client, book) == [status] * 6


def test_a_manager_of_another_hub_sees_nothing(client, book):
    signed_in(client, enterprise("autre"))

    assert statuses(client, book) == [403] * 6
    with pytest.raises(Forbidden):
        archives.write_archive(io.BytesIO(), book_id=book.pk, year=2026, actor=Actor(label="person:1", person_id=1))


def statuses(client, book):
    """Ask for every page of a book; return the statuses."""
    answers = [client.get(page) for page in pages(book)]
    for answer in answers:
        answer.close()  # an archive is a file
    return [answer.status_code for answer in answers]


def journal(book, **asked):
    return [row.number for row in books.journal(book_id=book.pk, asked=books.Asked(**asked), actor=SYSTEM).rows]


def test_the_journal_finds_entries_by_account_reference_and_day(book):
    cash = Account.objects.get(book=book, kind="takings").pk

    assert journal(book) == [3, 2, 1]
    assert journal(book, account_id=cash) == [2]
    assert journal(book, about="order:Z9") == journal(book, about="z9") == [3]
    assert journal(book, since=AT + timedelta(hours=1), until=AT + timedelta(days=2)) == [2]


def test_a_page_of_the_journal_asks_the_same_number_of_questions_whatever_is_on_it(book, django_assert_num_queries):
    for number in range(5):
        post(book, {CUSTOMER: 1, FARM: -1}, key=f"more{number}")
        with django_assert_num_queries(5):
            books.journal(book_id=book.pk, asked=books.Asked(), actor=SYSTEM)


def test_what_is_typed_into_the_addresses_of_the_journal_does_no_harm(client, book):
    signed_in(client, book)
    page = reverse("ledger:journal", args=[book.slug])

    for typed in (
        "account=x",
        "since=9999-12-31&until=9999-12-31",
        "before=-1",
        "about=%00",
        "account=99999999999999999999",
    ):
        assert client.get(f"{page}?{typed}").status_code == 200


def test_a_balance_is_explained_by_every_posting_that_makes_it(book):
    account = Account.objects.get(book=book, kind="customer")
    found = books.explain(book_id=book.pk, account_id=account.pk, actor=SYSTEM)

    assert [(step.number, step.amount.minor, step.after.minor) for step in found.steps] == [
        (1, 633, 633), (2, -633, 0), (3, 250, 250),
    ]  # fmt: skip
    assert found.balance == Money(250, "EUR")

    first = books.explain(book_id=book.pk, account_id=account.pk, most=2, actor=SYSTEM)
    rest = books.explain(book_id=book.pk, account_id=account.pk, after=first.next_after, actor=SYSTEM)
    assert first.steps + rest.steps == found.steps
    assert (rest.before, rest.balance) == (Money(0, "EUR"), found.balance)


def test_the_command_explains_a_balance(book, capsys):
    call_command("explain", "balance", "panier", "customer", "customer:1")

    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said[1:4]] == ["1", "2", "3"]
    assert said[-1].endswith("2.50 EUR")


def test_an_entry_shows_its_postings_and_that_its_seal_holds(client, book):
    signed_in(client, book)
    row = Entry.objects.get(book=book, number=1)

    text = client.get(reverse("ledger:entry", args=[book.slug, 1])).content.decode()

    assert row.hash in text
    assert "order:R1" in text
    assert client.get(reverse("ledger:entry", args=[book.slug, 99])).status_code == 404
    assert books.entry(book_id=book.pk, number=1, actor=SYSTEM).is_whole


def test_the_public_key_is_for_everybody(client):
    assert client.get(reverse("ledger:key")).content.decode().strip() == keys.public()


# ── Archives ───────────────────────────────────────────────────────────────────────────────────────────────────────
def archived(book, year=2026):
    file = io.BytesIO()
    about = archives.write_archive(file, book_id=book.pk, year=year, actor=SYSTEM)
    return about, zipfile.ZipFile(file)


def checked(folder):
    return subprocess.run([sys.executable, "-I", folder / "check.py"], capture_output=True, text=True, cwd="/")


def test_an_archive_checks_itself_elsewhere_without_us(book, tmp_path):
    actions.close_due(now=NEXT_YEAR)
    about, archive = archived(book)
    archive.extractall(tmp_path)

    done = checked(tmp_path)

    assert (about["first"], about["last"], about["is_closed"]) == (1, 3, True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 faults" in done.stdout
    assert keys.public() in done.stdout


def test_the_next_year_follows_the_one_before(book, tmp_path):
    actions.close_due(now=NEXT_YEAR)
    post(book, {CUSTOMER: 1, FARM: -1}, key="k4", at=NEXT_YEAR)
    about, archive = archived(book, 2027)
    archive.extractall(tmp_path)

    assert (about["first"], about["last"], about["is_closed"]) == (4, 4, False)
    assert about["previous"] == Entry.objects.get(book=book, number=3).hash
    assert checked(tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["entries.jsonl", "entries.csv", "closings.jsonl", "check.py", "README.md"])
def test_a_changed_byte_of_any_file_of_an_archive_is_found(book, tmp_path, name):
    actions.close_due(now=NEXT_YEAR)
    archived(book)[1].extractall(tmp_path)
    file = tmp_path / name
    written = file.read_bytes()
    at = written.index(b"6") if b"6" in written else 0
    file.write_bytes(written[:at] + b"7" + written[at + 1 :])

    assert checked(tmp_path).returncode == 1


def test_who_changes_an_archive_and_its_list_of_files_is_found_by_the_chain(book, tmp_path):
    import hashlib

    actions.close_due(now=NEXT_YEAR)
    archived(book)[1].extractall(tmp_path)
    file, listed = tmp_path / "entries.jsonl", tmp_path / "archive.json"
    file.write_text(file.read_text().replace('"633"', '"533"').replace('"-600"', '"-500"'))
    about = json.loads(listed.read_text())
    about["files"]["entries.jsonl"] = hashlib.sha256(file.read_bytes()).hexdigest()
    listed.write_text(json.dumps(about))

    assert checked(tmp_path).returncode == 1


def test_the_commands_write_and_check_an_archive(book, tmp_path, capsys):
    file = tmp_path / "livre.zip"
    call_command("ledger", "archive", "--book", str(book.pk), "--year", "2026", "--to", str(file))
    call_command("ledger", "verify", "--file", str(file))

    said = capsys.readouterr().out
    assert "entries 1 to 3, a year that is not closed yet" in said
    assert "no faults" in said
