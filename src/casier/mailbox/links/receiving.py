"""Taking a file in, piece by piece: what came is what the file on disk holds, so any piece can
be the last.

The pieces are those of tus (core protocol 1.0); who may send them is decided here, by the owner of the row.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from casier.audit.api import Actor, record
from casier.audit.wake import wake_worker
from casier.directory.models import Account
from casier.kernel.link_storage import coming_folder
from casier.mailbox.links.access import link_of
from casier.mailbox.links.errors import FileTooLarge, NoRoom, NoSuchLink
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.names import clean_name
from casier.mailbox.links.pieces import Source, append_to, begin_file, end_of
from casier.mailbox.links.storage import coming_file
from casier.policies.api import policy_for

# An upload that nothing came for is forgotten after this.
PATIENCE = timedelta(hours=24)
# What is left free for mail.
RESERVE_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that may begin; the token is told this once."""

    link: Link
    token: str


def digest_of(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(account: Account, name: str, size: int, *, sensitive: bool, by: Actor, now: datetime) -> Begun:
    """Make room for a file of SIZE bytes. Raises FileTooLarge or NoRoom before a byte has come."""
    policy = policy_for(account.academy).links
    if size > policy.largest_bytes:
        raise FileTooLarge(limit=policy.largest_bytes, size=size)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # One after the other for each person, so that many at once don't pass the quota together.
        Account.objects.select_for_update().get(pk=account.pk)
        live = Link.objects.filter(account=account, emptied_at=None)
        used = live.aggregate(total=Sum("size"))["total"] or 0
        if used + size > policy.quota_bytes or free_bytes() < size + RESERVE_BYTES:
            raise NoRoom(used=used, size=size, quota=policy.quota_bytes)
        link = Link.objects.create(
            account=account,
            token_digest=digest_of(token),
            name=clean_name(name),
            size=size,
            sensitive=sensitive,
            created_at=now,
            touched_at=now,
            expires_at=now + timedelta(days=policy.default_days),
        )
        target = f"link:{link.id.hex}"
        record(
            by, "link.begun", target, "", academy=account.academy.slug, at=now, name=link.name, octets=size
        )
    begin_file(coming_file(settings.CASIER_INSTANCE, link.id))
    if size == 0:
        _complete(link, now)
    return Begun(link, token)


def free_bytes() -> int:
    return shutil.disk_usage(coming_folder(settings.CASIER_INSTANCE)).free


def offset_of(link: Link) -> int:
    """How much of the file is here. Raises NoSuchLink where the upload is no more."""
    if link.state != State.COMING:
        return link.size
    return end_of(coming_file(settings.CASIER_INSTANCE, link.id))


def append(account: Account, link_id: str, offset: int, source: Source, now: datetime) -> int:
    """Add what SOURCE holds at OFFSET, never beyond the size that was announced; where the file ends then."""
    link = link_of(account, link_id)
    if link.state != State.COMING or link.revoked_at or link.emptied_at:
        raise NoSuchLink(link=link_id)
    end = append_to(coming_file(settings.CASIER_INSTANCE, link.id), offset, source, link.size)
    Link.objects.filter(pk=link.pk).update(touched_at=now)
    if end == link.size:
        _complete(link, now)
    return end


def _complete(link: Link, now: datetime) -> None:
    """All is here: the worker checks it."""
    Link.objects.filter(pk=link.pk, state=State.COMING).update(state=State.CHECKING, touched_at=now)
    wake_worker(settings.REDIS_SOCKET)
