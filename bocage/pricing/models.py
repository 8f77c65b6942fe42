from django.db import models

from bocage.network.models import Enterprise


class TaxRate(models.Model):
    """A category of VAT in a country, and the rate that counts at home today, in millionths: 55000 is 5.5 %.

    What counted before, will count, and counts elsewhere: RatePeriod, from which `turn_rates` sets this one.
    """

    country = models.CharField(max_length=2)
    code = models.SlugField(help_text="Stable key: reduced, intermediate, standard, none.")
    name = models.CharField(max_length=60)
    rate_millionths = models.PositiveIntegerField()
    is_included = models.BooleanField(default=True, help_text="Prices contain it; otherwise it is added.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="one_rate_per_code")]


class TaxZone(models.Model):
    """A part of the world with its own VAT: countries, or postcodes of one (`vat.Zone`)."""

    country = models.CharField(max_length=2, help_text="Of the platform whose stewards made it.")
    name = models.CharField(max_length=80)
    places = models.CharField(max_length=800, help_text="Comma-separated: BE, FR 971.")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RatePeriod(models.Model):
    """The rate of a category from a day on, at home or in a zone, until the next begins. Never changed once it counts."""

    category = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(TaxZone, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    rate_millionths = models.PositiveIntegerField()
    is_included = models.BooleanField(default=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(null=True, help_text="None: known since before it was written down.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "zone", "starts_on"], name="one_rate_per_zone_and_day"),
            models.UniqueConstraint(
                fields=["category", "starts_on"], condition=models.Q(zone__isnull=True), name="one_rate_at_home_per_day"
            ),
            models.CheckConstraint(condition=models.Q(rate_millionths__lte=1_000_000), name="rate_not_above_all"),
        ]


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
