"""What is decided about the end of accounts: who leaves and when, who may not go yet, what was erased."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from casier.directory.models import Account


class Outcome(models.TextChoices):
    """How a departure ended."""

    STAYED = "stayed"  # before the account was closed
    REOPENED = "reopened"  # after
    PURGED = "purged"


class Becomes(models.TextChoices):
    """What becomes of the mailbox once the account is closed."""

    CLOSED = "closed"  # mail for it is refused
    REDIRECTED = "redirected"  # mail for it goes on to another address
    HANDED = "handed"  # …to a colleague, who may also read what is there


class Step(models.TextChoices):
    """Something that is done in the engines, beside the transaction that wants it."""

    NONE = ""
    WANTED = "wanted"
    DONE = "done"
    FAILED = "failed"


class Departure(models.Model):
    """One account on its way out, from the day it was decided to the day when nothing is left.

    The dates are those that the policy and whoever decided set; holds come on top (`dates.py`). LOST: what
    ended with the account and comes back with it, by kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="departures")
    began_on = models.DateField()
    last_day = models.DateField()  # of service
    closes_on = models.DateField()  # the first day on which the account is shut
    by = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    becomes = models.CharField(max_length=10, choices=Becomes, default=Becomes.CLOSED)
    redirect_to = models.CharField(max_length=254, blank=True)
    handed_to = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes_handed"
    )
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    absence = models.CharField(max_length=10, choices=Step, blank=True, default=Step.NONE)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    purge_on = models.DateField(null=True, blank=True)
    # From then on there is no way back: something may be gone already.
    purging_since = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    lost = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["closes_on"], condition=Q(ended_on=None, closed_on=None), name="departures_to_close"
            ),
            models.Index(
                fields=["purge_on"], condition=Q(ended_on=None, purge_on__isnull=False), name="to_purge"
            ),
            models.Index(fields=["absence"], condition=Q(absence="wanted"), name="absences_to_set"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_on=None), name="one_departure"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("began_on")), name="closed_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"departure of {self.account_id}"


class DepartureNotice(models.Model):
    """Something the person was told of a departure: each once."""

    departure = models.ForeignKey(Departure, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    means = models.PositiveSmallIntegerField(default=0)  # how many backup means it went to

    class Meta:
        constraints = [models.UniqueConstraint(fields=["departure", "kind"], name="departure_notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class HoldKind(models.TextChoices):
    """Why an account may not go on its way."""

    LEGAL = "legal"
    MEDICAL = "medical"
    OTHER = "other"


class Hold(models.Model):
    """The clock of an account stands still, from a day to a day. UNTIL: the last day; none: until lifted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=10, choices=HoldKind)
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=100)
    reason = models.TextField()
    lifted_on = models.DateField(null=True, blank=True)  # the first day on which the clock goes on
    lifted_by = models.CharField(max_length=100, blank=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("starts_on")), name="hold_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"


class Idleness(models.Model):
    """An account that nobody uses: since when, what its person was told, when it was shut for that."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.PROTECT, related_name="idleness"
    )
    since = models.DateField()
    told = models.PositiveSmallIntegerField(null=True, blank=True)  # days before, of the last notice
    told_on = models.DateField(null=True, blank=True)  # the first one
    suspended_on = models.DateField(null=True, blank=True)
    # Opened again since: the days count from then.
    resumed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "idleness"

    def __str__(self) -> str:
        return f"{self.account_id} {self.since}"


class Certificate(models.Model):
    """What was erased of an account, and that nothing of it was found afterwards.

    The journal holds the digest of REMOVED and FOUND, so that neither can be written anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="certificates")
    departure = models.OneToOneField(Departure, on_delete=models.PROTECT, related_name="certificate")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    removed = models.JSONField()
    found = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"certificate {self.id.hex}"
