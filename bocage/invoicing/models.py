from django.db import models

from bocage.network.models import Customer, Enterprise


class SellerTerms(models.Model):
    """What an enterprise prints on its invoices besides who it is, and when they are issued."""

    class Moment(models.TextChoices):
        NEVER = "never"
        ORDER = "order"
        HAND_OVER = "hand_over"

    class Regime(models.TextChoices):
        """Why a seller charges no VAT, where it charges none."""

        FRANCHISE = "franchise"
        FARMER = "farmer"
        EXEMPT = "exempt"

    seller = models.OneToOneField(Enterprise, on_delete=models.CASCADE, primary_key=True, related_name="+")
    moment = models.CharField(max_length=10, choices=Moment, default=Moment.NEVER)
    is_mailed = models.BooleanField(default=True, help_text="The customer gets the PDF by mail when it is issued.")
    legal_form = models.CharField(max_length=120, blank=True, help_text="SCIC SA with a capital of 12 000 €.")
    registration = models.CharField(max_length=80, blank=True, help_text="RCS Caen, RNA …")
    regime = models.CharField(max_length=10, choices=Regime, default=Regime.FRANCHISE)
    is_vat_on_payment = models.BooleanField(default=False, help_text="Option for VAT on debits: said on invoices.")
    payment_days = models.PositiveSmallIntegerField(default=0, help_text="0: on receipt.")
    late_rate_millionths = models.PositiveIntegerField(default=150_000, help_text="A year, for professionals.")
    footer = models.CharField(max_length=300, blank=True)
    series = models.CharField(
        max_length=2, blank=True, default="", db_default="", help_text="Of invoices numbered CT-2026-000123; blank: F."
    )
    connector = models.CharField(max_length=20, blank=True, help_text="A folder of bocage.invoicing.connectors.")


class BillingIdentity(models.Model):
    """As whom a customer of a hub wants to be invoiced, where that is not simply their name."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.CharField(max_length=160)
    street = models.CharField(max_length=160, blank=True)
    street2 = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="FR")
    siren = models.CharField(max_length=9, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    is_professional = models.BooleanField(default=False)
    is_monthly = models.BooleanField(default=False, help_text="One invoice a month for all that was handed over.")


class Chain(models.Model):
    """The end of a seller's row of documents: locked by whoever adds one."""

    seller = models.OneToOneField(Enterprise, on_delete=models.PROTECT, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)


class Document(models.Model):
    """An invoice or a credit note as it was issued. The database refuses any change.

    `content` is all that it says (`rules.content`); `digest` is of that and of the seller's document before. Amounts of
    a credit note are below zero here, so that a seller's documents add up.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"

    seller = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=24)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    buyer_name = models.CharField(max_length=160)
    about = models.CharField(max_length=40, help_text="A reference such as 'order:R7K2' or 'month:2026-11:41'.")
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    is_partial = models.BooleanField(default=False, help_text="A credit note over a part: its invoice stands.")
    issued_at = models.DateTimeField()
    issued_on = models.DateField(help_text="The day where the seller is.")
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    language = models.CharField(max_length=8)
    substance = models.CharField(max_length=64, help_text="Digest of what was sold to whom, for how much.")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "series", "year", "sequence"], name="one_document_per_number"),
            models.UniqueConstraint(fields=["credits"], condition=models.Q(is_partial=False), name="credited_once"),
            models.CheckConstraint(
                condition=models.Q(kind="credit_note", credits__isnull=False)
                | models.Q(kind="invoice", credits__isnull=True),
                name="credit_notes_name_their_invoice",
            ),
            models.CheckConstraint(
                condition=models.Q(total_minor=models.F("net_minor") + models.F("tax_minor")), name="document_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="document_newest"),
            models.Index(fields=["customer", "-id"], name="document_customer"),
        ]


class Covered(models.Model):
    """What a document is about, one row for each order; a monthly invoice has several."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "about"], name="covered_once_per_document")]
        indexes = [models.Index(fields=["about"], name="covered_about")]


class Paper(models.Model):
    """A document as it was printed: PDF/A-3 with its XML inside, kept as it left the house."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="+")
    pdf = models.BinaryField()
    xml = models.BinaryField()


class HandIn(models.Model):
    """A document to be handed to an e-invoicing platform: noted before the platform is called."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="+")
    connector = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, blank=True, help_text="What the platform calls it.")
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="hand_in_due", condition=models.Q(done_at__isnull=True))]


class Status(models.Model):
    """What became of a document at the platform and at its receiver: one fact a row, never changed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    code = models.PositiveSmallIntegerField(help_text="Of the French life cycle: 200 handed in … 213 rejected.")
    said = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "code", "at"], name="one_status_per_moment")]
