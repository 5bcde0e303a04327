"""Files sent by link: the file, who may fetch it, who did."""

from __future__ import annotations

import uuid

from django.db import models

from casier.directory.models import Account


class State(models.TextChoices):
    """How far a file is. Revoking and expiry are dates beside it."""

    COMING = "coming"  # being uploaded
    CHECKING = "checking"  # whole, not checked yet
    READY = "ready"
    INFECTED = "infected"  # the file is gone
    CLOSED = "closed"  # can't be looked into: the file is gone


class Link(models.Model):
    """One file. Its token is known to whoever holds the link; here is only its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMING)
    # Too large for the scanner to take as a whole: looked at in slices.
    partly_checked = models.BooleanField(default=False)
    finding = models.CharField(max_length=200, blank=True)
    storage = models.CharField(max_length=4, default="disk")
    sensitive = models.BooleanField(default=False)
    password = models.CharField(max_length=200, blank=True)
    max_downloads = models.PositiveIntegerField(null=True, blank=True)
    downloads = models.PositiveIntegerField(default=0)
    # How long it stays once it is sent; 0: the academy's default.
    days = models.PositiveSmallIntegerField(default=0)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The bytes are no more.
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "created_at"], name="links_of_account"),
            models.Index(fields=["state", "touched_at"], name="links_by_state"),
        ]

    def __str__(self) -> str:
        return f"link {self.id.hex}"


class LinkRecipient(models.Model):
    """Someone the file was sent to."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="recipients")
    address = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "address"], name="link_recipient_once")]

    def __str__(self) -> str:
        return self.address


class LinkDownload(models.Model):
    """One download that was begun: by whom, when, from where."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="fetched")
    address = models.CharField(max_length=254)
    at = models.DateTimeField()
    source = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d}"
