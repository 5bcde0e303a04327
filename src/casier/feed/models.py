"""Runs of a feed, what each would do and did, line by line; and the doubts that a person settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Person
from casier.feed.contacts.models import ContactClass, ContactLink, FeedContact


class RunKind(models.TextChoices):
    """What the files are."""

    AAF = "aaf"
    CSV = "csv"


class RunState(models.TextChoices):
    """The life of a run."""

    READING = "reading"
    LOOKED_AT = "looked_at"  # what it would do is known; nothing is done
    STOPPED = "stopped"  # it would put too many people out: somebody has to say that this is right
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"  # the files can't be read; nothing of them was applied


class Run(models.Model):
    """One import: its files, what it came to, who wanted it and why.

    HELD_UNTIL is the lease of whoever works on it: work whose holder died is taken up by another.
    """

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="feed_runs")
    kind = models.CharField(max_length=10, choices=RunKind)
    complete = models.BooleanField(default=False)
    files = models.JSONField(default=list)  # {"name", "digest", "bytes"}
    options = models.JSONField(default=dict)  # how the files are read: columns
    # Where files that came by the browser wait to be read; empty once they are, and at the command line.
    folder = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.READING)
    counts = models.JSONField(default=dict)
    # How many may leave, where somebody said that more than usual is right.
    allowed_leaving = models.PositiveIntegerField(null=True, blank=True)
    fault = models.JSONField(default=dict)  # why it failed or stopped: {"code", …facts}
    # What it noted about those whom somebody had sent away, for undoing: see schools.api.feed_read.
    noted = models.JSONField(default=list)
    by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    applied_by = models.CharField(max_length=200, blank=True)
    applied_reason = models.TextField(blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    undone_reason = models.TextField(blank=True)
    started_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)  # of the step under way
    total = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=100, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["academy"],
                condition=Q(state__in=["applying", "undoing"]),
                name="one_run_at_work_in_an_academy",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Subject(models.TextChoices):
    """What a line is about."""

    SCHOOL = "school"
    PERSON = "person"
    RECORD = "record"  # what couldn't even be read as one of them


class Verb(models.TextChoices):
    """What becomes of it."""

    CREATE = "create"
    CHANGE = "change"
    RETURN = "return"  # somebody who left, or was about to, is back
    LEAVE = "leave"  # a person leaves, a school closes
    REVIEW = "review"  # a person has to say who this is
    IGNORE = "ignore"
    REFUSE = "refuse"


class Status(models.TextChoices):
    """How far a line is."""

    TOLD = "told"  # nothing is to be done: it says why
    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"  # the directory had changed meanwhile; `note` says what
    UNDONE = "undone"
    KEPT = "kept"  # not undone; `note` says why


class Change(models.Model):
    """One line of a run. What is the same on both sides has no line, only a count.

    BEFORE and AFTER are data of `feed.planning`; a NUMEN stands in them sealed.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=10, choices=Subject)
    verb = models.CharField(max_length=10, choices=Verb)
    code = models.CharField(max_length=30)
    status = models.CharField(max_length=10, choices=Status)
    label = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=100, blank=True)
    file = models.CharField(max_length=200, blank=True)
    place = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    # The person's row, the account that is to be made (hex), or the school's UAI.
    target = models.CharField(max_length=40, blank=True)
    # The order of work: schools, newcomers (who has a date first), changes, who leaves, schools that close.
    phase = models.PositiveSmallIntegerField(default=0)
    first_on = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    note = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "number"]),
            models.Index(fields=["run", "status", "phase"]),
            models.Index(fields=["run", "verb", "code"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.key}"


class Gone(models.Model):
    """A person whom the academy's feed no longer names; who is named again has come back.

    Without it, somebody whose account was closed by hand would get it back every night.
    """

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "person"], name="gone_once")]

    def __str__(self) -> str:
        return f"gone {self.person_id}"


class ReviewState(models.TextChoices):
    """What a person said."""

    OPEN = "open"
    SAME = "same"
    ANOTHER = "another"


class ReviewItem(models.Model):
    """Somebody in the feed who may be somebody in the directory. What a person answers is remembered.

    IDENTITY is the feed's key, or a digest of name, birth date and NUMEN where the source has no keys.
    """

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="feed_reviews")
    identity = models.CharField(max_length=100)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="reviews")
    label = models.CharField(max_length=250)
    code = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)  # persons' ids
    twin = models.CharField(
        max_length=100, blank=True
    )  # the other record's identity, not in the directory yet
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.OPEN)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state"])]
        constraints = [models.UniqueConstraint(fields=["academy", "identity"], name="review_once")]

    def __str__(self) -> str:
        return f"{self.label} {self.state}"


class ColumnMapping(models.Model):
    """Which column of a CSV file is what: remembered for the next file with the same first line."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="column_mappings")
    header = models.CharField(max_length=64)  # SHA-256 of the first line
    columns = models.JSONField()  # field → the column's name
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "header"], name="column_mapping_once")]

    def __str__(self) -> str:
        return self.header[:12]


__all__ = [
    "Change",
    "ColumnMapping",
    "ContactClass",
    "ContactLink",
    "FeedContact",
    "Gone",
    "ReviewItem",
    "ReviewState",
    "Run",
    "RunKind",
    "RunState",
    "Status",
    "Subject",
    "Verb",
]  # fmt: skip
