from django.db import models

from bocage.catalogue.models import Variant
from bocage.network.models import Enterprise
from bocage.network.rules.customers import TAGS_LENGTH as TAGS
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee
from bocage.shops.models import DeliveryMethod


class Series(models.Model):
    """Sales that recur: their rhythm (`rhythm.Rhythm`), and the cycle whose partners and goods the next ones have."""

    coordinator = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("OrderCycle", on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80, help_text="{day} stands for the day of each hand-over.")
    every_weeks = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(help_text="The first opening day; later ones are whole weeks after it.")
    opens = models.TimeField()
    closes_after = models.PositiveSmallIntegerField(help_text="Days from opening to closing.")
    closes = models.TimeField()
    hand_over_after = models.PositiveSmallIntegerField(null=True, help_text="Days from closing; null: as in the model.")
    hand_over_starts = models.TimeField(null=True)
    hand_over_ends = models.TimeField(null=True)
    skip_months = models.CharField(max_length=40, blank=True, help_text="Months without sales: 8 or 7,8.")
    ahead = models.PositiveSmallIntegerField(default=4, help_text="How many coming sales stand ready.")
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class SeriesPause(models.Model):
    """Days on which a series does not sell, both included."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="pause_ends_after_start"
            ),
        ]


class OrderCycle(models.Model):
    """A sale of a few days: opens, closes, then is packed and handed over. Open in [opens_at, closes_at)."""

    coordinator = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opening_told_at = models.DateTimeField(null=True, help_text="When the fact 'opened' was emitted.")
    closing_told_at = models.DateTimeField(null=True, help_text="When the fact 'closed' was emitted.")
    series = models.ForeignKey(Series, on_delete=models.SET_NULL, null=True, related_name="+")
    series_on = models.DateField(null=True, help_text="The day of the series that made it.")
    is_touched = models.BooleanField(default=False, help_text="Changed by hand: its series leaves it as it is.")
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change of what the cycle offers.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="cycle_closes_after_opening"
            ),
            models.UniqueConstraint(fields=["series", "series_on"], name="one_cycle_per_day_of_a_series"),
        ]
        indexes = [models.Index(fields=["closes_at", "id"], name="cycle_closing")]


class Exchange(models.Model):
    """Goods that enter a cycle from a producer, or leave it to a hub."""

    class Direction(models.TextChoices):
        INCOMING = "incoming"
        OUTGOING = "outgoing"

    cycle = models.ForeignKey(OrderCycle, on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=8, choices=Direction)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    instructions = models.CharField(
        max_length=255, blank=True, help_text="Incoming: where and when to bring. Outgoing: pickup."
    )
    bring_at = models.DateTimeField(null=True, help_text="Incoming: when the goods are due.")
    tags = models.CharField(
        max_length=TAGS, blank=True, help_text="Outgoing: the hub's words for this sale, `pro,local`; never searched."
    )
    carries_all = models.BooleanField(
        default=False, help_text="Carries all it could, also what is new, except what is left out; else what it lists."
    )
    withdrawn_at = models.DateTimeField(
        null=True, help_text="Incoming: when its producer ended the agreement in mid-cycle; nothing comes in since."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "direction", "enterprise"], name="one_exchange_per_partner"),
        ]


class ExchangeVariant(models.Model):
    """A variant that an exchange carries, if it goes by its list.

    A cycle may list hundreds of thousands, and a copy writes them all at once. The database looking up both ends of each
    took it twice as long as the writing; so it does not. Rows come and go under the lock of their cycle, variants end
    and are not deleted, and Django still cascades and protects. Nor is there an index of variants: whoever looks for one
    knows the exchanges it may be in.
    """

    exchange = models.ForeignKey(
        Exchange, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "variant"], name="one_variant_per_exchange")]


class ExchangeException(models.Model):
    """A variant left out of an exchange that otherwise carries all."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "variant"], name="one_exception_per_exchange")]


class CycleFee(models.Model):
    """A fee that a cycle charges: on an exchange, or (no exchange) as the coordinator's on everything."""

    cycle = models.ForeignKey(OrderCycle, on_delete=models.CASCADE, related_name="+")
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, null=True, related_name="+")
    fee = models.ForeignKey(EnterpriseFee, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "fee"], condition=models.Q(exchange__isnull=False), name="one_fee_per_exchange"
            ),
            models.UniqueConstraint(
                fields=["cycle", "fee"], condition=models.Q(exchange__isnull=True), name="one_fee_of_the_coordinator"
            ),
        ]


class HandOver(models.Model):
    """When a hub hands over the goods of a cycle by one of its delivery methods."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="+", help_text="Outgoing.")
    method = models.ForeignKey(DeliveryMethod, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "method"], name="one_hand_over_per_method"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="hand_over_ends_after_start"
            ),
        ]


class OfferedPayment(models.Model):
    """A way to pay that a hub accepts in a cycle; where it chose none, it accepts all it has, also later ones."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="+", help_text="Outgoing.")
    method = models.ForeignKey(PaymentMethod, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "method"], name="one_offer_per_payment_method")]
