from django.db import models

from bocage.catalogue.models import Product, Variant
from bocage.infra.exact import ExactField
from bocage.network.models import Customer, Enterprise, Person
from bocage.order_cycles.models import OrderCycle
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee, TaxRate
from bocage.shops.models import DeliveryMethod
from bocage.stock.models import StockItem


class Order(models.Model):
    """A frozen contract between a customer and a hub; what changed later is recorded as OrderChange.

    `awaiting`: its goods are taken and it is in the books, but it counts for nobody else until it is paid online; it is
    placed by the payment, or cancelled when none came by `pay_by`.
    """

    class State(models.TextChoices):
        AWAITING = "awaiting"
        PLACED = "placed"
        CANCELLED = "cancelled"

    class Channel(models.TextChoices):
        """By which door it came in: contributions count what was sold online."""

        STOREFRONT = "storefront"
        SUBSCRIPTION = "subscription"
        API = "api"
        BACKOFFICE = "backoffice"
        POS = "pos"

    ref = models.CharField(max_length=12, unique=True, help_text="Random, easy to read aloud: R7K2M9.")
    key = models.CharField(max_length=80, unique=True, help_text="The same confirmation twice is one order.")
    state = models.CharField(max_length=10, choices=State, default=State.PLACED)
    channel = models.CharField(
        max_length=12, choices=Channel, default=Channel.STOREFRONT, db_default=Channel.STOREFRONT
    )
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(OrderCycle, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)
    delivery_method = models.ForeignKey(DeliveryMethod, on_delete=models.PROTECT, related_name="+")
    delivery_name = models.CharField(max_length=120, help_text="Frozen name of the method or pickup point.")
    delivery_street = models.CharField(max_length=160, blank=True)
    delivery_street2 = models.CharField(max_length=160, blank=True)
    delivery_postcode = models.CharField(max_length=12, blank=True)
    delivery_town = models.CharField(max_length=80, blank=True)
    hand_over_from = models.DateTimeField(null=True)
    hand_over_to = models.DateTimeField(null=True)
    payment_method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, default="EUR")
    total_minor = models.BigIntegerField(help_text="Sum of lines and charges, kept by orders.actions alone.")
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField(null=True, help_text="While awaiting: until when its goods are held.")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(total_minor__gte=0), name="order_total_not_negative")]
        indexes = [
            models.Index(fields=["hub", "-placed_at", "-id"], name="order_hub_newest"),
            models.Index(fields=["cycle", "hub", "id"], name="order_cycle"),
            models.Index(fields=["customer", "-placed_at", "-id"], name="order_customer"),
            models.Index(fields=["pay_by"], condition=models.Q(state="awaiting"), name="order_awaiting"),
        ]


