from django.db import models


class Message(models.Model):
    """A mail to a person, kept with its delivery state; unique per (cause, template, recipient)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    about = models.CharField(max_length=80, help_text="The cause: an event's key or a reference.")
    template = models.CharField(max_length=80)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    from_email = models.CharField(max_length=160)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    attachments = models.JSONField(default=list, help_text="[{name, type, base64}], small files only.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "template", "to_email"], name="one_message_per_cause")]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state="waiting")),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
        ]
