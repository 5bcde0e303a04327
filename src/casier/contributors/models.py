"""What heads ask for, and the contributors that came of it. The posting in the directory is what counts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from casier.directory.models import Account, Posting, School


class Stay(models.Model):
    """Somebody who contributes to a school for a time: their posting says from when until when.

    SPONSOR answers for them; none: nobody in charge of the school does, and the DSI has to decide. RENEWALS
    are those since the DSI last agreed. ENDED_ON is the day on which the end was dealt with, by somebody or
    by the night. The address and the telephone are sealed, and forgotten once the account is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="stays")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="stays")
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="stay")
    sponsor = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsored_stays"
    )
    begun_at = models.DateTimeField()
    agreed_at = models.DateTimeField()  # when its end was set last
    renewals = models.PositiveSmallIntegerField(default=0)
    mail_sealed = models.BinaryField(null=True, blank=True)
    telephone_sealed = models.BinaryField(null=True, blank=True)
    hint = models.CharField(max_length=200, blank=True)  # both as a page may show them
    way_in_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["school", "ended_on"]),
            models.Index(fields=["ended_on", "way_in_at"]),
        ]

    def __str__(self) -> str:
        return f"stay {self.id.hex[:8]}"


class State(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the school
    LAPSED = "lapsed"  # nobody answered before the time that was asked for was over


class Request(models.Model):
    """What the head of a school asks: a contributor, or more time for one (STAY is there from the start).

    ASKED_BY is the head; ROLE what the contributor does, in words. Address and telephone as in `Stay`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contributor_requests")
    stay = models.ForeignKey(Stay, null=True, blank=True, on_delete=models.CASCADE, related_name="requests")
    renewal = models.BooleanField(default=False)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contributor_requests")
    asked_at = models.DateTimeField()
    title = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=150)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    mail_sealed = models.BinaryField(null=True, blank=True)
    telephone_sealed = models.BinaryField(null=True, blank=True)
    hint = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["school", "state"]),
            models.Index(fields=["asked_by", "asked_at"]),
            models.Index(fields=["state", "asked_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(renewal=True, state="waiting"), name="one_renewal_waits"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contribution_ends_later"),
            models.CheckConstraint(
                condition=Q(renewal=False) | Q(stay__isnull=False), name="renewal_of_a_stay"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.id.hex[:8]} {self.state}"

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Warned(models.Model):
    """That the end of a stay was announced, so many days before: each once, and anew for another end."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="warned")
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stay", "ends_on", "days"], name="warned_once")]

    def __str__(self) -> str:
        return f"{self.stay_id} {self.ends_on} {self.days}"
