"""What recovery keeps: links and letters as hashes, resets by the help desk, what a desk can open."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account


class RecoveryLink(models.Model):
    """A link sent to a backup address. It opens once, until it expires; only its SHA-256 is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    reach = models.CharField(max_length=64)  # the id of the means it went to
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "created_at"])]

    def __str__(self) -> str:
        return f"link of {self.account_id}"


class LetterState(models.TextChoices):
    """The life of a secured letter."""

    ASKED = "asked"  # by the person or the help desk
    APPROVED = "approved"
    PRINTED = "printed"  # from here on there is a code
    POSTED = "posted"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Letter(models.Model):
    """A code on paper. It is made when it is printed and stands nowhere but there; a keyed hash stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.ASKED)
    # Whether it stands for a lost second factor, too.
    resets_factors = models.BooleanField(default=False)
    # Where it is sent, line by line; forgotten once it is over.
    address = models.JSONField(default=list)
    mac = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=100, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.CharField(max_length=100, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.CharField(max_length=100, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["asked", "approved", "printed", "posted"]),
                name="one_letter_on_its_way",
            ),
            models.UniqueConstraint(fields=["mac"], condition=~Q(mac=""), name="letter_code_once"),
        ]

    def __str__(self) -> str:
        return f"letter {self.id.hex[:8]} ({self.state})"


class ResetKind(models.TextChoices):
    """What the help desk resets; each is an act of its own."""

    PASSWORD = "password"  # noqa: S105 - a kind of act
    FACTORS = "factors"


class ResetState(models.TextChoices):
    """The life of a reset."""

    PENDING = "pending"  # waits for a second person
    APPROVED = "approved"  # the password can be taken, once
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class Reset(models.Model):
    """A reset by the help desk: who was checked, how, by whom, who agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ResetKind, default=ResetKind.PASSWORD)
    state = models.CharField(max_length=10, choices=ResetState)
    checks = models.JSONField(default=list)
    reason = models.TextField()
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=100, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(state__in=["pending", "approved"]),
                name="one_reset_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} reset {self.id.hex[:8]} ({self.state})"


class DeskRequest(models.Model):
    """Someone who was told to call the help desk, by the reference that they were given.

    The page makes the row for everyone; the worker alone finds whose it is, so the page can't tell.
    """

    reference = models.CharField(max_length=20, unique=True)
    academy = models.ForeignKey(Academy, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference


class SecretAnswer(models.Model):
    """The answer to a question that someone chose, hashed as a password is."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=30)
    encoded = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "question"], name="secret_answer_once")]

    def __str__(self) -> str:
        return f"{self.question} of {self.account_id}"
