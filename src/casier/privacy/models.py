"""The register's versions, copies of people's data, erasures, and what the nightly erasing did."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account


class RegisterVersion(models.Model):
    """What an academy adds to the register that is shipped. Rows are added, never changed."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="register_versions")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "number"], name="register_number_once")]

    def __str__(self) -> str:
        return f"register {self.number} of {self.academy_id}"


class ExportState(models.TextChoices):
    """How far a copy is."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PersonExport(models.Model):
    """A copy of everything about ACCOUNT's person. OWN: they asked for it themselves, and fetch it.

    The file lies under the row's id until it expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="person_exports")
    by = models.CharField(max_length=200)
    own = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    octets = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=20, blank=True)
    # Why it failed, where whoever asked can be told: an error's code.
    fault = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="person_exports_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "own"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_person_export",
            )
        ]

    def __str__(self) -> str:
        return f"copy {self.id.hex}"


class Erasure(models.Model):
    """Somebody asked that everything be erased that may be; the worker does it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="erasure")
    by = models.CharField(max_length=200)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    erased = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(done_at=None), name="erasures_to_do"),
        ]

    def __str__(self) -> str:
        return f"erasure {self.id.hex}"


class Sweep(models.Model):
    """What the erasing of one day did, by kind."""

    on = models.DateField(primary_key=True)
    began_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.on}"
