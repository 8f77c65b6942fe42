from django.db import models

from bocage.catalogue.models import Variant
from bocage.network.models import Enterprise


class Import(models.Model):
    """A spreadsheet that was read: what it would do, then what it did, row by row, so that it can be taken back."""

    class Mode(models.TextChoices):
        PRODUCTS = "products"
        INVENTORY = "inventory"

    class State(models.TextChoices):
        PLANNED = "planned"
        APPLIED = "applied"
        UNDONE = "undone"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    file_name = models.CharField(max_length=120)
    empties_absent = models.BooleanField(default=False, help_text="What the file does not name gets no stock.")
    columns = models.JSONField(default=dict, help_text="Where each column stands, by its key.")
    unknown = models.JSONField(default=list, help_text="Headings that were not read.")
    counts = models.JSONField(default=dict, help_text="How many rows of each kind.")
    left = models.PositiveIntegerField(default=0, help_text="What an undo left, since others changed it meanwhile.")
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=160, blank=True)
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-id"], name="import_enterprise")]


class CellChange(models.Model):
    """What somebody wrote into a cell of an enterprise's table, to be taken back; both words are those of `cells.seen`."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=60)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    column = models.CharField(max_length=12)
    before = models.TextField()
    after = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["enterprise", "by", "-id"], name="cell_change_of_whom")]


class ImportLine(models.Model):
    """A row of a spreadsheet: `changes` maps a field to its old and new value, `wrong` lists what is refused in it."""

    class Kind(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        SAME = "same"
        REFUSED = "refused"
        ABSENT = "absent"

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    label = models.CharField(max_length=200)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, related_name="+")
    producer_id = models.BigIntegerField(default=0)
    product_id = models.BigIntegerField(default=0, help_text="0: the product is new too.")
    changes = models.JSONField(default=dict)
    wrong = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["of", "kind", "id"], name="import_line_kind")]
