"""One row for each browser in which a person keeps mail for the time without a network."""

from __future__ import annotations

from django.db import models

from casier.directory.models import Account


class DeviceCopy(models.Model):
    """A browser's copy of one person's mail, and the key that opens it. The copy itself is on the device.

    The row outlives the session: after an idle sign-out the same person finds again what was typed. Taking it
    away makes the copy unreadable for good, wherever its bytes are.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="device_copies")
    copy = models.UUIDField()  # which one it is; the browser chose it and tells nobody else
    key = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "copy"], name="device_copy_once")]

    def __str__(self) -> str:
        return f"copy of {self.account_id}"
