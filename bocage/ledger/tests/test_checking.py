"""The verifier finds whatever was changed, taken out, put in or put elsewhere."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from bocage.infra import frozen
from bocage.ledger import actions, keys
from bocage.ledger.models import Account, Closing, Entry, Head, Posting
from bocage.ledger.queries.checking import check_books, entries_of, sums_between
from bocage.ledger.rules import chain
from bocage.ledger.tests.make import AT, CASH, CUSTOMER, FARM, VAT, enterprise, post

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def book(db):
    """A book of two months with a closing of each day and month, and what is not closed yet."""
    book, other = enterprise(), enterprise("autre")
    post(book, {CUSTOMER: 633, FARM: -600, VAT: -33})
    post(book, {CUSTOMER: -633, CASH: 633}, key="k2", what="payment", at=AT + timedelta(hours=3))
    post(book, {CUSTOMER: 250, FARM: -250}, key="k3", at=AT + timedelta(days=1))
    post(other, {CUSTOMER: 7, FARM: -7}, key="elsewhere")
    actions.close_due(now=datetime(2026, 11, 2, tzinfo=UTC))
    post(book, {CUSTOMER: 100, FARM: -100}, key="k4", at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    connection.check_constraints()
    return book


def findings():
    return [(one.where, one.what) for checked in check_books() for one in checked.findings]


def test_a_book_that_nobody_touched_has_no_fault(book):
    [checked, _] = check_books()

    assert (checked.entries, checked.postings, checked.closings, checked.findings) == (4, 9, 3, ())
    assert findings() == []


def changed(value):
    """Return other values of the same kind."""
    if isinstance(value, int):
        return [value + 1, -value]
    if isinstance(value, datetime):
        return [value + timedelta(microseconds=1)]
    return [f"{value}x", value[:-1] + ("a" if value[-1:] != "a" else "b")] if value else ["x"]


def fields():
    """Every column that says something; a row's own id says nothing, and others refer to that of entries and accounts."""
    for model in (Entry, Posting, Account, Closing, Head):
        for field in model._meta.concrete_fields:
            if (model, field.name) not in ((Posting, "id"), (Closing, "id")):
                yield pytest.param(model, field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(fields()))
def test_any_change_of_any_field_of_any_row_is_found(book, model, field):
    """By raw SQL, guards and foreign keys away, one change at a time, each put back before the next."""
    table, column = model._meta.db_table, connection.ops.quote_name(field.column)
    pk = connection.ops.quote_name(model._meta.pk.column)
    missed = []
    with frozen.thawed(), unchecked():
        for row_id, value in list(model.objects.values_list("pk", field.attname)):
            for other in changed(value):
                key = other if field.primary_key else row_id
                if not written(f"UPDATE {table} SET {column} = %s WHERE {pk} = %s", other, row_id):
                    continue  # the database does not even hold it
                found = [one for one in findings() if one != (0, "guards")]
                missed += [] if found else [(row_id, value, other)]
                assert written(f"UPDATE {table} SET {column} = %s WHERE {pk} = %s", value, key)

    assert missed == []
    assert findings() == []


@pytest.mark.parametrize("model", [Entry, Posting, Account, Closing, Head])
def test_any_row_that_is_taken_out_is_found(book, model):
    table = model._meta.db_table
    last = Closing.objects.filter(book=book).order_by("number").last()
    missed = []
    with frozen.thawed(), unchecked():
        for row in list(model.objects.all()):
            pk = connection.ops.quote_name(model._meta.pk.column)
            assert written(f"DELETE FROM {table} WHERE {pk} = %s", row.pk)
            found = [one for one in findings() if one != (0, "guards")]
            # the last closing of a book may be written again, the same, at any time: who took it out won nothing
            is_last = model is Closing and row.number == Closing.objects.filter(book=row.book_id).count() + 1
            missed += [] if found or is_last else [row.pk]
            models.Model.save_base(row, raw=True, force_insert=True)

    assert missed == []
    assert last is not None
    assert findings() == []


