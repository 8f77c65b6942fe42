from django.db import models

from bocage.infra.exact import ExactField
from bocage.network.models import Enterprise
from bocage.pricing.models import TaxRate


class Category(models.Model):
    """A shelf of the shop: vegetables, bread …; two levels at most."""

    slug = models.SlugField(unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    name_fr = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    picture = models.CharField(max_length=120, help_text="Static path of its drawing.")
    field = models.CharField(max_length=12, default="meadow", help_text="The tinted ground it lies on.")
    dfc_type = models.CharField(max_length=120, blank=True)


class Property(models.Model):
    """Something true of a product or of all of a producer's products: organic, farm-made, raw milk …"""

    slug = models.SlugField(unique=True)
    name_fr = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    icon = models.CharField(max_length=24, blank=True)
    position = models.PositiveIntegerField(default=0)


class ProducerProperty(models.Model):
    """A property that all products of a producer have."""

    producer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["producer", "property"], name="one_property_per_producer")]


class Product(models.Model):
    """What a producer makes: leeks, a tomme; sold in one or more variants."""

    producer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True, help_text="Sanitised HTML.")
    keywords = models.CharField(max_length=255, blank=True)
    origin = models.CharField(max_length=160, blank=True)
    allergens = models.CharField(max_length=255, blank=True)
    picture = models.CharField(max_length=120, blank=True, help_text="Blank: the category's drawing.")
    inherits_properties = models.BooleanField(default=True)
    properties = models.ManyToManyField(Property, related_name="+", blank=True)
    search_text = models.TextField(
        default="", db_default="", help_text="Its words as they are searched: rules.search_text."
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["producer", "id"], name="product_producer")]


class Variant(models.Model):
    """A product in one size: a bunch of 800 g, a jar, a piece of about 250 g that is weighed.

    `size` is an exact number of grams (weight), millilitres (volume) or items.
    """

    class Unit(models.TextChoices):
        WEIGHT = "weight"
        VOLUME = "volume"
        ITEMS = "items"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True, help_text="Blank: the unit text says it all.")
    unit = models.CharField(max_length=8, choices=Unit)
    size = ExactField()
    measure = models.CharField(
        max_length=4,
        blank=True,
        default="",
        db_default="",
        help_text="What its maker counts in: kg, oz …; blank: any metric one.",
    )
    pack = models.CharField(
        max_length=40, blank=True, help_text="bunch, jar, box, piece …: how it comes, in the shop's words."
    )
    weight_g = models.PositiveIntegerField(null=True, help_text="Net weight of counted goods, where known.")
    is_weighed = models.BooleanField(default=False, help_text="Catch weight: the price follows the final weight.")
    price_minor = models.BigIntegerField(help_text="What the producer asks for one, tax as its rate says.")
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, related_name="+")
    sku = models.CharField(max_length=60, blank=True)
    is_for_sale = models.BooleanField(
        default=True, db_default=True, help_text="False: kept, and offered nowhere for the time being."
    )
    source = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="What it is made of, bought to be resold.",
    )
    source_yields = models.PositiveIntegerField(null=True, help_text="How many of it one of the source makes.")
    splits_stock = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Ones of the source are opened from their stock when its own runs out.",
    )
    position = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source=None, source_yields=None, splits_stock=False)
                | models.Q(source__isnull=False, source_yields__gt=0),
                name="source_yields_something",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="variant_has_a_size"),
            models.CheckConstraint(condition=models.Q(price_minor__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(is_weighed=True) | models.Q(unit="weight"), name="weighed_by_weight"
            ),
        ]
        indexes = [models.Index(fields=["product", "position", "id"], name="variant_product")]
