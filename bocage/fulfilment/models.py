from django.db import models

from bocage.network.models import Enterprise
from bocage.order_cycles.models import OrderCycle
from bocage.orders.models import Order


class Parcel(models.Model):
    """Where an order stands in the barn: packed, handed over."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="+")
    packed_at = models.DateTimeField(null=True)
    packed_by = models.CharField(max_length=60, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.CharField(max_length=60, blank=True)


class PackedLine(models.Model):
    """One line that a volunteer ticked while packing."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="+")
    line_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)


class SupplierOrder(models.Model):
    """What one farm brings to one sale, over all its hubs; said in versions."""

    cycle = models.ForeignKey(OrderCycle, on_delete=models.PROTECT, related_name="+")
    producer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "producer"], name="one_supplier_order_per_farm")]


class SupplierOrderVersion(models.Model):
    """What a farm was told to bring; once told it is never changed, only followed by another."""

    order = models.ForeignKey(SupplierOrder, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    lines = models.JSONField(help_text="rules.BroughtLine, as `rules.written` writes them.")
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(told_at__isnull=True), name="one_untold_version_per_order"
            ),
        ]
