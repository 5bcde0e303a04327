"""Exports and imports: each a job with its state, how far it is, and what became of it."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Account


class ExportState(models.TextChoices):
    """How far an export is."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Export(models.Model):
    """What somebody wants to take with them. The file lies under its id until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    mailbox_key = models.CharField(max_length=254)
    # IMAP's names; none: all of them. With MAIL false none is wanted.
    folders = models.JSONField(default=list)
    mail = models.BooleanField(default=True)
    contacts = models.BooleanField(default=False)
    agendas = models.BooleanField(default=False)
    mbox = models.BooleanField(default=False)
    letter = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    octets = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "created_at"], name="exports_of_account"),
            models.Index(fields=["state", "created_at"], name="exports_by_state"),
        ]

    def __str__(self) -> str:
        return f"export {self.id.hex}"


class ImportState(models.TextChoices):
    """How far an import is."""

    COMING = "coming"  # being uploaded
    LOOKING = "looking"  # whole; what is in it is being counted
    LOOKED = "looked"  # the person decides
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Import(models.Model):
    """A file that somebody brings. What it holds and what became of it stands in REPORT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="imports")
    mailbox_key = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.COMING)
    # Put all below this folder, as people write it (`A/B`); empty: where each belongs.
    folder = models.CharField(max_length=500, blank=True)
    doubles = models.BooleanField(default=False)
    found = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    reason = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "created_at"], name="imports_of_account"),
            models.Index(fields=["state", "touched_at"], name="imports_by_state"),
        ]

    def __str__(self) -> str:
        return f"import {self.id.hex}"
