"""One row for each person and section."""

from __future__ import annotations

from django.db import models

from casier.directory.models import Account


class Choice(models.Model):
    """The whole of one section; its shape is in `sections.py`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="choices")
    section = models.CharField(max_length=40)
    value = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "section"], name="choice_once")]

    def __str__(self) -> str:
        return f"{self.section} of {self.account_id}"
