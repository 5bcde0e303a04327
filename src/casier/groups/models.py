"""Groups: a rule with a name. Who is in one is computed when asked, never kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models import Academy, Network, School


class Visibility(models.TextChoices):
    """Who may know of a group and of its members."""

    OFFICES = "offices"  # who works in the console
    MEMBERS = "members"  # its members, too
    ACADEMY = "academy"  # everybody in the academy


class Group(models.Model):
    """People of ACADEMY whom RULE describes, today's postings deciding.

    A group that is owned by a school, a department or a network has no members outside of it. It is taken out
    by REMOVED_AT: what it was used for must not reach more people because its group has gone.
    """

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="groups")
    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    rule = models.TextField(max_length=2000)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.OFFICES)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="groups")
    department = models.CharField(max_length=3, blank=True)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="groups"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["academy", "slug"], condition=Q(removed_at__isnull=True), name="group_once"
            ),
            models.CheckConstraint(
                condition=Q(school=None, department="")
                | Q(school=None, network=None)
                | Q(department="", network=None),
                name="group_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy_id}/{self.slug}"
