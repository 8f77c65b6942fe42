from django.db import models

from bocage.network.models import Enterprise


class TaxRate(models.Model):
    """A VAT rate of a country: `rate_millionths` of the net price; 55000 is 5.5 %."""

    country = models.CharField(max_length=2)
    code = models.SlugField(help_text="Stable key: reduced, intermediate, standard, none.")
    name = models.CharField(max_length=60)
    rate_millionths = models.PositiveIntegerField()
    is_included = models.BooleanField(default=True, help_text="Prices contain it; otherwise it is added.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="one_rate_per_code")]


class EnterpriseFee(models.Model):
    """What an enterprise takes for its part of the work: packing, transport, coordination …

    Which of the amounts count depends on `calculator` (domain 03 §4.1): percent uses `percent_millionths`;
    per_item, flat use `amount_minor`; per_kilogram and per_pound use it per kg and lb; flexible uses `amount_minor`
    (first), `additional_minor` and `limit` (max); sack uses `amount_minor` below `threshold_minor`, else
    `reduced_minor`.
    """

    class Kind(models.TextChoices):
        PACKING = "packing"
        TRANSPORT = "transport"
        ADMIN = "admin"
        SALES = "sales"
        FUNDRAISING = "fundraising"

    class Calculator(models.TextChoices):
        PERCENT = "percent"
        PER_ITEM = "per_item"
        PER_KILOGRAM = "per_kilogram"
        PER_POUND = "per_pound"
        FLAT = "flat"
        FLEXIBLE = "flexible"
        SACK = "sack"

    class Tax(models.TextChoices):
        NONE = "none"
        INHERIT = "inherit"
        OWN = "own"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    calculator = models.CharField(max_length=12, choices=Calculator)
    percent_millionths = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    additional_minor = models.BigIntegerField(default=0)
    threshold_minor = models.BigIntegerField(default=0)
    reduced_minor = models.BigIntegerField(default=0)
    limit = models.PositiveIntegerField(default=0)
    tax = models.CharField(max_length=8, choices=Tax, default=Tax.INHERIT)
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tax="own", tax_rate__isnull=False)
                | (~models.Q(tax="own") & models.Q(tax_rate__isnull=True)),
                name="own_tax_has_a_rate",
            ),
            models.CheckConstraint(
                condition=~models.Q(tax="inherit")
                | models.Q(calculator__in=["percent", "per_item", "per_kilogram", "per_pound"]),
                name="only_item_fees_inherit_tax",
            ),
        ]
