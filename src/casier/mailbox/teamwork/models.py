"""What is known of the messages of a mailbox that several people open.

Whether a message is seen to is in the store, as keywords that any mail program shows; here is by whom.
"""

from __future__ import annotations

from django.db import models

from casier.directory.models import Account


class Work(models.Model):
    """One message of a shared mailbox: who sees to it, and who said that it was done."""

    mailbox_key = models.CharField(max_length=200)
    email_id = models.CharField(max_length=100)
    thread_id = models.CharField(max_length=100)
    assigned_to = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="works_assigned"
    )
    assigned_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="works_handled"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mailbox_key", "changed_at"], name="work_of_mailbox")]
        constraints = [models.UniqueConstraint(fields=["mailbox_key", "email_id"], name="work_once")]

    def __str__(self) -> str:
        return f"{self.mailbox_key} {self.email_id}"


class Answer(models.Model):
    """An answer to such a message. ADDRESS is the author that its reader sees; MESSAGE_ID has no brackets."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    address = models.CharField(max_length=254)
    message_id = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "message_id"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.work_id}"
