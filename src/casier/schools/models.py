"""What is asked for a school's mailboxes, and who left a school by whose word."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account, FunctionalMailbox, Role, School
from casier.life.models import Departure


class Leaving(models.Model):
    """Somebody in charge said that a person leaves a school; what ended by it, so that it can be taken back.

    POSTINGS: what they were before. DEPARTURE: of the account, where this was the person's last school.
    SETTLED_ON: the feed no longer names the person there, or they left once more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="leavings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="leavings")
    last_day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    reason = models.TextField()
    postings = models.JSONField(default=list)
    departure = models.ForeignKey(
        Departure, null=True, blank=True, on_delete=models.SET_NULL, related_name="leavings"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=100, blank=True)
    # The feed named them there all the same, last on that day; somebody said again that they have left.
    named_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "undone_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "school"],
                condition=Q(undone_at=None, settled_on=None),
                name="leaves_a_school_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} leaves {self.school_id}"


class Kind(models.TextChoices):
    """What is asked."""

    NEW = "new"  # a mailbox for the school
    CLOSE = "close"  # …that it be shut
    MEMBER = "member"  # somebody of another school as a member
    JOIN = "join"  # to be let in


class State(models.TextChoices):
    """How far a request is."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Request(models.Model):
    """Something asked for a school's mailboxes, and the answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="mailbox_requests")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="mailbox_requests")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    mailbox = models.ForeignKey(
        FunctionalMailbox, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    # Who would be a member.
    about = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="mailbox_requests_about"
    )
    role = models.CharField(max_length=10, choices=Role, blank=True)
    # Of a new one.
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=254, blank=True)
    # None: somebody at the server's command line.
    asked_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="mailbox_requests_made"
    )
    by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["academy", "state", "kind"]),
            models.Index(fields=["school", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(kind="new", state="waiting"), name="new_mailbox_asked_once"
            ),
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(kind="close", state="waiting"), name="closing_asked_once"
            ),
            models.UniqueConstraint(
                fields=["mailbox", "about"],
                condition=Q(kind__in=["member", "join"], state="waiting"),
                name="membership_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.school_id} {self.state}"
