"""Services that may notify, what they told whom, and which requests were answered already."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Academy, Account


class Service(models.Model):
    """A service of an academy. Its token is known to itself; here is only its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=60)
    token_digest = models.CharField(max_length=64, unique=True)
    # The only hosts that its notifications may lead to.
    hosts = models.JSONField(default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["academy", "name"],
                condition=models.Q(revoked_at__isnull=True),
                name="service_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notification(models.Model):
    """One line for one person. The key makes a request that is sent again the same notification."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="notifications")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=100)
    asked_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "key"], name="notification_key_once")]
        indexes = [models.Index(fields=["account", "at"], name="notifications_of_account")]

    def __str__(self) -> str:
        return f"notification {self.id.hex}"
