from django.db import models

from bocage.catalogue.models import Variant
from bocage.infra.exact import ExactField
from bocage.network.models import Enterprise
from bocage.order_cycles.models import OrderCycle


class Desk(models.Model):
    """Where a hub draws up its statements: locked by whoever draws up, approves or freezes one.

    `looked_through`: the last entry of the book that was looked at for changes of sales stated before.
    """

    hub = models.OneToOneField(Enterprise, on_delete=models.PROTECT, primary_key=True, related_name="+")
    looked_through = models.BigIntegerField(default=0)


class Reopened(models.Model):
    """A sale that was stated and has moved since: what changed goes onto the next statements."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    cycle = models.ForeignKey(OrderCycle, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "cycle"], name="reopened_once")]


class Statement(models.Model):
    """What a hub owes a farm for a sale, with what changed of sales stated before.

    Drafts are made anew at will; from its approval on, what it says stays but for what is agreed about contested lines;
    frozen it is in the books and never changes.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted"
        APPROVED = "approved"
        FROZEN = "frozen"

    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    producer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(OrderCycle, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFTED)
    drafted_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    seen_at = models.DateTimeField(null=True, help_text="When somebody of the farm first opened it.")
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    frozen_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=16, blank=True)
    carried_minor = models.BigIntegerField(
        default=0, help_text="Once frozen: what earlier ones left the farm owing, 0 or less."
    )
    carried_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Where what the farm owes is taken off.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "producer", "cycle"], name="one_statement_per_farm_and_sale"),
            models.UniqueConstraint(
                fields=["hub", "number"], condition=~models.Q(number=""), name="one_statement_per_number"
            ),
        ]
        indexes = [models.Index(fields=["producer", "hub", "id"], name="statement_producer")]


class Line(models.Model):
    """A product or fee of a sale on a statement, or a credit to a customer that the farm bears.

    Of another sale than the statement's, it is a correction.

    net_minor: what the farm gets without VAT; below zero, what it gives back. Fields as `rules.Key` and `rules.Sum`.
    """

    class Kind(models.TextChoices):
        GOODS = "goods"
        FEE = "fee"
        CREDIT = "credit"
        AGREED = "agreed"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    cycle = models.ForeignKey(OrderCycle, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=255)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, related_name="+")
    variant_name = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    size = ExactField(default=0)
    pack = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=4, blank=True)
    is_weighed = models.BooleanField(default=False)
    price_minor = models.BigIntegerField(default=0)
    millionths = models.PositiveIntegerField(default=0)
    fee_kind = models.CharField(max_length=12, blank=True)
    quantity = models.IntegerField(default=0)
    grams = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["cycle", "statement"], name="stated_of_cycle")]


class Contest(models.Model):
    """What a farm says is not right with a line, and what the hub answered."""

    class Answer(models.TextChoices):
        CORRECTED = "corrected"
        REFUSED = "refused"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, blank=True)
    words = models.CharField(max_length=300, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=models.Q(answer=""), name="one_open_contest_per_line")
        ]


class Frozen(models.Model):
    """All that a frozen statement says. The database refuses any change; `digest` is in the key of its ledger entry."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, primary_key=True, related_name="+")
    content = models.JSONField()
    digest = models.CharField(max_length=64)


class Payment(models.Model):
    """Money that went to a farm for a statement. Written once."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "reference"], name="one_payment_per_reference"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_to_farm_is_positive"),
        ]


class TransferFile(models.Model):
    """A file of transfers to farms (pain.001) that a hub took to its bank: kept as it was handed out. Written once.

    It says what was asked of the bank; that money left is a `Payment`.
    """

    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=31)
    on = models.DateField(help_text="When the bank is to send the money.")
    content = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "reference"], name="one_transfer_file_per_reference")]


class Transfer(models.Model):
    """A statement in a file of transfers, with what was left to pay for it then."""

    file = models.ForeignKey(TransferFile, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "statement"], name="one_transfer_per_file"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="transfer_is_positive"),
        ]
