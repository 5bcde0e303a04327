"""What the console keeps: acts on many people with a line for each, figures of each day, sizes of mailboxes.

They stand here and not lower because they tell of all rooms at once: nothing below needs to know them.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account, FunctionalMailbox


class OperationState(models.TextChoices):
    """The life of an act on many."""

    PREPARING = "preparing"  # who it touches is being written down
    PREPARED = "prepared"  # it can be looked at; nothing is done
    WAITS = "waits"  # somebody else has to agree
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"


class Operation(models.Model):
    """One act on many people: what, to whom, who wanted it and why.

    HELD_UNTIL is the lease of whoever works on it: work whose holder died is taken up by another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="operations")
    act = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    chosen = models.JSONField(default=dict)  # {"filter": {…}} or {"ids": […]}
    state = models.CharField(max_length=10, choices=OperationState, default=OperationState.PREPARING)
    by = models.CharField(max_length=200)
    origin = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    undone_origin = models.CharField(max_length=200, blank=True)
    undone_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)  # of the step under way
    total = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=100, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["academy", "-created_at"], name="operations_of_academy"),
            models.Index(
                fields=["held_until"],
                condition=Q(state__in=["preparing", "running", "undoing"]),
                name="operations_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.state}"


class LineStatus(models.TextChoices):
    """How far a line is."""

    PLANNED = "planned"
    REFUSED = "refused"  # it isn't even tried; `why` says why not
    DONE = "done"
    SKIPPED = "skipped"  # it couldn't be done after all; `why` says why not
    UNDONE = "undone"
    KEPT = "kept"  # not undone; `why` says why not


class OperationLine(models.Model):
    """One person of an act on many. OUTCOME is what undoing needs to know."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=LineStatus)
    why = models.CharField(max_length=40, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["operation", "status", "number"], name="operation_lines")]
        constraints = [
            models.UniqueConstraint(fields=["operation", "account"], name="operation_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"


class SheetFile(models.Model):
    """Arrival sheets that wait to be printed, sealed: what stands on them opens accounts."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="sheets_by_age")]
        constraints = [models.UniqueConstraint(fields=["operation", "number"], name="sheets_once")]

    def __str__(self) -> str:
        return f"{self.count} sheets"


class Figure(models.Model):
    """How much of something there was on a day, in an academy or a part of it.

    PART: "" the academy, "d:76" a department, "n:bassin-de-rouen" a network. Schools have no figures of their
    own: three thousand of them would make the most of the rows, and one school is counted in a moment.
    """

    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="figures")
    part = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=40)
    on = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "part", "name", "on"], name="figure_once")]
        indexes = [models.Index(fields=["on"], name="figures_by_age")]

    def __str__(self) -> str:
        return f"{self.on} {self.part} {self.name} {self.value}"


class MailboxSize(models.Model):
    """How full a mailbox was when the store was asked last, and a week or so before."""

    key = models.CharField(max_length=200, primary_key=True)
    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="mailbox_sizes")
    account = models.OneToOneField(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="mailbox_size"
    )
    mailbox = models.OneToOneField(
        FunctionalMailbox, null=True, blank=True, on_delete=models.CASCADE, related_name="size"
    )
    used_bytes = models.BigIntegerField()
    limit_bytes = models.BigIntegerField(null=True, blank=True)
    read_at = models.DateTimeField()
    before_bytes = models.BigIntegerField()
    before_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["academy", "-used_bytes"], name="sizes_largest")]

    def __str__(self) -> str:
        return f"{self.key} {self.used_bytes}"


class ChainCheck(models.Model):
    """Whether the journal's chain held when it was looked at last."""

    at = models.DateTimeField()
    batches = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField()
    broken = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="chain_checks_latest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {len(self.broken)}"
