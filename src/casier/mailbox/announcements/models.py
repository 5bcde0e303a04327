"""Announcements, and who has put which aside."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Academy, Account
from casier.groups.models import Group


class Level(models.TextChoices):
    """How much it presses. What is critical stays until it is over."""

    INFORMATION = "information"
    WARNING = "warning"
    CRITICAL = "critical"


class Announcement(models.Model):
    """A text in two languages for an academy; SCHOOLS (UAI), FUNCTIONS and GROUP narrow whom it is for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="announcements")
    level = models.CharField(max_length=11, choices=Level)
    french = models.CharField(max_length=600)
    english = models.CharField(max_length=600)
    schools = models.JSONField(default=list)
    functions = models.JSONField(default=list)
    # Its members of the day; nobody once it has gone.
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.PROTECT, related_name="announcements"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "starts_at"], name="announcements_of_academy")]

    def __str__(self) -> str:
        return f"announcement {self.id.hex}"


class Dismissal(models.Model):
    """Someone has read it and put it aside: on every device of theirs."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="dismissals")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "account"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} by {self.account_id}"
