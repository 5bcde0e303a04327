"""Offices, who holds them, and for what part of an academy."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from casier.directory.models.accounts import Account
from casier.directory.models.places import Academy, Network, School
from casier.kernel.lasting import last_moment


class Office(models.TextChoices):
    """What someone is charged with beyond their own mailbox."""

    DSI = "dsi"
    HELP_DESK = "help_desk"
    SECURITY = "security"  # the security officer
    HEAD = "head"  # of a school or a service
    DPO = "dpo"
    LIST_OWNER = "list_owner"  # of the lists made of groups
    # The DSI of the platform: academies and policies, nobody's account. Given at the command line alone.
    PLATFORM = "platform"


class Mandate(models.Model):
    """An office that someone holds: where, from when, until when, why.

    Where: one school, one department or one network of the academy; none of them: the whole academy.
    SHARED_FROM is the mandate whose holder lent it, and with which it ends. BY_FUNCTION is the function in
    the school that brings the office, and without which it isn't in force; BY_GROUP, the group whose members
    have it. WITHDRAWN: somebody took it back all the same, and it doesn't come again by itself.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    office = models.CharField(max_length=20, choices=Office)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="mandates")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    department = models.CharField(max_length=3, blank=True)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    shared_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="shares"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by_function = models.CharField(max_length=10, blank=True)
    by_group = models.CharField(max_length=50, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(school=None, department="")
                | Q(school=None, network=None)
                | Q(department="", network=None),
                name="mandate_has_one_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(by_function="") | Q(school__isnull=False),
                name="office_of_a_function_is_of_its_school",
            ),
            # What is lent comes back by itself.
            models.CheckConstraint(
                condition=Q(shared_from=None) | Q(ends_at__isnull=False), name="what_is_lent_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.office} {self.school_id or self.academy_id}"

    @property
    def last_moment(self) -> datetime | None:
        """A moment of the last day on which it is held; None for an office without an end."""
        return last_moment(self.ends_at) if self.ends_at else None

    @property
    def comes_with(self) -> str:
        """The function or the group that brings it; "" where somebody gave it."""
        return self.by_function or self.by_group
