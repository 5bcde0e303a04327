"""The queue of messages on their way out. One row a message; the worker submits it when it is due."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Account


class State(models.TextChoices):
    """`waiting` → `sending` → `sent` or `refused`; `cancelled` from `waiting` alone."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Mark(models.TextChoices):
    """What a message bears once it was answered or passed on (RFC 8621 §4.1.1)."""

    ANSWERED = "$answered"
    FORWARDED = "$forwarded"


class PendingSend(models.Model):
    """A message that someone asked to send.

    `claimed_until` tells a submission under way from one whose worker died. `submitted_at` is written before
    the engine is asked: from then on only the mailbox and the transport's log can say whether it left.
    `left_at` says that it has, where the draft could not be filed: it is filed later, and never sent again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sends")
    mailbox_key = models.CharField(max_length=200)  # the JMAP account that holds the draft
    email_id = models.CharField(max_length=200)
    mail_from = models.CharField(max_length=254)
    recipients = models.JSONField()
    origin = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    # To leave at a moment that the person chose; what became of it is told for longer.
    scheduled = models.BooleanField(default=False)
    # The signature that the academy imposes, in both forms: a message without it doesn't leave.
    signature = models.TextField(blank=True)
    signature_html = models.TextField(blank=True)
    # What it answers or passes on, to be marked once it has left; "" where whoever asked didn't say.
    original_id = models.CharField(max_length=200, blank=True)
    original_mark = models.CharField(max_length=10, choices=Mark, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    reference = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="send_due"
            ),
            models.Index(fields=["account", "created_at"], name="send_of_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox_key", "email_id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="send_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id.hex[:8]}"
