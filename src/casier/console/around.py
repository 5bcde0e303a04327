"""What stands around a person: devices, former addresses, groups, shared mailboxes, storage, who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casier.audit.models import JournalEntry
from casier.console.looking import looks_at
from casier.console.models import MailboxSize
from casier.directory.models import Account, Address, Delegation, Membership, Posting
from casier.groups.api import Group, groups_of
from casier.identity.factors.models import TrustedDevice
from casier.identity.guard.models import KnownDevice

DEVICES, PAST, LOOKS = 10, 10, 10


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that has been in; TRUSTED_UNTIL where it needs no second factor until then."""

    label: str
    source: str
    first_at: datetime
    last_at: datetime
    trusted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What a page about a person says beyond how they come in."""

    devices: list[Device]
    retired: list[Address]
    past_postings: list[Posting]
    coming_postings: list[Posting]
    groups: list[Group]
    memberships: list[Membership]
    given: list[Delegation]
    held: list[Delegation]
    size: MailboxSize | None
    looks: list[JournalEntry]

    @property
    def percent(self) -> int | None:
        """How full the mailbox is, in hundredths."""
        if self.size is None or not self.size.limit_bytes:
            return None
        return round(100 * self.size.used_bytes / self.size.limit_bytes)


def around(account: Account, now: datetime) -> Around:
    """What stands around ACCOUNT now."""
    today = now.date()
    postings = account.person.postings.select_related("school")
    live = Delegation.objects.filter(ended_at=None, ends_at__gt=now).order_by("ends_at")
    return Around(
        devices=devices(account, now),
        retired=list(account.addresses.exclude(retired_at=None).order_by("-retired_at")[:PAST]),
        past_postings=list(postings.filter(ends_on__lt=today).order_by("-ends_on")[:PAST]),
        coming_postings=list(postings.filter(starts_on__gt=today).order_by("starts_on")[:PAST]),
        groups=groups_of(account),
        memberships=list(account.memberships.select_related("mailbox").order_by("mailbox__name")),
        given=list(live.filter(owner=account).select_related("delegate__person")),
        held=list(live.filter(delegate=account).select_related("owner__person")),
        size=MailboxSize.objects.filter(account=account).first(),
        looks=looks_at(account, LOOKS),
    )


def devices(account: Account, now: datetime) -> list[Device]:
    """The browsers of ACCOUNT, the last used first; and those trusted whose browser isn't known any more."""
    known = list(KnownDevice.objects.filter(account=account).order_by("-last_at")[:DEVICES])
    trusted = TrustedDevice.objects.filter(account=account, ended_at=None, expires_at__gt=now)
    found = [Device(one.label, one.source, one.first_at, one.last_at) for one in known]
    found += _trusted(trusted.order_by("-created_at"))
    return sorted(found, key=lambda one: one.last_at, reverse=True)[:DEVICES]


def _trusted(rows: Iterable[TrustedDevice]) -> Iterable[Device]:
    for row in rows:
        yield Device(row.name, "", row.created_at, row.used_at or row.created_at, row.expires_at)
