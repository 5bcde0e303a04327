"""What the guard keeps for longer than Redis lives: known devices, habits, attack waves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account


class KnownDevice(models.Model):
    """A browser with which an account has been in. `digest` is of the id that its cookie holds."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="known_devices")
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=45, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # When its cookie was written last, and the time before: an older copy is not the browser itself.
    issued = models.BigIntegerField()
    issued_before = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="known_device_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.label}"


class Habits(models.Model):
    """How a person usually comes in: as much as is needed to see what is unusual, and no more."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="habits")
    last_at = models.DateTimeField()
    # Where the last sign-in with a known place was from; empty without a local database of places.
    last_placed_at = models.DateTimeField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # How often in the hours of the night, and how often at all.
    nights = models.PositiveIntegerField(default=0)
    sign_ins = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "habits"

    def __str__(self) -> str:
        return f"{self.account_id} {self.sign_ins}"


class AttackWave(models.Model):
    """Many failures at once against an academy, from the minute it was noticed until it was quiet again."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="attack_waves")
    opened_at = models.DateTimeField()
    # The last minute with many failures; ten quiet ones later the wave is over.
    active_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    # The most that were seen in one minute.
    sources = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    counted_minute = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["academy"], condition=Q(closed_at__isnull=True), name="one_open_wave"
            )
        ]

    def __str__(self) -> str:
        return f"{self.academy_id} {self.opened_at:%Y-%m-%d %H:%M}"