class OrderLine(models.Model):
    """A variant that was ordered, with everything it said at that moment.

    `price_minor` is what the producer gets for one, before fees; `goods_minor` for all of the line (by final weight where
    weighed); `fees_minor` the sum of its line fees; `total_minor` = goods + fees + added tax: what the customer pays.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    producer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, null=True, related_name="+")
    product_name = models.CharField(max_length=255)
    variant_name = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=8)
    size = ExactField()
    pack = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=4, blank=True, default="", db_default="")
    weight_g = models.PositiveIntegerField(null=True)
    is_weighed = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField()
    final_weight_g = models.PositiveIntegerField(null=True, help_text="Of the whole line, once weighed.")
    price_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    goods_tax_minor = models.BigIntegerField(default=0, help_text="VAT of the goods, included or added.")
    fees_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, related_name="+")
    tax_millionths = models.PositiveIntegerField(default=0)
    tax_is_included = models.BooleanField(default=True)
    tax_taken_out = models.PositiveIntegerField(
        default=0, help_text="Millionths of the VAT of home that the price contains and that is not owed there."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "variant"], name="one_line_per_variant")]
        indexes = [
            models.Index(fields=["variant"], name="line_variant"),
            models.Index(fields=["producer"], name="line_producer"),
        ]


class Charge(models.Model):
    """A fee on a line or on the order, a delivery, a payment's charge, a voucher, an adjustment; with VAT and payee.

    A voucher is one negative row per VAT rate.

    The rule of a line's or order's fee is frozen in `terms`, so that a later amendment is priced by what was agreed.
    """

    class Kind(models.TextChoices):
        FEE = "fee"
        DELIVERY = "delivery"
        PAYMENT = "payment"
        VOUCHER = "voucher"
        ADJUSTMENT = "adjustment"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    fee = models.ForeignKey(EnterpriseFee, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=12, blank=True, help_text="coordinator, incoming, outgoing.")
    payee = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    fee_kind = models.CharField(max_length=12, blank=True)
    terms = models.JSONField(help_text="pricing.rules.Fee.as_terms().")
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    tax_millionths = models.PositiveIntegerField(default=0)
    tax_is_included = models.BooleanField(default=True)
    takes_back = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="+", help_text="Of an adjustment: the one it undoes."
    )

    class Meta:
        indexes = [models.Index(fields=["order", "line"], name="charge_order")]


class OrderChange(models.Model):
    """Who changed what of an order, when: the history that people read."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(
        max_length=24, help_text="placed, quantity, weight, cancelled, resumed, payment, refund, handed_over …"
    )
    details = models.JSONField(default=dict, help_text="Plain values: product, before, after, amount_minor …")
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["order", "id"], name="change_order")]


class SavedFilter(models.Model):
    """What a person often looks for among a hub's orders: a name for the query of the list's address."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "person", "name"], name="one_filter_per_name")]


class BulkAct(models.Model):
    """One act on many orders, written down as its preview showed it, then done order by order."""

    key = models.CharField(max_length=64, unique=True, help_text="The same confirmation twice is one act.")
    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=16, help_text="The name of a kind of `orders.acts`: pay, cancel, share …")
    details = models.JSONField(default=dict, help_text="pay: means. share: variant_id, product, came, rule.")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="In whose name it is done."
    )
    at = models.DateTimeField()


class BulkActLine(models.Model):
    """One order of a bulk act: it waits, is done once, was refused, with the reason, or failed by a fault of ours."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"

    act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    plan = models.JSONField(default=dict, help_text="share: before, after, units of the variant.")
    said = models.JSONField(default=dict, help_text="Of a refusal: message, values.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "order"], name="one_line_per_order_of_an_act")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="act_line_waiting"),
        ]


class Untold(models.Model):
    """An order whose customer is still to be told what changed: how it stood when they last knew."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="+")
    before = models.JSONField(help_text="telling.stand(): variant id → product, quantity, weight_g, price_minor.")
    changed_at = models.DateTimeField(db_index=True)


class FarmAccess(models.Model):
    """What a hub lets farms do with the lines of their own goods, and see of who ordered them. Absent: nothing."""

    hub = models.OneToOneField(Enterprise, on_delete=models.CASCADE, primary_key=True, related_name="+")
    edits_lines = models.BooleanField(default=False, help_text="Quantities and final weights.")
    adds_lines = models.BooleanField(default=False, db_default=False, help_text="Add and take out their own goods.")
    edits_prices = models.BooleanField(default=False)
    sees_names = models.BooleanField(default=False, help_text="Names of customers; never more than that.")


class SharingRule(models.Model):
    """How a hub shares a shortage, until it chooses otherwise."""

    hub = models.OneToOneField(Enterprise, on_delete=models.CASCADE, primary_key=True, related_name="+")
    rule = models.CharField(max_length=8, help_text="sharing.Sharing: first, even, fewest.")


class Batch(models.Model):
    """In which lots a hub gets a product from its farm, to see whether a group's orders fill one."""

    hub = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    size = models.PositiveIntegerField(help_text="g, mL or items, as the product's sizes.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "product"], name="one_batch_per_product"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="batch_is_something"),
        ]
