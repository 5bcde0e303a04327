"""Searching the journal: by who, to whom, what, where and when; the newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from casier.audit.models import JournalEntry
from casier.audit.reading import Recorded, recorded

MOST = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; what is empty doesn't matter.

    ACADEMIES: how far who asks may see, None: everywhere. An entry of no academy is the platform's own.
    """

    actor: str = ""
    target: str = ""
    about: str = ""  # actor or target: what concerns somebody
    action: str = ""  # whole ("account.closed") or its beginning ("account.")
    origin: str = ""
    text: str = ""  # any part of the reason
    since: datetime | None = None
    until: datetime | None = None  # not included
    academies: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the newest first. OLDER: what to give as `before` for the next page; None: there is none."""

    entries: list[Recorded]
    older: int | None


def search(query: Query, limit: int = 50, before: int | None = None) -> Page:
    """Up to LIMIT entries for QUERY that were written before the entry BEFORE."""
    limit = max(1, min(limit, MOST))
    found = chosen(query)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("payload").order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    return Page([recorded(row) for row in rows[:limit]], rows[limit - 1].pk if more else None)


def chosen(query: Query) -> QuerySet[JournalEntry]:
    """The entries that QUERY means, in no order."""
    found = JournalEntry.objects.filter(_who(query), **_when(query))
    if query.academies is not None:
        found = found.filter(academy__in=query.academies)
    if query.action:
        whole = "action" if not query.action.endswith(".") else "action__startswith"
        found = found.filter(**{whole: query.action})
    if query.text:
        found = found.filter(reason__icontains=query.text)
    return found


def _who(query: Query) -> Q:
    who = Q()
    for name in ("actor", "target", "origin"):
        if value := getattr(query, name):
            who &= Q(**{name: value})
    if query.about:
        who &= Q(actor=query.about) | Q(target=query.about)
    return who


def _when(query: Query) -> dict[str, datetime]:
    when = {}
    if query.since is not None:
        when["at__gte"] = query.since
    if query.until is not None:
        when["at__lt"] = query.until
    return when
