from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class Instance(models.Model):
    """One national or regional platform: its name, language, currency and clock."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    host = models.CharField(
        max_length=120, unique=True, null=True, blank=True, help_text="None answers for every other host."
    )
    country = models.CharField(max_length=2, default="FR")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=8, default="fr")
    timezone = models.CharField(max_length=40, default="Europe/Paris")
    mail_from = models.EmailField()
    contact_email = models.EmailField()
    promise = models.CharField(max_length=200, blank=True)
    mail_name = models.CharField(max_length=80, blank=True, help_text="The name mails come from; blank: its own.")
    description = models.CharField(max_length=200, blank=True, help_text="What search engines show under its name.")
    links = models.JSONField(default=list, blank=True, help_text="rules.links.Link as dicts, in their order.")
    terms_to_order = models.BooleanField(default=True, help_text="Whoever orders accepts its terms.")
    terms_to_register = models.BooleanField(default=True, help_text="Whoever opens an enterprise accepts its terms.")


class FeatureSwitch(models.Model):
    """How a feature declared in `rules.switches` stands on a platform; without a row, as declared."""

    class State(models.TextChoices):
        ALL = "all"
        CHOSEN = "chosen"
        OFF = "off"

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField()
    state = models.CharField(max_length=6, choices=State)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "name"], name="one_switch_per_feature")]


class SwitchedEnterprise(models.Model):
    """An enterprise that was chosen to have a feature."""

    switch = models.ForeignKey(FeatureSwitch, on_delete=models.CASCADE, related_name="chosen")
    enterprise = models.ForeignKey("Enterprise", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["switch", "enterprise"], name="one_choice_per_switch_and_enterprise")
        ]


class PersonManager(BaseUserManager["Person"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """A human being with an account; what they may do comes from their roles in enterprises and instances."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="Blank: the instance's.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="Steward of the instance.")
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Enterprise(models.Model):
    """A farm, a hub, a buying group, a farm shop: who produces, who sells, or both."""

    class Sells(models.TextChoices):
        NONE = "none"
        OWN = "own"
        ANY = "any"

    class Kind(models.TextChoices):
        """What the enterprise calls itself; decides words and pictures, never rights."""

        FARM = "farm"
        FOOD_HUB = "food_hub"
        FARM_SHOP = "farm_shop"
        BUYING_GROUP = "buying_group"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        LINKED = "linked"
        HIDDEN = "hidden"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.FARM)
    is_producer = models.BooleanField(default=False)
    sells = models.CharField(max_length=8, choices=Sells, default=Sells.NONE)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    teaser = models.CharField(max_length=255, blank=True, help_text="One sentence under the name.")
    story = models.TextField(blank=True, help_text="Sanitised HTML.")
    since = models.PositiveSmallIntegerField(null=True, help_text="Year.")
    contact_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    website = models.URLField(blank=True)
    whatsapp = models.CharField(max_length=32, blank=True, help_text="A phone number.")
    facebook = models.CharField(max_length=120, blank=True, help_text="Without protocol or trailing slash.")
    instagram = models.CharField(max_length=30, blank=True, help_text="The handle alone.")
    linkedin = models.CharField(max_length=120, blank=True, help_text="Without protocol or trailing slash.")
    mastodon = models.CharField(max_length=120, blank=True, help_text="As @name@server.")
    street = models.CharField(max_length=160, blank=True)
    street2 = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="FR")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    siret = models.CharField(max_length=14, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    legal_name = models.CharField(max_length=160, blank=True, help_text="On papers; blank: the name.")
    legal_address = models.CharField(max_length=255, blank=True, help_text="On papers; blank: the address.")
    is_vat_liable = models.BooleanField(default=True, help_text="No: its sales carry no VAT.")
    iban = models.CharField(max_length=34, blank=True)
    picture = models.CharField(max_length=120, blank=True, help_text="Static path of a drawing, or a stored file.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["instance", "visibility"], name="enterprise_directory")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What a person may do for an enterprise."""

    class Name(models.TextChoices):
        MANAGER = "manager"
        VOLUNTEER = "volunteer"
        BOOKKEEPER = "bookkeeper"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=12, choices=Name)
    is_contact = models.BooleanField(default=False, help_text="Receives the enterprise's mail.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "enterprise"], name="one_role_per_person")]


class Invitation(models.Model):
    """Somebody asked by mail to work for an enterprise. The link in the mail is signed; this row says if it still holds."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.Name)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "email"], condition=models.Q(state="open"), name="one_open_invitation_per_address"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="invitation_email")]


class Agreement(models.Model):
    """A producer lets a hub sell its goods on certain terms, from a moment on and until another, or until either ends it.

    One side proposes, the other accepts; only an accepted one counts. Rows are kept for ever: they are the history.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    class Side(models.TextChoices):
        PRODUCER = "producer"
        HUB = "hub"

    class Handling(models.TextChoices):
        """At whose price and from whose stock the hub sells: one of three, never two at once."""

        AS_IS = "as_is"
        OWN_PRICE = "own_price"
        RESELLS = "resells"

    producer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ACCEPTED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    may_sell = models.BooleanField(default=True, help_text="The hub may take the goods into its sales.")
    handling = models.CharField(max_length=10, choices=Handling, default=Handling.OWN_PRICE)
    edits_goods = models.BooleanField(default=False, help_text="The hub's people edit the producer's products.")
    edits_profile = models.BooleanField(default=False, help_text="The hub's people edit the producer's public page.")
    words = models.TextField(blank=True, help_text="What they agreed besides; binds people, not the software.")
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_side = models.CharField(max_length=8, choices=Side, default=Side.PRODUCER)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "hub"],
                condition=models.Q(ends_at__isnull=True, state="accepted"),
                name="one_running_agreement",
            ),
            models.UniqueConstraint(
                fields=["producer", "hub"], condition=models.Q(state="proposed"), name="one_proposal_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["hub", "producer"], name="agreement_hub")]


class Customer(models.Model):
    """Somebody who buys from one hub.

    A signed-in person has one record per hub; guests have one per hub and e-mail address, which belongs to nobody until
    the holder of that address confirms it. A record claimed by a person who already had one stays beside it (`main`).
    """

    hub = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=40, blank=True)
    is_member = models.BooleanField(default=False, help_text="May enter the hub's members-only shop.")
    note = models.TextField(blank=True)
    main = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", help_text="The person's own record at this hub."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "email"], condition=models.Q(person__isnull=True), name="one_guest_per_hub_and_email"
            ),
            models.UniqueConstraint(
                fields=["hub", "person"],
                condition=models.Q(person__isnull=False, main__isnull=True),
                name="one_customer_per_hub_and_person",
            ),
            models.UniqueConstraint(
                fields=["hub", "code"], condition=~models.Q(code=""), name="one_customer_per_hub_and_code"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="customer_email")]

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A word by which a hub keeps some of its customers together."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="one_tag_per_customer_and_name")]
        indexes = [models.Index(fields=["name"], name="customer_tag_name")]


