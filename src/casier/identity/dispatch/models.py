"""What is to be sent, and what became of it."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Academy, Account
from casier.identity.dispatch.fate import Fate


class Kind(models.TextChoices):
    """By which road."""

    MAIL = "mail"
    MAILBOX = "mailbox"  # the person's own, whose address is looked up when it is sent
    SMS = "sms"
    VOICE = "voice"


class Dispatch(models.Model):
    """One message. To whom and what is sealed, and erased once nothing more is to be done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="dispatches"
    )
    academy = models.ForeignKey(Academy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.CharField(max_length=40)
    hint = models.CharField(max_length=120, blank=True)
    to_sealed = models.BinaryField(null=True, blank=True)
    content_sealed = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    gateway = models.CharField(max_length=50, blank=True)
    # By what the gateway names it, for its delivery receipt.
    gateway_ref = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="dispatch_due"),
            models.Index(fields=["account", "created_at"], name="dispatch_of_account"),
            models.Index(fields=["gateway", "gateway_ref"], name="dispatch_receipt"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.why} {self.state}"


class KeptMessage(models.Model):
    """What the telephone of the demonstration received: sealed all the same, found by the number's index."""

    to_index = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind)
    content_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["to_index", "at"], name="kept_message_to")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
