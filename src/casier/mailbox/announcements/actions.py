"""Announcing, withdrawing, putting aside; and what somebody sees now."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.audit.wake import tell_browsers
from casier.directory.access import school_with
from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account
from casier.groups.api import Group, group_named, is_member
from casier.kernel.errors import CasierError
from casier.kernel.plain_text import plain
from casier.mailbox.announcements.models import Announcement, Dismissal, Level

LONGEST = 600
EVENT = "announcements"


class BadAnnouncement(CasierError):
    """A text that is missing, too long or not plain; an end before the beginning."""

    code = "bad_announcement"


class CriticalStays(CasierError):
    """What is critical can't be put aside: it goes when it is over."""

    code = "critical_stays"


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """What is to be told, to whom, from when until when (None: until it is withdrawn)."""

    level: Level
    french: str
    english: str
    starts_at: datetime
    ends_at: datetime | None = None
    schools: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    group: str = ""  # its short name


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees now, the most pressing first, and when this changes by itself."""

    now: tuple[Announcement, ...]
    changes_at: datetime | None


def announce(
    academy: Academy, new: NewAnnouncement, *, by: Actor, reason: str, now: datetime
) -> Announcement:
    """Tell the people of ACADEMY. Raises BadAnnouncement, NotFound for what isn't theirs."""
    french, english = _text(new.french), _text(new.english)
    if new.ends_at is not None and new.ends_at <= max(new.starts_at, now):
        raise BadAnnouncement("It would end before it begins, or is over already.", field="until")
    schools = [_school(academy, uai) for uai in new.schools]
    group = group_named(academy, new.group) if new.group else None
    with transaction.atomic():
        row = Announcement.objects.create(
            academy=academy, level=new.level, french=french, english=english, schools=schools,
            functions=[function.strip().upper() for function in new.functions], group=group,
            starts_at=new.starts_at, ends_at=new.ends_at, created_at=now, created_by=by.name,
        )  # fmt: skip
        record(
            by, "announcement.made", f"announcement:{row.id.hex}", reason, academy=academy.slug, at=now,
            level=row.level, french=french, english=english, schools=schools, functions=row.functions,
            group=group.slug if group else "",
            starts_at=row.starts_at.isoformat(), ends_at=row.ends_at.isoformat() if row.ends_at else "",
        )  # fmt: skip
        transaction.on_commit(lambda: tell_browsers(settings.REDIS_SOCKET, EVENT))
    return row


def withdraw(announcement_id: str, *, by: Actor, reason: str, now: datetime) -> Announcement:
    """Take it back: nobody sees it from now on. Doing so twice changes nothing. Raises NotFound."""
    with transaction.atomic():
        row = _found(Announcement.objects.select_for_update(), announcement_id)
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            row.save(update_fields=["withdrawn_at"])
            target = f"announcement:{row.id.hex}"
            record(by, "announcement.withdrawn", target, reason, academy=row.academy.slug, at=now)
            transaction.on_commit(lambda: tell_browsers(settings.REDIS_SOCKET, EVENT))
    return row


def announcements_for(account: Account, now: datetime) -> Seen:
    """What ACCOUNT sees at NOW: for their academy, one of their postings, their groups, not put aside."""
    reader = _Reader(account, now)
    mine = [row for row in _not_over(account.academy, now) if reader.is_meant(row)]
    put_aside = Dismissal.objects.filter(account=account, announcement__in=mine)
    aside = set(put_aside.values_list("announcement_id", flat=True))
    current = [row for row in mine if row.starts_at <= now and row.id not in aside]
    moments = [row.starts_at for row in mine if row.starts_at > now]
    moments += [row.ends_at for row in current if row.ends_at]
    order = [Level.CRITICAL, Level.WARNING, Level.INFORMATION]
    current.sort(key=lambda row: (order.index(Level(row.level)), -row.starts_at.timestamp()))
    return Seen(tuple(current), min(moments, default=None))


def dismiss(account: Account, announcement_id: str, now: datetime) -> None:
    """Put it aside for ACCOUNT, for good. Raises NotFound for what isn't for them, CriticalStays."""
    row = _found(_not_over(account.academy, now), announcement_id)
    if not _Reader(account, now).is_meant(row) or row.starts_at > now:
        raise NotFound("No such announcement.", announcement=announcement_id)
    if row.level == Level.CRITICAL:
        raise CriticalStays(announcement=announcement_id)
    Dismissal.objects.get_or_create(announcement=row, account=account, defaults={"at": now})
    tell_browsers(settings.REDIS_SOCKET, EVENT, account.mailbox_key)


def announcements_of(academy: Academy | None) -> QuerySet[Announcement]:
    """All that were ever made, the latest first."""
    rows = Announcement.objects.select_related("academy", "group").order_by("-created_at")
    return rows if academy is None else rows.filter(academy=academy)


def _not_over(academy: Academy, now: datetime) -> QuerySet[Announcement]:
    rows = Announcement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), academy=academy)
    return rows.filter(withdrawn_at__isnull=True).select_related(
        "group__academy", "group__school", "group__network"
    )


def uses_of(group: Group) -> list[str]:
    """What is told to GROUP and isn't over, for who would remove it."""
    rows = _not_over(group.academy, timezone.now()).filter(group=group)
    return [row.french if len(row.french) <= 60 else f"{row.french[:60]}…" for row in rows]


def _postings(account: Account, now: datetime) -> frozenset[tuple[str, str]]:
    """The (UAI, function) pairs of today."""
    today: date = timezone.localdate(now)
    rows = account.person.postings.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    return frozenset((uai or "", function) for uai, function in rows.values_list("school__uai", "function"))


class _Reader:
    """Somebody who looks; of their groups only those are reckoned that an announcement asks for."""

    def __init__(self, account: Account, now: datetime) -> None:
        self._account = account
        self._today = timezone.localdate(now)
        self._postings = _postings(account, now)
        self._groups: dict[int, bool] = {}

    def is_meant(self, row: Announcement) -> bool:
        """Whether one posting fits both the schools and the functions named, and the group holds them; what
        isn't named fits all.
        """
        return _is_for(row, self._postings) and (row.group is None or self._is_in(row.group))

    def _is_in(self, group: Group) -> bool:
        if group.pk not in self._groups:
            self._groups[group.pk] = is_member(group, self._account, self._today)
        return self._groups[group.pk]


def _is_for(row: Announcement, postings: Collection[tuple[str, str]]) -> bool:
    """Whether one posting fits both the schools and the functions named; those not named fit all."""
    if not row.schools and not row.functions:
        return True
    return any(
        (not row.schools or uai in row.schools) and (not row.functions or function in row.functions)
        for uai, function in postings
    )


def _text(text: str) -> str:
    found = plain(text, LONGEST)
    if not found:
        raise BadAnnouncement(f"Plain text of 1 to {LONGEST} characters is needed.", field="text")
    return found


def _school(academy: Academy, uai: str) -> str:
    school = school_with(uai)
    if school.academy_id != academy.id:
        raise NotFound(f"No school of {academy.slug} has the UAI {school.uai}.", uai=school.uai)
    return school.uai


def _found(rows: QuerySet[Announcement], announcement_id: str) -> Announcement:
    try:
        return rows.select_related("academy").get(pk=uuid.UUID(hex=announcement_id))
    except (ValueError, Announcement.DoesNotExist) as error:
        raise NotFound("No such announcement.", announcement=announcement_id) from error
