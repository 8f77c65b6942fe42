from django.db import models

from bocage.catalogue.models import Variant
from bocage.network.models import Customer, Enterprise
from bocage.network.rules.customers import TAG_LENGTH
from bocage.network.rules.customers import TAGS_LENGTH as TAGS
from bocage.shops.rules.tagging import Kind


class Shop(models.Model):
    """How a hub sells: who may enter, what is said, what a customer may change."""

    hub = models.OneToOneField(Enterprise, on_delete=models.CASCADE, related_name="+", primary_key=True)
    is_members_only = models.BooleanField(default=False)
    allows_guests = models.BooleanField(default=True)
    allows_changes = models.BooleanField(
        default=True, help_text="Customers may change or cancel until the cycle closes."
    )
    needs_phone = models.BooleanField(default=True)
    shows_low_stock_from = models.PositiveSmallIntegerField(default=3, help_text="Say 'n left' at or below; 0 never.")
    message = models.TextField(blank=True, help_text="Sanitised HTML on top of the shop.")
    closed_message = models.TextField(blank=True, help_text="Sanitised HTML while nothing is open.")
    has_rules = models.BooleanField(default=False, help_text="Whether it has tag rules: if not, nobody asks for them.")
    embed_sites = models.TextField(blank=True, help_text="Origins that may frame the shop, one a line.")
    hides_platform = models.BooleanField(default=False, help_text="The platform's menus and foot are left out.")
    picture = models.CharField(max_length=120, blank=True, help_text="The logo: a stored file.")
    logo_link = models.URLField(blank=True, help_text="Where the logo leads; blank: to the shop.")
    palette = models.CharField(max_length=12, blank=True, help_text="Blank: the platform's green.")
    hides_groups = models.BooleanField(default=False, help_text="The groups it belongs to are not told in its shop.")
    page_title = models.CharField(max_length=20, blank=True, help_text="Of the shop's own tab; blank: there is none.")
    page_body = models.TextField(blank=True, help_text="Sanitised HTML of that tab.")
    carries_debt_up_to_minor = models.PositiveBigIntegerField(
        default=0, help_text="What is left to pay of earlier orders goes with the next one, up to this; 0: never."
    )
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change of what the shop shows.")


class PickupPoint(models.Model):
    """A place where a hub hands over."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    directions = models.CharField(max_length=255, blank=True)
    ended_at = models.DateTimeField(null=True)


class DeliveryMethod(models.Model):
    """How an order reaches the customer: fetched at a pickup point, or brought to an address; with its charge.

    Charge: `calculator` flat → `amount_minor`; sack → `amount_minor` below `threshold_minor` of goods, else
    `reduced_minor`; percent → `percent_millionths` of the goods; per_item; per_kilogram; flexible (domain 03 §4.1).
    """

    class Kind(models.TextChoices):
        PICKUP = "pickup"
        DELIVERY = "delivery"

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=255, blank=True)
    postcodes = models.CharField(
        max_length=255, blank=True, help_text="Delivery only: beginnings, comma-separated; blank is everywhere."
    )
    calculator = models.CharField(max_length=12, default="flat")
    percent_millionths = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    additional_minor = models.BigIntegerField(default=0)
    threshold_minor = models.BigIntegerField(default=0)
    reduced_minor = models.BigIntegerField(default=0)
    limit = models.PositiveIntegerField(default=0)
    tax_rate = models.ForeignKey("pricing.TaxRate", on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    tags = models.CharField(max_length=TAGS, blank=True, help_text="`pro,local`: read with the row, never searched.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="pickup", point__isnull=False) | models.Q(kind="delivery", point__isnull=True),
                name="pickup_has_a_point",
            ),
        ]


class Listing(models.Model):
    """What a hub decides for one variant: its own price, or not to show it. Absent or null: as the producer says."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    price_minor = models.BigIntegerField(null=True)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "variant"], name="one_listing_per_hub_and_variant"),
            models.CheckConstraint(condition=models.Q(price_minor__gte=0), name="listing_price_not_negative"),
        ]


class GoodsTag(models.Model):
    """A word by which a hub keeps some of its goods together, whoever makes them."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=TAG_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "variant", "name"], name="one_tag_per_listing_and_name")]


class TagRule(models.Model):
    """Who is shown what carries a tag (`rules.tagging`); without customer tags it is for all, and hides."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    shows = models.BooleanField(default=False)
    customer_tags = models.CharField(max_length=TAGS, blank=True)
    target_tags = models.CharField(max_length=TAGS)
    priority = models.PositiveSmallIntegerField(help_text="Smaller ones are asked first.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shows=False) | ~models.Q(customer_tags=""), name="rules_for_all_hide"
            ),
        ]
        indexes = [models.Index(fields=["hub", "priority"], name="tag_rules_of_hub")]


class Voucher(models.Model):
    """What takes an amount or a percentage off an order at a hub, for whoever knows its code."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=24, help_text="Capitals, no blanks; once used for a code, never for another.")
    amount_minor = models.BigIntegerField(default=0)
    percent_millionths = models.PositiveIntegerField(default=0)
    minimum_minor = models.BigIntegerField(default=0, help_text="Worth of products from which on it counts.")
    expires_at = models.DateTimeField(null=True, help_text="The first moment at which it no longer counts.")
    most_uses = models.PositiveIntegerField(null=True, help_text="None: without limit.")
    most_per_customer = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=160, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_voucher_per_code"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, percent_millionths=0)
                | models.Q(amount_minor=0, percent_millionths__gt=0, percent_millionths__lte=1_000_000),
                name="voucher_amount_or_percent",
            ),
        ]


class VoucherUse(models.Model):
    """That an order used a voucher; given back when it is cancelled."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    about = models.CharField(max_length=40, unique=True, help_text="A reference such as 'order:R7K2'.")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["voucher", "customer"], name="voucher_use_customer")]
