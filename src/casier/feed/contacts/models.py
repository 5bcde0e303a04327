"""What is kept of pupils and of those responsible for them, and of which class they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy


class ContactKind(models.TextChoices):
    """Who it is."""

    PUPIL = "pupil"
    PARENT = "parent"


class ContactState(models.TextChoices):
    """Only what is live is ever shown."""

    STAGED = "staged"  # a run's own, until it is applied
    LIVE = "live"
    PAST = "past"  # what the last run took away, in case it is undone


class FeedContact(models.Model):
    """Somebody whom the feed names, as one run told of them. Never an account.

    Those responsible have no class of their own: they are of the classes of the pupils that name them.
    """

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="class_contacts")
    kind = models.CharField(max_length=10, choices=ContactKind)
    key = models.CharField(max_length=50)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=254, blank=True)
    folded = models.CharField(max_length=500, blank=True)  # by what they are found
    year = models.PositiveSmallIntegerField()  # the school year in which the feed last named them
    digest = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10, choices=ContactState, default=ContactState.STAGED)
    gone = models.BooleanField(default=False)  # of what is staged: the feed no longer names them
    run = models.ForeignKey("feed.Run", null=True, on_delete=models.SET_NULL, related_name="contacts")
    ended_by = models.ForeignKey("feed.Run", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        app_label = "feed"
        indexes = [
            models.Index(fields=["academy", "state"], name="contacts_of_academy"),
            models.Index(fields=["run", "state"], name="contacts_of_run"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["academy", "kind", "key"], condition=Q(state="live"), name="contact_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ContactClass(models.Model):
    """A class of a pupil. The school is named by its UAI: the run that names it may be making it."""

    contact = models.ForeignKey(FeedContact, on_delete=models.CASCADE, related_name="classes")
    uai = models.CharField(max_length=8)
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "feed"
        indexes = [models.Index(fields=["uai", "name"], name="contacts_of_class")]

    def __str__(self) -> str:
        return f"{self.name} {self.uai}"


class ContactLink(models.Model):
    """A pupil names somebody responsible for them, by the feed's key."""

    contact = models.ForeignKey(FeedContact, on_delete=models.CASCADE, related_name="links")
    parent = models.CharField(max_length=50)

    class Meta:
        app_label = "feed"
        indexes = [models.Index(fields=["parent"], name="contact_links")]

    def __str__(self) -> str:
        return self.parent
