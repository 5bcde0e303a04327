"""What is counted of an academy each day, and of each department and network of it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.console.many.filters import in_force
from casier.console.models import Figure, MailboxSize
from casier.directory.models import Academy, Account, AccountState, Posting, School
from casier.feed.models import ReviewItem, ReviewState
from casier.identity.history.models import Report
from casier.identity.recovery.api import pending_resets
from casier.trace.counting import Refused, refused
from casier.trace.following import Logs

# A school year begins then.
TERM = (9, 1)
# What the panel of incidents looks back on.
MONTH = timedelta(days=30)
KEPT = timedelta(days=3 * 366)
# What happens to people, by what the journal calls it.
EVENTS = {
    "account.activated": "activated",
    "account.suspended": "suspended",
    "identity.locked": "locked",
    "identity.unusual_sign_in": "unusual",
    "identity.disowned": "disowned",
    "identity.wave_opened": "waves",
    "message.quarantined": "quarantined",
    "link.refused": "refused_files",
}
# From the transport's log, by the domain of whom it was for: of the academy as a whole.
REFUSED_MAIL = "refused_mail"
_CHUNK = 2000
Counts = Counter[tuple[str, str]]
Parts = dict[uuid.UUID, frozenset[str]]


def term_start(today: date) -> date:
    """The first day of the school year that TODAY is in."""
    start = date(today.year, *TERM)
    return start if today >= start else date(today.year - 1, *TERM)


@dataclass
class Doors:
    """What was refused at the door, read once for all academies. LOGS: None where there are none here."""

    logs: Logs | None
    read: dict[date, Refused] = field(default_factory=dict)

    def since(self, first: date, now: datetime) -> Refused:
        """By day and domain, from FIRST on."""
        if self.logs is None:
            return Counter()
        if first not in self.read:
            self.read[first] = refused(self.logs, midnight(first), now)
        return self.read[first]

    def known_from(self) -> date | None:
        """The first day of which the log can tell; None where it can't be read: unknown isn't none."""
        begins = self.logs.postfix.begins() if self.logs is not None else None
        return timezone.localtime(begins).date() if begins else None


def keep(academy: Academy, now: datetime, doors: Doors | None = None) -> None:
    """Write the figures of today so far; those of the days since the term began, where there are none yet."""
    today = timezone.localtime(now).date()
    parts = parts_of(academy, now)
    first = _first_to_count(academy, today)
    rows: dict[date, Counts] = events(academy, parts, first, today)
    domains = set(academy.domains.values_list("name", flat=True))
    at_the_door(rows, domains, doors or Doors(None), now)
    rows[today].update(standing(academy, parts))
    Figure.objects.bulk_create(
        (
            Figure(academy=academy, part=part, name=name, on=day, value=value)
            for day, counts in rows.items()
            for (part, name), value in counts.items()
        ),
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["academy", "part", "name", "on"],
        update_fields=["value"],
    )
    Figure.objects.filter(on__lt=today - KEPT).delete()


def _first_to_count(academy: Academy, today: date) -> date:
    """Today, once it was begun; before that, the last day that was: its last hour wasn't over."""
    kept = Figure.objects.filter(academy=academy, part="", on__lte=today)
    last: date | None = kept.aggregate(last=Max("on"))["last"]
    if last is None:
        return term_start(today)
    # The journal still tells of days without a worker, and dashboards look that far back.
    return max(last, min(term_start(today), today - MONTH))


def parts_of(academy: Academy, now: datetime) -> Parts:
    """The departments and networks in which each account's person works today."""
    networks: dict[int, list[str]] = defaultdict(list)
    members = School.networks.through.objects.filter(network__academy=academy)
    for school, slug in members.values_list("school", "network__slug"):
        networks[school].append(f"n:{slug}")
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    postings = Posting.objects.filter(in_force(now), person__account__academy=academy, school__isnull=False)
    rows = postings.values_list("person__account", "school", "school__department")
    for account, school, department in rows.iterator(chunk_size=_CHUNK):
        if department:
            found[account].add(f"d:{department}")
        found[account].update(networks.get(school, ()))
    # Few sets stand for many people: each is held once.
    held: dict[frozenset[str], frozenset[str]] = {}
    return {account: held.setdefault(frozenset(one), frozenset(one)) for account, one in found.items()}


def events(academy: Academy, parts: Parts, first: date, last: date) -> dict[date, Counts]:
    """How often each of EVENTS happened on each day from FIRST to LAST."""
    rows: dict[date, Counts] = defaultdict(Counter)
    day = first
    while day <= last:
        # A day without anything has its row: nothing is a figure, too.
        rows[day].update({("", name): 0 for name in EVENTS.values()})
        day += timedelta(days=1)
    within = Q(at__gte=midnight(first), at__lt=midnight(last + timedelta(days=1)))
    entries = JournalEntry.objects.filter(within, academy=academy.slug, action__in=list(EVENTS))
    for action, at, target in entries.values_list("action", "at", "target").iterator(chunk_size=_CHUNK):
        name = EVENTS[action]
        for part in ("", *_parts(parts, target)):
            rows[timezone.localtime(at).date()][part, name] += 1
    return rows


def at_the_door(rows: dict[date, Counts], domains: Collection[str], doors: Doors, now: datetime) -> None:
    """What was refused there, on those days of ROWS of which the log can tell."""
    known = doors.known_from()
    if known is None:
        return
    told = {day: counts for day, counts in rows.items() if day >= known}
    for counts in told.values():
        counts["", REFUSED_MAIL] += 0
    for (day, domain), count in doors.since(min(rows), now).items():
        if domain in domains and day in told:
            told[day]["", REFUSED_MAIL] += count


def standing(academy: Academy, parts: Parts) -> Counts:
    """What stands now: accounts by state, storage, what waits."""
    counts: Counts = Counter()
    counts.update({("", f"state.{state}"): 0 for state in AccountState.values})
    accounts = Account.objects.filter(academy=academy).values_list("pk", "state")
    for pk, state in accounts.iterator(chunk_size=_CHUNK):
        for part in ("", *parts.get(pk, ())):
            counts[part, f"state.{state}"] += 1
    sizes = MailboxSize.objects.filter(academy=academy).values_list("account", "used_bytes", "limit_bytes")
    for account, used, limit in sizes.iterator(chunk_size=_CHUNK):
        for part in ("", *(parts.get(account, ()) if account else ())):
            counts[part, "storage.used"] += used
            counts[part, "storage.limit"] += limit or 0
    counts["", "queue.resets"] = pending_resets(academy).count()
    counts["", "queue.reports"] = Report.objects.filter(academy=academy, closed_at=None).count()
    doubts = ReviewItem.objects.filter(academy=academy, state=ReviewState.OPEN)
    counts["", "queue.doubts"] = doubts.count()
    return counts


def midnight(day: date) -> datetime:
    """The beginning of DAY, where the platform lives."""
    return timezone.make_aware(datetime.combine(day, time()))


def _parts(parts: Parts, target: str) -> Iterable[str]:
    kind, _colon, name = target.partition(":")
    if kind != "account":
        return ()
    try:
        return parts.get(uuid.UUID(hex=name), ())
    except ValueError:
        return ()
