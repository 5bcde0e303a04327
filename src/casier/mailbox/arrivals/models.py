"""Which messages of which folder are settled, and what was taken out."""

from __future__ import annotations

from django.db import models

from casier.mailbox.arrivals.uids import Uids


class WatchedFolder(models.Model):
    """One mail folder: which of its UIDs need no more look. `due_at` is set while any is open."""

    owner = models.CharField(max_length=254)  # mailbox key
    uid_validity = models.BigIntegerField()  # given once in a mailbox; a folder keeps it when it is renamed
    name = models.CharField(max_length=1000)  # as last heard, in IMAP's encoding
    settled = models.TextField(blank=True)
    last = models.BigIntegerField(default=0)  # the highest UID ever given
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "uid_validity"], name="watched_folder_once")]
        indexes = [models.Index(fields=["due_at"], name="watched_folder_due")]

    def __str__(self) -> str:
        return f"{self.owner} {self.name}"

    @property
    def open_uids(self) -> Uids:
        """What nobody has vouched for."""
        return Uids.between(1, self.last) - Uids.parse(self.settled)


class Quarantined(models.Model):
    """A message that was taken out. Its bytes lie in the instance's quarantine, under its reference."""

    reference = models.CharField(max_length=20, unique=True)
    owner = models.CharField(max_length=254)
    folder = models.CharField(max_length=1000)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    finding = models.CharField(max_length=20)
    detail = models.CharField(max_length=200, blank=True)  # clamd's word
    octets = models.BigIntegerField()
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "uid_validity", "uid"], name="quarantined_once")
        ]
        indexes = [models.Index(fields=["taken_at"], name="quarantined_when")]

    def __str__(self) -> str:
        return self.reference
