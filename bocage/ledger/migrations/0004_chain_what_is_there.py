"""Number and chain the entries that were written before there was a chain, in the order they were written."""

from itertools import groupby

from django.db import migrations

from bocage.ledger.rules import chain

AT_ONCE = 1000


def chain_entries(apps, schema_editor):
    Entry, Head = apps.get_model('ledger', 'Entry'), apps.get_model('ledger', 'Head')
    for book in list(Entry.objects.order_by('book_id').values_list('book_id', flat=True).distinct()):
        number, previous = 0, chain.GENESIS
        while entries := _next(Entry, book):
            sides = _sides(apps, entries)
            for entry in entries:
                number += 1
                currency = sides[entry.pk][0][0] if sides.get(entry.pk) else 'EUR'
                previous = chain.entry_hash(
                    book=book, number=number, previous=previous, key=entry.key, about=entry.about, what=entry.what,
                    at=chain.moment(entry.at), by=entry.by, currency=currency,
                    postings=[side[1:] for side in sides.get(entry.pk, ())],
                )
                entry.number, entry.hash = number, previous
            Entry.objects.bulk_update(entries, ['number', 'hash'], batch_size=200)
        Head.objects.create(book_id=book, number=number, hash=previous)


def _next(Entry, book):
    return list(Entry.objects.filter(book_id=book, number=None).order_by('id')[:AT_ONCE])


def _sides(apps, entries):
    rows = apps.get_model('ledger', 'Posting').objects.filter(entry_id__in=[entry.pk for entry in entries])
    found = rows.order_by('entry_id').values_list(
        'entry_id', 'account__currency', 'account__kind', 'account__subject', 'amount_minor'
    )
    return {pk: [row[1:] for row in group] for pk, group in groupby(found, key=lambda row: row[0])}


def unchain(apps, schema_editor):
    apps.get_model('ledger', 'Head').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_chain'),
    ]

    operations = [
        migrations.RunPython(chain_entries, unchain),
    ]