def test_a_posting_that_is_put_into_an_old_entry_is_found(book):
    with frozen.thawed():
        one, other = Account.objects.filter(book=book).order_by("id")[:2]
        entry = Entry.objects.get(book=book, number=2)
        Posting.objects.create(entry=entry, account=one, amount_minor=5)
        Posting.objects.create(entry=entry, account=other, amount_minor=-5)

    assert (2, "changed") in findings()


def test_who_writes_the_whole_chain_anew_is_told_by_the_closings(book):
    with frozen.thawed():
        Posting.objects.filter(entry__key="k1", account__kind="customer").update(amount_minor=533)
        Posting.objects.filter(entry__key="k1", account__kind="producer").update(amount_minor=-500)
        previous = chain.GENESIS
        for entry in list(entries_of(book.pk)):
            content = {name: entry[name] for name in ("number", "postings", *chain.CONTENT)}
            previous = chain.entry_hash(book=book.pk, previous=previous, **content)
            Entry.objects.filter(book=book, number=entry["number"]).update(hash=previous)
        Head.objects.filter(book=book).update(hash=previous)

    assert {what for _, what in findings()} == {"closing-entry", "closing-totals"}


def test_who_closes_anew_with_another_key_is_told_by_the_key(book, settings):
    before = {json.loads(row.statement)["key"] for row in Closing.objects.all()}
    settings.LEDGER_KEY = "11" * 32

    assert before == {chain_key for chain_key in before if chain_key != keys.public()}


def test_the_command_says_what_it_found_and_fails(book, capsys):
    call_command("ledger", "verify")
    assert "no faults" in capsys.readouterr().out.splitlines()[-1]

    with frozen.thawed():
        Entry.objects.filter(key="k3").update(by="somebody")
    with pytest.raises(SystemExit):
        call_command("ledger", "verify", "--book", str(book.pk))

    assert "3: this entry, or the one before it, is not what was written" in capsys.readouterr().out


class unchecked:
    """Foreign keys away, so that the verifier is asked and not they."""

    def __enter__(self):
        if connection.vendor == "postgresql":
            written("SET session_replication_role = replica")
        else:
            written("PRAGMA defer_foreign_keys = ON")

    def __exit__(self, *error):
        if connection.vendor == "postgresql":
            written("SET session_replication_role = origin")


def written(sql, *params):
    from django.db import IntegrityError, transaction
    from django.db.utils import DataError

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params or None)
    except (IntegrityError, DataError):
        return False
    return True


# ── Without a database ─────────────────────────────────────────────────────────────────────────────────────────────
texts = st.text(max_size=6)
sides = st.lists(st.tuples(texts, texts, st.integers(-(10**12), 10**12).filter(bool)), min_size=1, max_size=4)


def made(drawn):
    """Return a chain of entries with these words and postings, each balanced."""
    previous, entries = chain.GENESIS, []
    for number, (words, postings) in enumerate(drawn, 1):
        balanced = [*postings, ("z", "balance", -sum(side[2] for side in postings))]
        content = dict(zip(chain.CONTENT, words, strict=True)) | {"number": number, "postings": balanced}
        previous = chain.entry_hash(book=1, previous=previous, **content)
        entries.append(content | {"hash": previous})
    return entries


chains = st.lists(st.tuples(st.tuples(*[texts] * 6), sides), min_size=2, max_size=6).map(made)


