from django.db import models
from django.db.models import Q

from bocage.network.models import Customer, Enterprise
from bocage.network.rules.customers import TAGS_LENGTH as TAGS


class PaymentMethod(models.Model):
    """A way to pay a hub: on the spot, by transfer, or by card online."""

    class Kind(models.TextChoices):
        ON_SITE = "on_site"
        TRANSFER = "transfer"
        CARD = "card"

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    instructions = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    tags = models.CharField(max_length=TAGS, blank=True, help_text="`pro,local`: read with the row, never searched.")
    charge_minor = models.PositiveBigIntegerField(default=0, help_text="What paying this way costs, once per order.")
    charge_millionths = models.PositiveIntegerField(default=0, help_text="Or a part of the goods.")
    charge_tax = models.ForeignKey("pricing.TaxRate", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(charge_minor=0) | Q(charge_millionths=0), name="charge_is_an_amount_or_a_part"
            ),
        ]


class GiftVoucher(models.Model):
    """An amount paid in advance for whoever has its code: it pays orders until it is empty or expired.

    What is left of it is the balance of its account in the hub's book, `gift:<id>`; nothing of it is kept here.
    """

    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, help_text="Capitals and digits, no blanks: not to be guessed.")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    buyer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=120, blank=True)
    to_email = models.EmailField(blank=True, help_text="Blank: the buyer hands it over.")
    message = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, default="fr")
    expires_at = models.DateTimeField(null=True, help_text="The first moment at which it no longer pays.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_gift_per_code"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="gift_is_worth_something"),
        ]


class Payment(models.Model):
    """Money that a hub received from a customer, or (negative, with `refund_of`) gave back. A fact: never edited."""

    class Means(models.TextChoices):
        CASH = "cash"
        CHEQUE = "cheque"
        CARD = "card"
        TRANSFER = "transfer"
        ONLINE = "online"
        CREDIT = "credit"
        GIFT = "gift"

    key = models.CharField(max_length=80, unique=True, help_text="The same twice is one payment.")
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40, help_text="A reference such as 'order:R7K2'.")
    means = models.CharField(max_length=12, choices=Means)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    refund_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    gift = models.ForeignKey(
        GiftVoucher, on_delete=models.PROTECT, null=True, related_name="+", help_text="What paid, by means `gift`."
    )
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


class Credit(models.Model):
    """What a hub grants a customer, with the reason and who bears it: the hub, or a farm. A fact: never edited.

    `about`: the order it is for, whose VAT is less then; '' for a kindness that is spent later.
    """

    key = models.CharField(max_length=80, unique=True, help_text="The same twice is one credit.")
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    reason = models.CharField(max_length=255)
    bearer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list, help_text="[millionths, amount with VAT, VAT in it] per rate.")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    undone_at = models.DateTimeField(null=True, help_text="When its order was cancelled.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_is_something")]
        indexes = [
            models.Index(fields=["about", "id"], name="credit_about"),
            models.Index(fields=["customer", "-id"], name="credit_customer"),
        ]


class ProviderAccount(models.Model):
    """A hub's own account with a provider: money goes to it directly. The platform keeps its name, no secret of it."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=16)
    account = models.CharField(max_length=80)
    can_charge = models.BooleanField(default=False, help_text="The provider lets it take money.")
    connected_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub"], condition=Q(ended_at__isnull=True), name="one_running_account"),
        ]


class SavedCard(models.Model):
    """A card that a customer lets a hub charge again, as the provider knows it: never its number."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=16)
    account = models.CharField(max_length=80)
    holder = models.CharField(max_length=80)
    card = models.CharField(max_length=80)
    brand = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    expires = models.CharField(max_length=7, help_text="2029-04")
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "card"], name="card_saved_once")]


class Attempt(models.Model):
    """An attempt to move money by a provider, written before the provider is called.

    Amount, currency, account and key never change; only what is known of it moves, and only forward (`rules.join`).
    """

    class Kind(models.TextChoices):
        CHARGE = "charge"
        REFUND = "refund"

    class State(models.TextChoices):
        WRITTEN = "written"
        OPEN = "open"
        ENDED = "ended"
        SUCCEEDED = "succeeded"

    key = models.CharField(max_length=40, unique=True, help_text="The idempotency key at the provider.")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WRITTEN)
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40, help_text="A reference such as 'order:R7K2'.")
    provider = models.CharField(max_length=16)
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="The charge that a refund gives back."
    )
    saved_card = models.ForeignKey(SavedCard, on_delete=models.PROTECT, null=True, related_name="+")
    keeps_card = models.BooleanField(default=False)
    asked = models.JSONField(default=dict, help_text="label, email, language, back_url: the rest of what was asked.")
    handle = models.CharField(max_length=80, blank=True, help_text="What the provider calls it.")
    page = models.CharField(max_length=400, blank=True, help_text="Where a person pays, while it is open.")
    reason = models.CharField(max_length=255, blank=True, help_text="Why it came to nothing, in the provider's words.")
    made_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="When the provider was last asked; never yet if null.")
    settled_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="attempt_moves_something"),
            models.CheckConstraint(
                condition=Q(kind="charge", of__isnull=True) | Q(kind="refund", of__isnull=False),
                name="refund_attempt_of_charge",
            ),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(kind="charge", state__in=["written", "open"]),
                name="one_charge_under_way",
            ),
        ]
        indexes = [
            models.Index(fields=["looked_at"], condition=Q(state__in=["written", "open"]), name="attempt_unsettled"),
            models.Index(fields=["about", "id"], name="attempt_about"),
            models.Index(fields=["hub", "-id"], name="attempt_hub"),
            models.Index(fields=["handle"], name="attempt_handle"),
        ]


class ProviderEvent(models.Model):
    """An event as a provider sent it, signature checked, kept as it came; handled once, whenever that is."""

    provider = models.CharField(max_length=16)
    event_id = models.CharField(max_length=80)
    what = models.CharField(max_length=60)
    body = models.TextField()
    told = models.JSONField(help_text="key, handle, seen: what was read from it.")
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="event_once")]
        indexes = [models.Index(fields=["id"], condition=Q(handled_at__isnull=True), name="event_unhandled")]


class Finding(models.Model):
    """Something that the reconciler put right, or that a person must look at."""

    class What(models.TextChoices):
        COMPLETED = "completed"
        CLOSED = "closed"
        REFUNDED = "refunded"
        MISMATCH = "mismatch"

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12, choices=What)
    said = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "what"], name="found_once")]
