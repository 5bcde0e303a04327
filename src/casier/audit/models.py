"""The journal (who did what to whom, when, from where and why) and the outbox of effects to come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class JournalBatch(models.Model):
    """A sealed run of entries. Each digest covers the one before: a change or a gap breaks the chain."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    # Its entries were older than they may be kept; the digest stays, and the chain with it.
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"batch {self.number}"


class JournalEntry(models.Model):
    """One fact, written in the transaction that made it true.

    Sealed later: a chain made here would queue all writers behind each other.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    origin = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=80)
    target = models.CharField(max_length=200)
    academy = models.CharField(max_length=50, blank=True)
    reason = models.TextField(blank=True)
    payload_digest = models.CharField(max_length=64, blank=True)
    batch = models.ForeignKey(JournalBatch, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        indexes = [
            models.Index(fields=["target", "id"]),
            models.Index(fields=["academy", "id"]),
            models.Index(fields=["actor", "id"]),
            models.Index(fields=["action", "id"]),
            models.Index(fields=["at"]),
            models.Index(fields=["id"], condition=Q(batch__isnull=True), name="journal_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.target}"


class JournalPayload(models.Model):
    """The personal part of an entry. It can be erased alone: the chain holds only its salted digest."""

    entry = models.OneToOneField(
        JournalEntry, primary_key=True, on_delete=models.PROTECT, related_name="payload"
    )
    salt = models.CharField(max_length=32)
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class OutboxEvent(models.Model):
    """An effect that must follow a commit. Consumers converge to what the directory says when they run."""

    topic = models.CharField(max_length=50)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    # What comes first: 0 is somebody who waits; what is done for many comes after (`outbox.Rank`).
    rank = models.IntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=100, blank=True)
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(done_at__isnull=True), name="outbox_due"),
            models.Index(fields=["topic", "key"], condition=Q(done_at__isnull=True), name="outbox_open_key"),
            models.Index(fields=["rank", "id"], condition=Q(done_at__isnull=True), name="outbox_in_order"),
            models.Index(
                fields=["claimed_until"],
                condition=Q(done_at__isnull=True, claimed_until__isnull=False),
                name="outbox_held",
            ),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="outbox_done"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class OutboxTurn(models.Model):
    """One row that a claimer locks, so that two workers never claim the same key."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    def __str__(self) -> str:
        return "turn"
