from django.db import models

from bocage.network.models import Enterprise, Instance


class Treasury(models.Model):
    """Whose books are those of an instance: the cooperative, an enterprise with a book in the ledger."""

    instance = models.OneToOneField(Instance, on_delete=models.PROTECT, related_name="+")
    book = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="+")


class FiscalYear(models.Model):
    """A year of the cooperative, and what its members expect of it: the cost of one more shop, growth a month."""

    treasury = models.ForeignKey(Treasury, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    variable_minor = models.BigIntegerField(default=0, help_text="What one more active shop costs a year.")
    turnover_minor = models.BigIntegerField(null=True, help_text="Online turnover of the shops, once it is known.")
    low_millionths = models.PositiveIntegerField(default=10_000)
    central_millionths = models.PositiveIntegerField(default=30_000)
    high_millionths = models.PositiveIntegerField(default=50_000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["treasury", "year"], name="one_fiscal_year")]


class BudgetLine(models.Model):
    """What was planned for a category in a year, and where that was decided."""

    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=16)
    planned_minor = models.BigIntegerField()
    decision = models.CharField(max_length=60, blank=True, help_text="Assembly and number of the decision.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "category"], name="one_line_per_category"),
            models.CheckConstraint(condition=models.Q(planned_minor__gte=0), name="planned_not_below_zero"),
        ]


class Grant(models.Model):
    """Money promised for a purpose and a period: a grant, a gift or a prize."""

    class Kind(models.TextChoices):
        GRANT = "grant"
        DONATION = "donation"
        PRIZE = "prize"

    treasury = models.ForeignKey(Treasury, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    giver = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="grant_above_zero"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="grant_period"),
        ]


class Booking(models.Model):
    """A piece of the cooperative's books: what for, in words. What moved is in the ledger under `key`. Frozen."""

    treasury = models.ForeignKey(Treasury, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8)
    category = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField(help_text="Below zero where it takes another one back.")
    on = models.DateField()
    label = models.CharField(max_length=160)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="+")
    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="booking_moves")]
        indexes = [models.Index(fields=["treasury", "on", "id"], name="booking_day")]


class Publication(models.Model):
    """The accounts of a quarter as they were told to everybody; each holds the hash of the one before. Frozen."""

    treasury = models.ForeignKey(Treasury, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7, help_text="2026-Q3.")
    statement = models.TextField(help_text="Canonical JSON.")
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["treasury", "period"], name="one_publication_per_quarter")]
