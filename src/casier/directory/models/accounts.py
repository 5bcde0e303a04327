"""Accounts, their life, and by what they are found."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models.people import Person
from casier.directory.models.places import Academy, Store


class AccountState(models.TextChoices):
    """The life of an account. Mail is received in every state but the last two."""

    INVITED = "invited"  # made, nobody has signed in yet
    ACTIVE = "active"
    SUSPENDED = "suspended"  # out everywhere, until someone lifts it
    LEAVING = "leaving"  # still in, until a day that is known
    CLOSED = "closed"  # out; what was theirs is still there
    PURGED = "purged"  # nothing is left but the row


class UsedMailboxKey(models.Model):
    """Every mailbox key ever given. One given twice would open the mail of someone else."""

    key = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Account(models.Model):
    """A person's way in. `id` (hex) is what the rest of the platform knows; it is never given again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="accounts")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    mailbox_key = models.CharField(max_length=200, unique=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="accounts")
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.INVITED)
    # What a suspension covers, or that it was suspended when it was closed.
    state_before = models.CharField(max_length=10, choices=AccountState, blank=True)
    # What it was before it began to leave, or was closed: to be that again.
    state_was = models.CharField(max_length=10, choices=AccountState, blank=True)
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state"])]

    def __str__(self) -> str:
        return self.mailbox_key

    @property
    def public_id(self) -> str:
        """The id as it is published: 32 hexadecimal digits."""
        return self.id.hex


class FindLine(models.Model):
    """By what an account is found: names, addresses, schools, without accents (`finding.py`). A cache."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="find_line"
    )
    text = models.TextField()
    name = models.CharField(max_length=210)  # family name, given name: the order of lists
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
