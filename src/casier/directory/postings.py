"""Which postings count on a day. ENDS_ON is the last day on which a posting holds."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.directory.models import Posting


def today(now: datetime) -> date:
    """The day that it is where the platform lives."""
    return timezone.localtime(now).date()


def not_over(day: date) -> QuerySet[Posting]:
    """Those that hold on DAY, or will."""
    return Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day))


def held_on(day: date) -> QuerySet[Posting]:
    """Those that hold on DAY."""
    return not_over(day).filter(Q(starts_on=None) | Q(starts_on__lte=day))
