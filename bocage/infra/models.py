from django.db import models


class Event(models.Model):
    """A fact that was saved together with its cause; kept for a while after it was delivered (`outbox.prune`)."""

    key = models.CharField(max_length=36, unique=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    by = models.CharField(max_length=60, help_text="Who: 'person:12', 'guest', 'system'.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="event_kind")]


class Delivery(models.Model):
    """One subscriber's copy of one event; done when `delivered_at` is set."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    subscriber = models.CharField(max_length=160)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(delivered_at__isnull=True)),
        ]


class Sequence(models.Model):
    """A named counter that never skips: locked, incremented and read in the transaction that uses its number."""

    name = models.CharField(max_length=120, primary_key=True)
    last = models.BigIntegerField(default=0)


class Version(models.Model):
    """How often something changed, by name: 'producer:7', 'fees:3'; what was computed from it compares numbers."""

    name = models.CharField(max_length=60, primary_key=True)
    number = models.BigIntegerField(default=0)


class Pulse(models.Model):
    """When something that recurs was last begun and last done: the sign by which one sees that it no longer is."""

    name = models.CharField(max_length=160, primary_key=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)


class Leftover(models.Model):
    """A stored picture that nothing refers to, and since when; it is deleted after a while (`media.sweep`)."""

    path = models.CharField(max_length=160, primary_key=True)
    since = models.DateTimeField()
