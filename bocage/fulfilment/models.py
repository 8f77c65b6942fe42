from django.db import models

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
