from __future__ import annotations

from django.db import models

from bocage.network.models import Enterprise, Instance, Person


class Articles(models.Model):
    """What the members wrote into their articles: numbers that a vote changes, never the code."""

    instance = models.OneToOneField(Instance, on_delete=models.PROTECT, primary_key=True, related_name="+")
    body = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The cooperative itself, whose book keeps the capital; without it, no entry is posted.",
    )
    share_value_minor = models.BigIntegerField(default=20_00)
    counting = models.CharField(max_length=12, default="proportional", help_text="proportional, majority or heads.")
    quorum_percent = models.PositiveSmallIntegerField(default=20, help_text="Of the first call; the second has none.")
    quorum_articles = models.CharField(max_length=8, default="1/3", help_text="To change the articles, at every call.")
    is_quorum_weighted = models.BooleanField(default=False)


class College(models.Model):
    """Who votes together. `weight`: of 100 votes."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=80)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "code"], name="one_college_per_code")]


class Category(models.Model):
    """A category of members in the sense of the law on SCICs; not a college."""

    class Kind(models.TextChoices):
        WORKERS = "workers"
        PRODUCERS = "producers"
        BENEFICIARIES = "beneficiaries"
        PUBLIC = "public"
        OTHER = "other"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "kind"], name="one_category_per_kind")]


class Member(models.Model):
    """A person, or an enterprise that a person speaks for; one member, one vote. Never deleted.

    candidate → admitted → active (first share paid) → leaving → left.
    """

    class State(models.TextChoices):
        CANDIDATE = "candidate"
        ADMITTED = "admitted"
        ACTIVE = "active"
        LEAVING = "leaving"
        LEFT = "left"
        DECLINED = "declined"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="In the register, from 1, without gaps.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", help_text="Who votes.")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="As in the register.")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    college = models.ForeignKey(College, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.CANDIDATE)
    words = models.TextField(blank=True, help_text="Why they want to join.")
    applied_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "number"], name="one_member_per_number"),
            models.UniqueConstraint(
                fields=["instance", "person"],
                condition=models.Q(enterprise__isnull=True) & ~models.Q(state__in=["left", "declined"]),
                name="one_membership_per_person",
            ),
            models.UniqueConstraint(
                fields=["instance", "enterprise"],
                condition=models.Q(enterprise__isnull=False) & ~models.Q(state__in=["left", "declined"]),
                name="one_membership_per_enterprise",
            ),
        ]


class ShareMovement(models.Model):
    """A line of the register of shares; written once. `shares` is below 0 where shares go."""

    class Kind(models.TextChoices):
        SUBSCRIPTION = "subscription"
        PAYMENT = "payment"
        REFUND = "refund"
        CANCELLATION = "cancellation"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="In the register, from 1, without gaps.")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    shares = models.IntegerField()
    amount_minor = models.BigIntegerField(help_text="At nominal value.")
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="one_share_movement_per_number")]
        indexes = [models.Index(fields=["member"], name="share_member")]


class Seat(models.Model):
    """A member sits on a committee for a time, by a decision; without one, by the founding of that committee."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    committee = models.CharField(max_length=12)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey("Proposal", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "member"], condition=models.Q(until__isnull=True), name="one_seat_per_member"
            )
        ]


class Assembly(models.Model):
    """Members meet: called fifteen days before, with an agenda; those away vote here."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    is_extraordinary = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    agenda = models.TextField(help_text="A point per line.")
    called_at = models.DateTimeField()
    members = models.PositiveIntegerField(default=0, help_text="Active when the minutes were signed.")


class Presence(models.Model):
    """A member was at an assembly, or let another stand for them (`proxy`)."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="presences")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proxy = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "member"], name="one_presence_per_member")]


class Minutes(models.Model):
    """What an assembly decided, signed; each hashes the ones before. Written once."""

    assembly = models.OneToOneField(Assembly, on_delete=models.PROTECT, primary_key=True, related_name="minutes")
    number = models.PositiveIntegerField()
    body = models.TextField()
    chair = models.CharField(max_length=120)
    secretary = models.CharField(max_length=120)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()


