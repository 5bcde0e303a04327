"""Invitations, what people say is wrong about them, documents and who accepted them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account


class InvitationKind(models.TextChoices):
    """What the sheet gives to prove who one is; the policy's methods."""

    ARRIVAL_CODE = "arrival_code"
    NUMEN_BIRTH_DATE = "numen_birth_date"
    NUMEN = "numen"
    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 - a name


class Invitation(models.Model):
    """That someone was asked to open their account. The newest counts; of a code only a keyed hash is kept.

    A code that was used stays as a name to sign in with, where the policy takes it; it proves nothing any
    more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=20, choices=InvitationKind)
    mac = models.CharField(max_length=64, null=True, blank=True, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_invitation_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.id.hex[:8]})"


class Wrong(models.TextChoices):
    """What somebody says is wrong about them."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SCHOOL = "school"
    FUNCTION = "function"
    ADDRESS = "address"
    OTHER = "other"


class CorrectionRequest(models.Model):
    """What a person found wrong in the directory when they opened their account, for the help desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="correction_requests")
    wrong = models.JSONField(default=list)  # of `Wrong`
    text = models.TextField(blank=True)
    reference = models.CharField(max_length=20, unique=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)
    # Whether the directory was put right; None while it is open or where it wasn't kept.
    accepted = models.BooleanField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["settled_at", "created_at"])]

    def __str__(self) -> str:
        return self.reference


class DocumentKind(models.TextChoices):
    """What people are asked to read before their mailbox opens."""

    CHARTER = "charte"
    PRIVACY = "confidentialite"


class Document(models.Model):
    """A version of a document of an academy. Versions are never changed: the next one takes their place."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    version = models.PositiveIntegerField()
    texts = models.JSONField()  # by language, Markdown
    published_at = models.DateTimeField()
    reaccept = models.BooleanField(default=True)  # who accepted an earlier one is asked again

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["academy", "kind", "version"], name="document_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Acceptance(models.Model):
    """That a person accepted a version of a document: when, from where, and exactly which text."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="acceptances")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the text that was shown
    language = models.CharField(max_length=5)
    accepted_at = models.DateTimeField()
    source = models.CharField(max_length=45, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind", "version"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind} {self.version}"
