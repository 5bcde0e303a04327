"""Backup addresses and telephones, and the codes sent there. Neither lies in clear."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Account


class MeansKind(models.TextChoices):
    """What it is."""

    MAIL = "mail"
    TELEPHONE = "telephone"


class Means(models.Model):
    """A way to a person apart from the mailbox. It counts once it is verified, until it is taken away.

    One that was taken away is kept until `told_until`: its owner still gets the notices, so that nobody can
    take over an account in silence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="means")
    kind = models.CharField(max_length=10, choices=MeansKind)
    value_sealed = models.BinaryField()
    value_index = models.CharField(max_length=64, db_index=True)
    hint = models.CharField(max_length=120)
    takes_text = models.BooleanField(default=False)
    speaks = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    # When its owner last said that it is still good.
    checked_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "removed_at"], name="means_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "value_index"], condition=Q(removed_at__isnull=True), name="means_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id.hex}"


class Code(models.Model):
    """A code under way: a keyed hash, for one account and one purpose. ACCOUNT none: nothing opens it."""

    challenge = models.CharField(max_length=43, primary_key=True)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="codes"
    )
    means = models.ForeignKey(Means, null=True, blank=True, on_delete=models.CASCADE, related_name="codes")
    road = models.CharField(max_length=5)
    purpose = models.CharField(max_length=20)
    mac = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    dispatch = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "purpose"], name="code_of_account")]

    def __str__(self) -> str:
        return f"code {self.purpose}"
