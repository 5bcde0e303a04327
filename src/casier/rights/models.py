"""Reviews of who holds which right, line by line. What a line is about lives in the directory."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account, School


class Review(models.Model):
    """One review of an academy's rights: from a day, to a day. Open until it is closed."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="rights_reviews")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    # How many days were left at the last reminder.
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "started_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["academy"], condition=Q(closed_at=None), name="one_review_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.academy_id} {self.started_at:%Y-%m-%d}"


class Kind(models.TextChoices):
    """What a line is about."""

    MANDATE = "mandate"  # an office
    MANAGER = "manager"  # who names the members of a functional mailbox
    DELEGATION = "delegation"  # the mailbox of who holds an office, opened to a colleague


class Answer(models.TextChoices):
    """What became of a line."""

    NONE = ""
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    GONE = "gone"  # had ended by itself


class Line(models.Model):
    """A right that somebody holds. FACTS is what stood when it was asked: it outlives the right."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=12, choices=Kind)
    thing = models.CharField(max_length=32)
    holder = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # Whose head may answer; none: the DSI alone.
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "kind", "thing"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"
