"""Functional mailboxes and their members; mailboxes opened to a colleague."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from casier.directory.models.accounts import Account
from casier.directory.models.places import Academy, School, Store
from casier.kernel.lasting import last_moment


class FunctionalMailbox(models.Model):
    """A mailbox of a school (`ce.<uai>@`) or a service, opened by named people; it has no password."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="functional_mailboxes")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes"
    )
    name = models.CharField(max_length=200)
    mailbox_key = models.CharField(max_length=200, unique=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="functional_mailboxes")
    is_closed = models.BooleanField(default=False)
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "functional mailboxes"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do in a functional mailbox."""

    READ = "read"
    ANSWER = "answer"  # also write, file and send as it
    MANAGE = "manage"  # also name the members


class Membership(models.Model):
    """A person's part in a functional mailbox."""

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField()
    # Named while working at the mailbox's school: the part ends with the last posting there.
    by_posting = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "account"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.mailbox_id}"


class EndedMembership(models.Model):
    """A part in a functional mailbox that ended with a posting: what comes back if that is taken back."""

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.PROTECT, related_name="ended_memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ended_memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.account_id} was {self.role} {self.mailbox_id}"


class DelegateRight(models.TextChoices):
    """What a delegate may do in someone's mailbox; each right holds those before it."""

    READ = "read"
    ORGANISE = "organise"  # also file, mark, delete
    BEHALF = "behalf"  # also write, with their own name as the sender
    SEND_AS = "as"  # also write as if the owner did


class Delegation(models.Model):
    """A person's mailbox opened to a colleague, from a moment to a moment.

    FOLDERS are ids of the store (none: the whole mailbox), which outlive a folder's name. It is in force from
    `starts_at` until `ends_at`, or until `ended_at` where someone ended it before; `told` is what both were
    told last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations_held")
    right = models.CharField(max_length=10, choices=DelegateRight)
    folders = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    told = models.CharField(max_length=10, blank=True)
    # The owner has gone, and somebody in charge decided who reads what they left.
    handed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["delegate", "ends_at"]), models.Index(fields=["owner", "ends_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "delegate"], condition=Q(ended_at__isnull=True), name="delegation_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(owner=models.F("delegate")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} {self.right} {self.owner_id}"

    @property
    def last_moment(self) -> datetime:
        """A moment of the last day on which it lasts."""
        return last_moment(self.ends_at)