@given(chains, st.data())
def test_a_chain_with_anything_changed_is_never_whole(entries, data):
    head = (len(entries), entries[-1]["hash"])
    assert list(chain.check(entries, book=1, head=head)) == []

    at = data.draw(st.integers(0, len(entries) - 1))
    how = data.draw(st.sampled_from(["word", "amount", "hash", "out", "twice", "turn"]))
    bad = [dict(entry) for entry in entries]
    if how == "word":
        name = data.draw(st.sampled_from(chain.CONTENT))
        bad[at][name] = data.draw(texts.filter(lambda text: text != entries[at][name]))
    elif how == "amount":
        kind, subject, amount = bad[at]["postings"][0]
        bad[at]["postings"] = [(kind, subject, amount + data.draw(st.integers(1, 9))), *bad[at]["postings"][1:]]
    elif how == "hash":
        bad[at]["hash"] = bad[at]["hash"][:-1] + ("0" if bad[at]["hash"][-1] != "0" else "1")
    elif how == "out":
        del bad[at]
    elif how == "twice":
        bad.insert(at, bad[at])
    else:
        other = (at + 1) % len(bad)
        bad[at], bad[other] = bad[other], bad[at]

    assert list(chain.check(bad, book=1, head=head)) != []


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0, 8 * 96 - 1))
def test_our_check_of_signatures_agrees_with_the_library(seed, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    spoilt = bytearray(message + signature)
    spoilt[bit // 8] ^= 1 << bit % 8

    assert chain.is_signed_by(key.hex(), message.hex(), signature.hex())
    assert not chain.is_signed_by(key.hex(), bytes(spoilt[:32]).hex(), bytes(spoilt[32:]).hex())


def test_a_signature_of_the_standard_is_good():
    """RFC 8032, section 7.1, test 3."""
    key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )

    assert chain.is_signed_by(key, "af82", signature)
    assert not chain.is_signed_by(key, "af83", signature)


# ── Closings ───────────────────────────────────────────────────────────────────────────────────────────────────────
def closings(book):
    return [(row.kind, row.period, row.last) for row in Closing.objects.filter(book=book).order_by("number")]


def test_days_with_entries_and_whole_months_are_closed_an_hour_after_midnight(book):
    assert closings(book) == [("day", "2026-10-06", 2), ("day", "2026-10-07", 3), ("month", "2026-10", 3)]

    assert actions.close_due(now=datetime(2026, 11, 2, 23, 59, tzinfo=UTC)) == 0  # 0:59 in Paris
    assert actions.close_due(now=datetime(2026, 11, 3, 0, 0, tzinfo=UTC)) == 1
    assert actions.close_due(now=datetime(2027, 1, 2, tzinfo=UTC)) == 6  # two books: two months and the year
    assert closings(book)[3:] == [
        ("day", "2026-11-02", 4), ("month", "2026-11", 4), ("month", "2026-12", 4), ("year", "2026", 4),
    ]  # fmt: skip
    assert findings() == []


def test_what_is_written_into_a_closed_month_is_counted_in_the_next(book):
    post(book, {CUSTOMER: 9, FARM: -9}, key="late", at=AT + timedelta(hours=1))
    actions.close_due(now=datetime(2026, 12, 2, tzinfo=UTC))

    october, november = Closing.objects.filter(book=book, kind="month").order_by("number")
    said = json.loads(november.statement)

    assert (october.last, said["first"], said["last"]) == (3, 4, 5)
    assert findings() == []


def test_a_closing_says_what_its_entries_add_up_to_and_what_all_did(book):
    said = json.loads(Closing.objects.get(book=book, kind="month", period="2026-10").statement)
    day = json.loads(Closing.objects.get(book=book, kind="day", period="2026-10-07").statement)

    assert said["totals"] == said["perpetual"] == [
        ["EUR", "payment", "customer", "", "0", "633"],
        ["EUR", "payment", "takings", "cash", "633", "0"],
        ["EUR", "sale", "customer", "", "883", "0"],
        ["EUR", "sale", "producer", "", "0", "850"],
        ["EUR", "sale", "vat", "vat:55000", "0", "33"],
    ]  # fmt: skip
    assert day["totals"] == [["EUR", "sale", "customer", "", "250", "0"], ["EUR", "sale", "producer", "", "0", "250"]]
    assert day["perpetual"] == said["perpetual"]
    assert chain.as_rows(sums_between(book_id=book.pk, first=1, last=3)) == said["totals"]


# ── One fact, one home ─────────────────────────────────────────────────────────────────────────────────────────────
def test_no_model_stores_a_balance():
    """What somebody owes or has is a sum of postings; a closing says sums of what is over, and nobody reads them there."""
    from django.apps import apps

    words = ("balance", "owed", "due_minor", "credit_minor", "debit_minor", "outstanding", "solde", "perpetual")
    stored = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if any(word in field.name for word in words)
    ]

    assert stored == []
