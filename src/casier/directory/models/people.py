"""People, the keys that feeds know them by, and what they do where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models.places import Academy, School


class Person(models.Model):
    """A member of staff. The NUMEN lies encrypted, beside a keyed index that finds it again."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="people")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_name = models.CharField(max_length=100, blank=True)  # where it is another one
    title = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    numen_sealed = models.BinaryField(null=True, blank=True)
    numen_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["academy", "family_name", "given_name"])]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class PersonKey(models.Model):
    """The name by which an academy's feed knows a person. Who works in two academies has two."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="person_keys")
    key = models.CharField(max_length=50)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "key"], name="person_key_once")]

    def __str__(self) -> str:
        return self.key


class PostingSource(models.TextChoices):
    """Who says that a posting is there: only they end it."""

    HAND = "hand"
    FEED = "feed"
    SPONSOR = "sponsor"  # an outside contributor's


class Posting(models.Model):
    """A person's function in a school (AAF codes: ENS, DIR, DOC, EDU, ADF…), from a day to a day.

    ENDS_ON is the last day on which it holds.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    function = models.CharField(max_length=10)
    label = models.CharField(max_length=150, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=PostingSource, default=PostingSource.HAND)

    class Meta:
        indexes = [models.Index(fields=["school", "function"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="posting_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.school_id or '–'}"


class PostingKind(models.TextChoices):
    """What more is known of a posting."""

    SUBJECT = "subject"  # what is taught: "mathématiques"
    CLASS = "class"  # to whom: "3A"
    PRINCIPAL = "principal"  # whose principal teacher one is: "3A"


class PostingDetail(models.Model):
    """One fact more about a posting, of which there may be several. VALUE is as the feed writes it."""

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="details")
    kind = models.CharField(max_length=10, choices=PostingKind)
    value = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["kind", "value"])]
        constraints = [
            models.UniqueConstraint(fields=["posting", "kind", "value"], name="posting_detail_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
