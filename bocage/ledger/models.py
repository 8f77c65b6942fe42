from django.db import models

from bocage.network.models import Enterprise


class Account(models.Model):
    """A place where an enterprise's money or debt is counted, e.g. hub 3's customer 41, or its VAT at 5.5 %.

    `subject` says whose or what: 'customer:41', 'producer:7', 'vat:55000', 'cash', 'bank', 'gift:3', '' when one is enough.
    What a customer prepaid (`credit`) and gift vouchers (`gift`) are debts of the hub; `carried` holds a small debt on its
    way from one order to the next; `allowance` what the hub gave up by kindness.
    Costs, income and funds are those of the cooperative's own book (`hosting`, `grant`, `reserve`).
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        PRODUCER = "producer"
        SALES = "sales"
        FEES = "fees"
        VAT = "vat"
        TAKINGS = "takings"
        CAPITAL = "capital"
        CREDIT = "credit"
        CARRIED = "carried"
        GIFT = "gift"
        ALLOWANCE = "allowance"
        COST = "cost"
        INCOME = "income"
        FUNDS = "funds"

    book = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", help_text="Whose books.")
    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "subject", "currency"], name="one_account_per_subject"),
        ]


class Head(models.Model):
    """Where a book's chain of entries ends: the number and hash of its last entry; locked by whoever adds the next one.

    Moved by a trigger with each entry (`guards`), by nothing else.
    """

    book = models.OneToOneField(Enterprise, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Entry(models.Model):
    """Something that moved, with its cause; its postings add up to zero. Never edited, never deleted.

    `number` counts the entries of a book without gaps; `hash` covers what the entry says and the hash of the entry
    before it (`rules.chain`).
    """

    book = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, unique=True, help_text="One per cause: the same twice is one entry.")
    about = models.CharField(max_length=40, help_text="A reference such as 'order:R7K2'.")
    what = models.CharField(max_length=24, help_text="sale, amendment, cancellation, payment, refund …")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    number = models.BigIntegerField(help_text="In its book, from 1, without gaps.")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="entry_number")]
        indexes = [
            models.Index(fields=["about", "id"], name="entry_about"),
            models.Index(fields=["book", "at", "id"], name="entry_book"),
        ]


class Posting(models.Model):
    """One side of an entry: `amount_minor` > 0 is debit (the account is owed more), < 0 is credit."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="posting_is_not_zero")]
        indexes = [models.Index(fields=["account", "id"], name="posting_account")]


class Closing(models.Model):
    """The end of a day, a month or a year of a book: which entries were in it, what they add up to, signed. Frozen.

    `statement` is what was signed, as canonical JSON (`rules.closings`); the columns beside it are there to find it by.
    """

    class Kind(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    book = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="Among the closings of the book, from 1, without gaps.")
    kind = models.CharField(max_length=5, choices=Kind)
    period = models.CharField(max_length=10, help_text="2026-11-24, 2026-11 or 2026.")
    last = models.BigIntegerField(help_text="The number of the last entry in it.")
    statement = models.TextField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="closing_number"),
            models.UniqueConstraint(fields=["book", "kind", "period"], name="one_closing_per_period"),
        ]


class AccountPlan(models.Model):
    """The numbers that a book's accounts have in accounting files: a new row for each change, the last one holds. Frozen.

    A closed month keeps the plan that held when it closed (`queries.accounting`).
    """

    book = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(help_text="Among the plans of the book, from 1.")
    numbers = models.JSONField(help_text="Line of the plan → number (`rules.accounts.DEFAULTS` names the lines).")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "version"], name="account_plan_version")]
