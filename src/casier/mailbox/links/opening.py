"""What the holder of a link may do with it: see it, show who they are, fetch the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity import hashers
from casier.mailbox.links.access import addresses_of
from casier.mailbox.links.models import Link, LinkDownload, State
from casier.mailbox.links.receiving import digest_of
from casier.mailbox.links.storage import storage_for


class Standing(StrEnum):
    """What a link is for whoever holds it."""

    OPEN = "open"
    CHECKING = "checking"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED_UP = "used_up"
    REFUSED = "refused"  # infected, or impossible to look into


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download that may go: what nginx is told, and the name to save under."""

    road: str
    name: str
    size: int


def link_with(token: str) -> Link | None:
    """The link that was sent with TOKEN; none that was never sent, whatever state its file is in."""
    return (
        Link.objects.select_related("account__academy", "account__person")
        .filter(token_digest=digest_of(token), sent_at__isnull=False)
        .first()
    )


def standing_of(link: Link, now: datetime) -> Standing:
    """What LINK is NOW."""
    if link.revoked_at is not None:
        return Standing.REVOKED
    if link.state in {State.INFECTED, State.CLOSED}:
        return Standing.REFUSED
    if link.expires_at <= now or link.emptied_at is not None:
        return Standing.EXPIRED
    if link.state != State.READY:
        return Standing.CHECKING
    if link.max_downloads is not None and link.downloads >= link.max_downloads:
        return Standing.USED_UP
    return Standing.OPEN


def address_for(link: Link, account: Account) -> str:
    """The address under which ACCOUNT was written to; "" when it wasn't."""
    mine = addresses_of(account)
    found = link.recipients.filter(address__in=mine).order_by("address").first()
    return found.address if found else ""


def was_sent_to(link: Link, address: str) -> bool:
    """Whether ADDRESS is among the recipients now: they can be changed after someone proved theirs."""
    return link.recipients.filter(address=address).exists()


def password_opens(link: Link, typed: str) -> bool:
    """Whether TYPED is the password of LINK (one that has none needs none)."""
    return not link.password or hashers.matches(typed, link.password)[0]


def count_download(link: Link, address: str, *, by: Actor, now: datetime) -> bool:
    """Take one of the downloads that are left, in one step: of two for the last one, one gets it."""
    left = Q(max_downloads=None) | Q(downloads__lt=F("max_downloads"))
    open_now = Q(state=State.READY, revoked_at=None, emptied_at=None, expires_at__gt=now)
    with transaction.atomic():
        taken = Link.objects.filter(left & open_now, pk=link.pk).update(downloads=F("downloads") + 1)
        if taken:
            LinkDownload.objects.create(link=link, address=address, at=now, source=by.origin[:64])
            target, slug = f"link:{link.id.hex}", link.account.academy.slug
            record(by, "link.fetched", target, "", academy=slug, at=now, name=link.name, address=address)
    return bool(taken)


def file_of(link: Link) -> Fetched:
    """The way to the bytes, for a download that was counted."""
    return Fetched(storage_for(settings.CASIER_INSTANCE, link.storage).road(link.id), link.name, link.size)
