from django.db import models

from bocage.catalogue.models import Variant
from bocage.network.models import Enterprise


class StockItem(models.Model):
    """How much there is of a variant: the producer's own pool (no hub), or what one hub holds.

    Limited: `on_hand` counts what may still be sold, never below zero. On demand: no limit, nothing is counted.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    on_demand = models.BooleanField(default=False)
    on_hand = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "hub"], condition=models.Q(hub__isnull=False), name="one_stock_item_per_hub"
            ),
            models.UniqueConstraint(
                fields=["variant"], condition=models.Q(hub__isnull=True), name="one_stock_item_of_the_producer"
            ),
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="stock_not_negative"),
        ]


class Movement(models.Model):
    """A change of a stock item and its cause; what was taken for an order returns to the item it came from."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+")
    change = models.IntegerField()
    reason = models.CharField(max_length=16, help_text="order, amendment, cancellation, count …")
    about = models.CharField(max_length=40, blank=True, help_text="A reference such as 'order:R7K2'.")
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["item", "id"], name="movement_item"),
            models.Index(fields=["about"], name="movement_about"),
        ]