class Proposal(models.Model):
    """Something that members may decide; its texts are versions, its path is in `rules.path`. Never deleted."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    method = models.CharField(max_length=8, default="majority")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default="draft")
    title = models.CharField(max_length=160)
    is_extraordinary = models.BooleanField(default=False)
    budget_minor = models.BigIntegerField(
        default=0, help_text="What the chosen projects may cost; 0: no sum is shared."
    )
    made_at = models.DateTimeField()
    discussed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True, help_text="Of the text, in this discussion.")
    ends_at = models.DateTimeField(null=True, help_text="Before, the text is not frozen.")
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    outcome = models.TextField(blank=True, help_text="What was done, in words.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="one_proposal_per_number")]
        indexes = [models.Index(fields=["instance", "state"], name="proposal_state")]


class TextVersion(models.Model):
    """A text of a proposal, with its hash. Written once."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveIntegerField()
    body = models.TextField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="one_text_per_version")]


class Option(models.Model):
    """One of several answers, or an item of a roadmap with what it would cost."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="options")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=160)
    cost_minor = models.BigIntegerField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "code"], name="one_option_per_code")]


class Answer(models.Model):
    """What the developers' circle says in writing to an item of the roadmap. Written once."""

    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="answers")
    body = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()


class Backing(models.Model):
    """A member carries a draft into discussion, or asks that its vote be secret."""

    class Kind(models.TextChoices):
        SUPPORT = "support"
        SECRET = "secret"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="backings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "member", "kind"], name="one_backing_per_member")]


class Remark(models.Model):
    """What a member says in a discussion."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="remarks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()


class Vote(models.Model):
    """A ballot box: what is asked and how it will be counted, fixed when it opens. A proposal may have a second one."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=8)
    counting = models.CharField(max_length=12)
    threshold = models.CharField(max_length=8)
    quorum = models.CharField(max_length=8)
    is_quorum_weighted = models.BooleanField()
    may_brake = models.BooleanField()
    is_secret = models.BooleanField()
    risk_level = models.PositiveSmallIntegerField(default=1, help_text="CNIL 2019-053: 1, or 2 and Helios beside.")
    colleges = models.JSONField(help_text="code, name, weight, roll: frozen at opening.")
    text_hash = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "round"], name="one_vote_per_round")]
        indexes = [models.Index(fields=["closes_at"], name="vote_closing")]


class RollEntry(models.Model):
    """Who may vote, frozen at opening. `has_voted` goes up once: when, and what, no table knows of a secret vote."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="roll")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    college = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    has_voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "member"], name="one_roll_entry_per_member")]


class BoardEntry(models.Model):
    """A receipt on the public board of a vote, chained; no moment, no voter. Written once."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="board")
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="one_board_entry_per_number"),
            models.UniqueConstraint(fields=["vote", "receipt"], name="one_board_entry_per_receipt"),
        ]


class Ballot(models.Model):
    """A ballot in the box; written once. Its key is its receipt: no number, no moment that would follow the roll.

    `voter` stays empty in a secret vote: nothing leads from a ballot to a person.
    """

    receipt = models.CharField(max_length=64, primary_key=True)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="ballots")
    college = models.CharField(max_length=20)
    choice = models.JSONField()
    nonce = models.CharField(max_length=64)
    voter = models.OneToOneField(RollEntry, on_delete=models.PROTECT, null=True, related_name="+")


class Lift(models.Model):
    """An objection no longer stands: taken back by its author, or met by a change of the text. Written once."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="lift")
    how = models.CharField(max_length=12, help_text="author or integration.")
    words = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()


class Count(models.Model):
    """The published file of a closed vote, with its result; written once."""

    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, primary_key=True, related_name="count")
    file = models.TextField(help_text="Canonical JSON: `rules.box.published`.")
    hash = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()


class Delegation(models.Model):
    """A member lets another of the same college vote for them on a topic, until they take it back."""

    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=8, help_text="A kind of proposal.")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "topic"], condition=models.Q(until__isnull=True), name="one_delegation_per_topic"
            )
        ]
