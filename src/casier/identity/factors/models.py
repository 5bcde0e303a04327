"""What people have enrolled beside their password. `actions.py` changes it, `proving.py` marks its use."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Account


class Factor(models.Model):
    """What the enrolled factors have in common."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.id.hex[:8]})"


class Totp(Factor):
    """An application that shows codes. `last_counter`: the step of the last code taken, never taken again."""

    secret_sealed = models.BinaryField()
    last_counter = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["account"])]


class WebAuthnKey(Factor):
    """A security key, or a passkey (discoverable, opened by a finger, a face or a PIN)."""

    credential_id = models.CharField(max_length=1400, unique=True)  # base64url; 1,023 bytes at most (§5.8.3)
    credential = models.BinaryField()  # attested credential data: AAGUID, id, public key
    aaguid = models.CharField(max_length=36)
    sign_count = models.PositiveBigIntegerField(default=0)
    transports = models.JSONField(default=list)
    is_passkey = models.BooleanField(default=False)
    is_backed_up = models.BooleanField(default=False)  # it lies with a provider, not on one device alone
    copied_at = models.DateTimeField(null=True, blank=True)  # its counter went back: opens nothing any more

    class Meta:
        indexes = [models.Index(fields=["account"])]


class Telephone(Factor):
    """A telephone of the person's means (`means_id`) that also takes codes at sign-in."""

    means_id = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "means_id"], name="telephone_factor_once")]


class RecoveryCode(models.Model):
    """One of ten codes on paper. Only a keyed hash is kept; each opens once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    mac = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(used_at__isnull=True), name="recovery_code_left")
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class TrustedDevice(models.Model):
    """A browser that showed a second factor and isn't asked for it again for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    mac = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(ended_at__isnull=True), name="trusted_device_live")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id.hex[:8]})"


class EnrolmentClock(models.Model):
    """Since when a person has been asked to enrol, and when they last put it off."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    put_off_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id.hex} since {self.began_at:%Y-%m-%d}"