class Address(models.Model):
    """An address that a person keeps for their next deliveries."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    street2 = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=12)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="FR")
    phone = models.CharField(max_length=32, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(is_default=True), name="one_default_address"),
        ]


class LegalText(models.Model):
    """One version of a text: terms that a person accepts, the instance's (no enterprise) or a hub's; or its own words."""

    class Kind(models.TextChoices):
        """What the text is; a hub has terms only. What a kind says last, if anything, stands in place of ours."""

        TERMS = "terms"
        HOME = "home"
        PRIVACY = "privacy"
        NOTICE = "notice"

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TERMS)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160, blank=True)
    body = models.TextField(blank=True, help_text="Sanitised HTML.")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "version"],
                condition=models.Q(enterprise__isnull=False),
                name="one_text_per_enterprise_and_version",
            ),
            models.UniqueConstraint(
                fields=["instance", "kind", "version"],
                condition=models.Q(enterprise__isnull=True),
                name="one_text_per_instance_kind_and_version",
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=True) | models.Q(kind="terms"), name="hubs_have_terms_only"
            ),
        ]


class Consent(models.Model):
    """Which version of which text somebody accepted, when."""

    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    email = models.EmailField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "email"], condition=models.Q(person__isnull=True), name="one_consent_per_text_and_email"
            ),
            models.UniqueConstraint(
                fields=["text", "person"],
                condition=models.Q(person__isnull=False),
                name="one_consent_per_text_and_person",
            ),
        ]


class Visit(models.Model):
    """A steward acted as a person for a while, to help; the person sees it, with the reason. Never deleted."""

    steward = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="When it ended, or will by itself.")

    class Meta:
        indexes = [models.Index(fields=["person", "-started_at"], name="visit_of_person")]


class Erasure(models.Model):
    """That somebody was forgotten, when, and by whom if not by themselves: numbers, no names. Never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    steward = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()


class Group(models.Model):
    """Farms and hubs that show themselves together on one public page: a network, a valley, a label."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=160)
    teaser = models.CharField(max_length=255)
    story = models.TextField(blank=True, help_text="Sanitised HTML.")
    town = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    is_listed = models.BooleanField(default=True, help_text="Shown among all groups.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """An enterprise that was asked into a group; it belongs to it once somebody who manages it accepts."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "enterprise"], name="one_membership_per_group")]
