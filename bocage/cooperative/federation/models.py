from django.core.validators import MinValueValidator
from django.db import models

from bocage.network.models import Instance


class Peer(models.Model):
    """An instance that shares the software, ours among them (`instance` says which one that is)."""

    class Group(models.TextChoices):
        """How rich its country is, by the World Bank."""

        HIGH = "H"
        UPPER_MIDDLE = "UM"
        LOWER_MIDDLE = "LM"
        LOW = "L"

    code = models.CharField(max_length=12, unique=True, help_text="Breaks ties to the cent: A before Z.")
    domain = models.CharField(max_length=120, unique=True, help_text="Its name in the feed.")
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3, default="EUR")
    group = models.CharField(max_length=2, choices=Group)
    vat_number = models.CharField(max_length=20, blank=True)
    instance = models.OneToOneField(Instance, on_delete=models.PROTECT, null=True, related_name="+")
    public_key = models.CharField(
        max_length=64, blank=True, help_text="Ed25519, hexadecimal: what its first entry is signed with."
    )
    feed_url = models.URLField(blank=True, help_text="Where its entries are read; blank: nowhere.")
    frozen_at = models.DateTimeField(null=True, help_text="It said two things in one place: nothing later is taken.")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    voting_ends_at = models.DateTimeField(
        null=True, help_text="Owing for a year without a plan: no vote on keys after."
    )


class YearFigures(models.Model):
    """What an instance declared of a year, in euro cents: online turnover (R-BASE) and own contributions."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    turnover_minor = models.BigIntegerField(validators=[MinValueValidator(0)])
    income_minor = models.BigIntegerField(validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "year"], name="one_declaration_per_year"),
            models.CheckConstraint(
                condition=models.Q(turnover_minor__gte=0, income_minor__gte=0), name="declared_not_below_zero"
            ),
        ]


class KeyProposal(models.Model):
    """A key with its parameters, put to the instances for a year and the ones after; discussed, then voted."""

    ref = models.CharField(
        max_length=160, unique=True, help_text="Its name in the feed: the author's domain and a number."
    )
    year = models.PositiveSmallIntegerField(help_text="The first year it would hold.")
    pot_minor = models.BigIntegerField(help_text="Euro cents a year.")
    terms = models.JSONField(help_text="`rules.keys.as_json`.")
    reasons = models.TextField()
    author = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    opens_at = models.DateTimeField(help_text="The vote, thirty days later at the earliest.")
    closes_at = models.DateTimeField()


class KeyVote(models.Model):
    """What an instance says of a proposal; one each, until the vote closes."""

    class Choice(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        ABSTAIN = "abstain"

    proposal = models.ForeignKey(KeyProposal, on_delete=models.CASCADE, related_name="+")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "peer"], name="one_vote_per_instance")]


class Decision(models.Model):
    """Who pays what in a year, with all it was computed from, so that anyone can compute it again. Frozen."""

    year = models.PositiveSmallIntegerField(unique=True)
    proposal = models.ForeignKey(KeyProposal, on_delete=models.PROTECT, null=True, related_name="+")
    statement = models.TextField(help_text="`rules.decisions.statement`, canonical JSON.")
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()


class FeedEntry(models.Model):
    """An entry of the federation's signed book, ours or a peer's, as received. Frozen."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    type = models.CharField(max_length=40)
    written = models.JSONField(help_text="`rules.feed.Entry.written`.")
    is_proof = models.BooleanField(default=False, help_text="The other side of a fork: kept, not followed.")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "hash"], name="one_entry_per_hash"),
            models.UniqueConstraint(
                fields=["peer", "seq"], condition=models.Q(is_proof=False), name="one_followed_entry_per_number"
            ),
        ]
