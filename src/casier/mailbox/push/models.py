"""Browsers that want to be told of new mail."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Account


class Audience(models.TextChoices):
    """Whose mail is told of."""

    ALL = "all"
    KNOWN = "known"  # people of the academy, and those whom one has written to


class Device(models.Model):
    """One browser, its address at its push service, and what it is yet to be told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="push_devices")
    # The session that it was last used in; the device outlives it unless somebody ends it.
    session = models.CharField(max_length=64)
    # Address and keys, sealed: whoever has them can make the device ring.
    sealed = models.TextField()
    endpoint_digest = models.CharField(max_length=64, unique=True)
    keys_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=5, default="fr")
    audience = models.CharField(max_length=5, choices=Audience.choices, default=Audience.ALL)
    quiet_from = models.CharField(max_length=5, blank=True)
    quiet_until = models.CharField(max_length=5, blank=True)
    zone = models.CharField(max_length=60, default="Europe/Paris")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()
    # What came since it was last used: already told, and not yet.
    told = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    trial = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=10, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "session"], name="push_device_of_session")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="push_devices_due"
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.id.hex}"


class Followed(models.Model):
    """A mailbox of others that a device is told of too, and what it is yet to be told of it.

    It is a wish: whether the mailbox is open to the device's owner is asked whenever something is told.
    """

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="followed")
    mailbox_key = models.CharField(max_length=200, db_index=True)
    told = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "mailbox_key"], name="push_followed_once")]

    def __str__(self) -> str:
        return f"{self.device} {self.mailbox_key}"
