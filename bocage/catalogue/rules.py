"""What may be said of a product and its sizes. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bocage.commons.measures import MEASURES, Exact
from bocage.commons.refusals import Refused, gettext_noop
from bocage.commons.searching import folded

UNITS = ("weight", "volume", "items")
LONGEST_NAME = 255
MOST_BYTES = 10_000_000  # of a photo that is sent
MOST_PIXELS = 40_000_000
MOST_YIELDED = 100_000


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What a producer says of a product; `property_ids` are its own, beside those of the producer if it inherits."""

    category_id: int
    name: str
    description: str = ""
    keywords: str = ""
    origin: str = ""
    allergens: str = ""
    picture: str = ""
    inherits_properties: bool = True
    property_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VariantDetails:
    """A size of a product and its price: `size` in exact grams, millilitres or items; `price_minor` for one.

    `measure` is what its maker counts in, such as "kg" or "oz"; "" for any metric one, and for items. What a hub makes of
    others' goods has a `source_id`, of which one makes `source_yields`; with `splits_stock` the source's stock counts too.
    """

    unit: str
    size: Exact
    price_minor: int
    name: str = ""
    pack: str = ""
    weight_g: int | None = None
    is_weighed: bool = False
    tax_rate_id: int | None = None
    sku: str = ""
    is_for_sale: bool = True
    position: int = 0
    measure: str = ""
    source_id: int | None = None
    source_yields: int | None = None
    splits_stock: bool = False


class ProductNeedsAName(Refused):
    """Nobody can buy what has no name."""

    code = "catalogue.product_needs_a_name"
    message = gettext_noop("Give the product a name.")


class NoSuchChoice(Refused):
    """The category, property or VAT rate is none of this instance."""

    code = "catalogue.no_such_choice"
    message = gettext_noop("Choose a category, properties and a VAT rate from the lists.")


class SizeNotPositive(Refused):
    """A size is a number above zero of a unit that exists, in a measure of that unit."""

    code = "catalogue.size_not_positive"
    message = gettext_noop("Say how much one contains: a weight, a volume or a number of items above zero.")


class PriceNegative(Refused):
    """A price below zero."""

    code = "catalogue.price_negative"
    message = gettext_noop("A price is zero or more.")


class OnlyWeightIsWeighed(Refused):
    """Only goods sold by weight can be priced by their final weight."""

    code = "catalogue.only_weight_is_weighed"
    message = gettext_noop("Only goods sold by weight can be weighed at packing.")


class ProductEnded(Refused):
    """The product is no longer made: it gets no new sizes and no changes."""

    code = "catalogue.product_ended"
    message = gettext_noop("This product has been withdrawn. Add a new product instead.")


class LastVariant(Refused):
    """A product without any size could not be sold: withdraw the product instead."""

    code = "catalogue.last_variant"
    message = gettext_noop("This is the only size of the product. To stop selling it, withdraw the whole product.")


class MayNotResell(Refused):
    """The agreement with the farm does not let the hub make goods of its own from the farm's."""

    code = "catalogue.may_not_resell"
    message = gettext_noop(
        "Your agreement with %(producer)s does not let you make products of your own from its goods."
    )


class ResoldAlready(Refused):
    """What is itself made of another's goods is no source: the chain has one link."""

    code = "catalogue.resold_already"
    message = gettext_noop("This is itself made of another farm’s goods. Start from what that farm sells.")


class YieldsNothing(Refused):
    """A source of which none, or a number that nobody could mean, is made."""

    code = "catalogue.yields_nothing"
    message = gettext_noop("Say how many come out of one: a whole number from 1 to %(most)s.")


class MoreThanItsSource(Refused):
    """So many of that size do not come out of one."""

    code = "catalogue.more_than_its_source"
    message = gettext_noop("So many of this size do not come out of one: there is less in it.")


class NotAProducer(Refused):
    """Only producers have products."""

    code = "catalogue.not_a_producer"
    message = gettext_noop("Only producers have products. Mark the enterprise as a producer first.")


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing between looking and saving; `present` is what it says now."""

    code = "catalogue.changed_meanwhile"
    message = gettext_noop("Somebody else changed this meanwhile. Look at what it says now, then choose.")

    def __init__(self, present: Any) -> None:
        super().__init__()
        self.present = present


class GoodsMoved(Refused):
    """Some of many rows say something else than when they were looked at."""

    code = "catalogue.goods_moved"
    message = gettext_noop("Rows that changed meanwhile: %(count)s. Nothing was saved: read the file again.")


class NotAPhoto(Refused):
    """What was sent is no picture that we read, or a broken one."""

    code = "catalogue.not_a_photo"
    message = gettext_noop("This is not a photo we can read. Send a JPEG, PNG or WebP file.")


class PhotoTooBig(Refused):
    """The file or its picture is larger than any photo of goods needs to be."""

    code = "catalogue.photo_too_big"
    message = gettext_noop("This photo is too big: at most %(megabytes)s MB and %(megapixels)s megapixels.")

    def __init__(self) -> None:
        super().__init__(megabytes=MOST_BYTES // 1_000_000, megapixels=MOST_PIXELS // 1_000_000)


def check_product(details: ProductDetails) -> None:
    """Refuse a product without a name."""
    if not details.name.strip():
        raise ProductNeedsAName


def check_variant(details: VariantDetails) -> None:
    """Refuse a size or a price that could not be sold. Raises SizeNotPositive, PriceNegative, OnlyWeightIsWeighed."""
    own = MEASURES.get(details.measure.lower())
    if details.unit not in UNITS or details.size <= 0 or (own.unit if own else details.unit) != details.unit:
        raise SizeNotPositive
    if details.measure and own is None:
        raise SizeNotPositive
    if details.price_minor < 0:
        raise PriceNegative
    if details.is_weighed and details.unit != "weight":
        raise OnlyWeightIsWeighed


def check_source(details: VariantDetails, *, unit: str, size: Exact, is_resold: bool) -> None:
    """Refuse a source (`unit` and `size` of one of it) of which the details cannot be made.

    Raises ResoldAlready, YieldsNothing, MoreThanItsSource.
    """
    if is_resold:
        raise ResoldAlready
    if details.source_yields is None or not 1 <= details.source_yields <= MOST_YIELDED:
        raise YieldsNothing(most=MOST_YIELDED)
    if details.unit == unit and details.size * details.source_yields > size:
        raise MoreThanItsSource


def yields_of(source: Exact, size: Exact) -> int:
    """Return how many of a size come out of one of a source of the same unit: 10 kg in 1.5 kg makes 6; at least 1."""
    return max(int(Fraction(source) / Fraction(size)), 1)


def check_seen(seen: Any, present: Any, wanted: Any) -> None:
    """Refuse to write over what the writer did not see, unless it says what is wanted anyway. Raises ChangedMeanwhile."""
    if present not in (seen, wanted):
        raise ChangedMeanwhile(present)


def search_text(name: str, keywords: str, sizes: Iterable[tuple[str, str]]) -> str:
    """Return the words by which a product is found: its own, and the name and code of each (name, sku) of its sizes."""
    return folded(" ".join([name, keywords, *(word for size in sizes for word in size if word)]))
