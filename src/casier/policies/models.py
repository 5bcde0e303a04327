"""The policies an academy had and has: rows are added, never changed."""

from __future__ import annotations

from django.db import models


class PolicyRevision(models.Model):
    """One version of an academy's policy: what, when, by whom and why. The highest number is in force."""

    academy = models.ForeignKey(
        "directory.Academy", on_delete=models.PROTECT, related_name="policy_revisions"
    )
    number = models.PositiveIntegerField()
    values = models.JSONField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "number"], name="policy_number_once")]

    def __str__(self) -> str:
        return f"policy {self.number} of {self.academy_id}"
