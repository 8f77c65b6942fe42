from django.db import models

from bocage.network.models import Customer, Enterprise
from bocage.network.rules.customers import TAGS_LENGTH as TAGS


class PaymentMethod(models.Model):
    """A way to pay a hub: on the spot, or by transfer."""

    class Kind(models.TextChoices):
        ON_SITE = "on_site"
        TRANSFER = "transfer"

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    instructions = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    tags = models.CharField(max_length=TAGS, blank=True, help_text="`pro,local`: read with the row, never searched.")
    ended_at = models.DateTimeField(null=True)


class Payment(models.Model):
    """Money that a hub received from a customer, or (negative, with `refund_of`) gave back. A fact: never edited."""

    class Means(models.TextChoices):
        CASH = "cash"
        CHEQUE = "cheque"
        CARD = "card"
        TRANSFER = "transfer"

    key = models.CharField(max_length=80, unique=True, help_text="The same twice is one payment.")
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40, help_text="A reference such as 'order:R7K2'.")
    means = models.CharField(max_length=12, choices=Means)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    refund_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, refund_of__isnull=True)
                | models.Q(amount_minor__lt=0, refund_of__isnull=False),
                name="payment_in_or_refund_out",
            ),
        ]
        indexes = [models.Index(fields=["about", "id"], name="payment_about")]
