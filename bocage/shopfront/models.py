from django.db import models

from bocage.catalogue.models import Variant
from bocage.network.models import Enterprise, Person
from bocage.order_cycles.models import OrderCycle


class Basket(models.Model):
    """What somebody means to order from a hub in a cycle; belongs to a person, or to a device by its secret."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the device's cookie.")
    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    cycle = models.ForeignKey(OrderCycle, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(
        max_length=36, unique=True, help_text="Becomes the order's key: confirmed twice is one order."
    )
    details = models.JSONField(default=dict, help_text="What checkout has asked so far.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "hub", "cycle"],
                condition=models.Q(person__isnull=False),
                name="one_basket_per_person",
            ),
            models.UniqueConstraint(
                fields=["device", "hub", "cycle"], condition=models.Q(person__isnull=True), name="one_basket_per_device"
            ),
        ]
        indexes = [models.Index(fields=["changed_at"], name="basket_stale")]


class BasketLine(models.Model):
    """A variant in a basket, with the price that was shown when it was put in."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    shown_minor = models.BigIntegerField(help_text="Price of one with its fees, as shown.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "variant"], name="one_line_per_basket_variant"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="basket_quantity_positive"),
        ]
