from django.db import models

from bocage.invoicing.models import Document
from bocage.network.models import Enterprise, Instance, Person
from bocage.orders.models import Order


class Cooperative(models.Model):
    """Who runs an instance and invoices contributions; locked by whoever adds to its chain of closed statements."""

    instance = models.OneToOneField(Instance, on_delete=models.PROTECT, primary_key=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    month_cost_minor = models.BigIntegerField(default=0, help_text="What the instance costs in a month.")
    begins_on = models.DateField(help_text="The first month that is stated.")
    number = models.PositiveBigIntegerField(default=0, help_text="Of the last closed statement in the chain.")
    digest = models.CharField(max_length=64, blank=True)


class ContributionPlan(models.Model):
    """A way of contributing; open ones may be chosen."""

    class Kind(models.TextChoices):
        PERCENTAGE = "percentage"
        TIERED = "tiered"
        FIXED = "fixed"
        HYBRID = "hybrid"
        FREE = "free"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    is_open = models.BooleanField(default=False, help_text="Switched on by a vote.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "code"], name="one_plan_per_code")]


class PlanVersion(models.Model):
    """The terms of a plan from a day on. Frozen: another vote makes another version."""

    plan = models.ForeignKey(ContributionPlan, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    tariff = models.JSONField(help_text="rules.tariffs.Tariff, its fields by name.")
    text = models.TextField(help_text="What a shop accepts, in words.")
    text_hash = models.CharField(max_length=64)
    adopted_on = models.DateField()
    valid_from = models.DateField()
    decision = models.CharField(max_length=120, blank=True, help_text="Of the vote that adopted it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_per_number_of_a_plan")]


class PlanSubscription(models.Model):
    """By which version a shop contributes, from a month on: who accepted which text. The one that starts last holds."""

    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(help_text="The 1st of a month.")
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField()
    text_hash = models.CharField(max_length=64)
    why = models.CharField(max_length=12, default="chosen", help_text="chosen, accepted, lower or silent.")

    class Meta:
        indexes = [models.Index(fields=["shop", "-since", "-id"], name="subscription_shop")]


class Beginning(models.Model):
    """The day of a shop's first recognised sale, from which its trial is counted. Frozen."""

    shop = models.OneToOneField(Enterprise, on_delete=models.PROTECT, primary_key=True, related_name="+")
    first_sale_on = models.DateField()


class Pledge(models.Model):
    """What a shop on the free plan gives for a month, VAT included, and for those after it where it stands. Frozen."""

    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    is_standing = models.BooleanField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="pledge_is_not_negative"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="pledge_is_of_a_month"),
        ]
        indexes = [models.Index(fields=["shop", "-month", "-id"], name="pledge_shop")]


class Bill(models.Model):
    """An invoice over one month or several whose sums were small, and what was paid of it."""

    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=24)
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    issued_on = models.DateField()
    due_on = models.DateField()
    reference = models.CharField(max_length=25, unique=True, help_text="ISO 11649, to be said with a transfer.")
    credited_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-id"], name="bill_shop"),
            models.Index(fields=["due_on"], name="bill_due"),
        ]


class Statement(models.Model):
    """A shop's month. `proposed` figures may still move; from `closed` on they are sealed (`Seal`, `StatementLine`)."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CLOSED = "closed"
        INVOICED = "invoiced"
        PARTLY_PAID = "partly_paid"
        PAID = "paid"
        CREDITED = "credited"

    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    sales_minor = models.BigIntegerField(help_text="What counts in the month, without VAT.")
    shown_minor = models.BigIntegerField(help_text="What is shown and does not count.")
    carry_in_minor = models.BigIntegerField()
    base_minor = models.BigIntegerField()
    carry_out_minor = models.BigIntegerField()
    would_minor = models.BigIntegerField(
        help_text="Without VAT: what the month would have cost without trial or relief."
    )
    relief_percent = models.PositiveSmallIntegerField(default=0)
    is_trial = models.BooleanField(default=False)
    true_up_minor = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When the shop was written to that it is proposed.")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "month"], name="one_statement_per_month"),
            models.CheckConstraint(
                condition=models.Q(total_minor=models.F("net_minor") + models.F("tax_minor"), net_minor__gte=0),
                name="statement_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="statement_month")]


class StatementLine(models.Model):
    """A line of a closed statement. Frozen."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+")
    ref = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    kind = models.CharField(max_length=8)
    net_minor = models.BigIntegerField()
    why = models.CharField(max_length=12, blank=True, help_text="Blank: it counts.")


class Seal(models.Model):
    """What a closed statement says, after the seal before it: a changed byte of any of them shows. Frozen."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, primary_key=True, related_name="+")
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    content = models.TextField(help_text="Canonical JSON: its figures and the digest of its lines.")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="one_seal_per_number")]


class Contest(models.Model):
    """A line that a shop asks to look at again. Kept off the statement until it is answered."""

    class Answer(models.TextChoices):
        OPEN = "open"
        LEFT_OUT = "left_out"
        STAYS = "stays"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.OPEN)
    answer_words = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "order"], name="contested_once")]


class SolidarityGrant(models.Model):
    """A shop's request to pay less for a while, in its own words, and what the committee granted."""

    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000)
    asked_at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField(null=True, help_text="25, 50, 75 or 100; 0 was not granted; none: open.")
    since = models.DateField(null=True)
    until = models.DateField(null=True, help_text="The first day that it does not hold.")
    decided_at = models.DateTimeField(null=True)
    committee = models.CharField(max_length=300, blank=True, help_text="Who decided, by name.")
    reply = models.CharField(max_length=500, blank=True)


class Payment(models.Model):
    """Money that came for an invoice, or went back when it is below zero. Frozen."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    means = models.CharField(max_length=10, help_text="transfer, sepa, card, other.")
    on = models.DateField()
    note = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=60)


class Notice(models.Model):
    """A kind word about an unpaid invoice: written by us, or spoken by the person who is named. Frozen."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=8, help_text="rules.kindness: friendly, second, call, letter.")
    on = models.DateField()
    by_name = models.CharField(max_length=120, blank=True, help_text="The person who called or wrote.")
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "step"], name="one_notice_per_step")]


class InstalmentPlan(models.Model):
    """An invoice paid bit by bit: [[day, minor units], …]."""

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, primary_key=True, related_name="+")
    parts = models.JSONField()
    agreed_by = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()


class Restriction(models.Model):
    """What a committee decided, with its reasons: from a day on, no new order cycle; until it is lifted."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    shop = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    committee = models.CharField(max_length=300)
    decided_on = models.DateField()
    starts_on = models.DateField()
    lifted_at = models.DateTimeField(null=True)
