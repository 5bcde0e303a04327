"""What happened at the door, what people were told, the links by which they disown it, what they reported."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Account
from casier.identity.history.results import Notice, SignInResult


def _choices(names: type[SignInResult] | type[Notice]) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class SignIn(models.Model):
    """An attempt on a known account; failures alike are one row, with how many and when the last was."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    result = models.CharField(max_length=20, choices=_choices(SignInResult))
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    # One row for each; empty for what stands alone.
    bucket = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=45, blank=True)
    own_network = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=80, blank=True)
    proofs = models.JSONField(default=list)
    reference = models.CharField(max_length=20, blank=True)
    # When its owner said that it wasn't them.
    disowned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "bucket"], condition=~Q(bucket=""), name="sign_in_bucket_once"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-last_at"], name="sign_ins_of_account"),
            models.Index(fields=["last_at"], name="sign_ins_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.at:%Y-%m-%d %H:%M}"


class UnknownTries(models.Model):
    """How often names that nobody has were tried, by place and hour. The names are not kept."""

    academy = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=48)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "unknown tries"
        constraints = [
            models.UniqueConstraint(fields=["academy", "source", "hour"], name="unknown_tries_once")
        ]
        indexes = [models.Index(fields=["hour"], name="unknown_tries_by_age")]

    def __str__(self) -> str:
        return f"{self.source} {self.count}"


class Refusal(models.Model):
    """A page that said no, under the reference that it showed."""

    reference = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    # More than one: a flood of the same shares its reference.
    count = models.PositiveIntegerField(default=1)
    why = models.CharField(max_length=40)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="refusals"
    )
    academy = models.ForeignKey(Academy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=45, blank=True)
    # What counts as one place in a flood, `places.neighbourhood`.
    place = models.CharField(max_length=48, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["place", "-at"], name="refusals_of_place"),
            models.Index(fields=["account", "-at"], name="refusals_of_account"),
            models.Index(fields=["last_at"], name="refusals_by_age"),
        ]

    def __str__(self) -> str:
        return self.reference


class NoticeSent(models.Model):
    """One thing that a person is told, and by which roads it went."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    notice = models.CharField(max_length=30, choices=_choices(Notice))
    at = models.DateTimeField()
    # What makes two of them the same, within the time that `telling.py` knows; how often it happened.
    key = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    not_by = models.CharField(max_length=64, blank=True)
    bell_at = models.DateTimeField(null=True, blank=True)
    mailbox_at = models.DateTimeField(null=True, blank=True)
    backup_at = models.DateTimeField(null=True, blank=True)
    # How many backup means it went to.
    backup_count = models.PositiveSmallIntegerField(default=0)
    # When its owner said that it wasn't them.
    disowned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "notices sent"
        indexes = [
            models.Index(fields=["account", "-at"], name="notices_of_account"),
            models.Index(fields=["account", "key", "-at"], name="notices_alike"),
            models.Index(fields=["at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.at:%Y-%m-%d %H:%M}"


class Disavowal(models.Model):
    """A one-time link « it wasn’t me »: only the hash of its 256 bits is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    notice = models.ForeignKey(NoticeSent, on_delete=models.CASCADE, related_name="links")
    road = models.CharField(max_length=10)  # "mailbox", "mail"
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="disavowals_by_age")]

    def __str__(self) -> str:
        return f"link of {self.notice_id}"


class Report(models.Model):
    """« It wasn’t me », for the security officer and the help desk: what was disowned and what was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reports")
    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    # How it came: "session", or the road of the link ("mailbox", "mail").
    road = models.CharField(max_length=10)
    source = models.CharField(max_length=45, blank=True)
    event = models.CharField(max_length=30)  # `deciding.Event`
    facts = models.JSONField(default=dict)  # of what was disowned
    done = models.JSONField(default=list)  # `[measure, what]`, in order
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports_closed"
    )
    conclusion = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["academy", "-at"], name="reports_of_academy"),
            models.Index(fields=["account", "-at"], name="reports_of_account"),
        ]

    def __str__(self) -> str:
        return self.reference
