"""Templates of messages and of signatures."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account, FunctionalMailbox


def _of_one(*owners: str) -> Q:
    """Exactly one of OWNERS is named."""
    found = Q()
    for owner in owners:
        found |= Q(**{f"{one}__isnull": one != owner for one in owners})
    return found


class Template(models.Model):
    """A message to begin with: a person's own, a functional mailbox's, or an academy's for all its people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(
        Academy, null=True, blank=True, on_delete=models.CASCADE, related_name="templates"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="templates"
    )
    mailbox = models.ForeignKey(
        FunctionalMailbox, null=True, blank=True, on_delete=models.CASCADE, related_name="templates"
    )
    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=500, blank=True)
    html = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_of_one("academy", "account", "mailbox"), name="template_of_one"
            ),
            models.UniqueConstraint(fields=["academy", "name"], name="template_name_of_academy"),
            models.UniqueConstraint(fields=["account", "name"], name="template_name_of_account"),
            models.UniqueConstraint(fields=["mailbox", "name"], name="template_name_of_mailbox"),
        ]

    def __str__(self) -> str:
        return self.name


class SignatureTemplate(models.Model):
    """What an academy puts below its people's messages, with names of fields in double braces."""

    academy = models.OneToOneField(Academy, on_delete=models.CASCADE, related_name="signature")
    html = models.TextField()
    text = models.TextField()
    charter = models.URLField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signature {self.academy_id}"
