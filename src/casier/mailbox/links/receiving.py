"""Taking a file in, piece by piece: what came is what the file on disk holds, so any piece can
be the last.

The pieces are those of tus (core protocol 1.0); who may send them is decided here, by the owner of the row.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from casier.audit.api import Actor, record
from casier.audit.wake import wake_worker
from casier.directory.models import Account
from casier.kernel.link_storage import coming_folder
from casier.mailbox.links.access import link_of
from casier.mailbox.links.errors import FileTooLarge, NoRoom, NoSuchLink, WrongOffset
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.names import clean_name
from casier.mailbox.links.storage import coming_file
from casier.policies.api import policy_for

# An upload that nothing came for is forgotten after this.
PATIENCE = timedelta(hours=24)
# What is left free for mail.
RESERVE_BYTES = 2_000_000_000
_PIECE = 1 << 18


class Source(Protocol):
    """Whatever bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


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
        if used + size > policy.quota_bytes or _free_bytes() < size + RESERVE_BYTES:
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
    _touch(coming_file(settings.CASIER_INSTANCE, link.id))
    if size == 0:
        _complete(link, now)
    return Begun(link, token)


def _free_bytes() -> int:
    return shutil.disk_usage(coming_folder(settings.CASIER_INSTANCE)).free


def _touch(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))


def offset_of(link: Link) -> int:
    """How much of the file is here. Raises NoSuchLink where the upload is no more."""
    if link.state != State.COMING:
        return link.size
    try:
        return coming_file(settings.CASIER_INSTANCE, link.id).stat().st_size
    except FileNotFoundError as error:
        raise NoSuchLink(link=link.id.hex) from error


def append(account: Account, link_id: str, offset: int, source: Source, now: datetime) -> int:
    """Add what SOURCE holds at OFFSET, never beyond the size that was announced; where the file ends then."""
    link = link_of(account, link_id)
    if link.state != State.COMING or link.revoked_at or link.emptied_at:
        raise NoSuchLink(link=link_id)
    with _locked(coming_file(settings.CASIER_INSTANCE, link.id)) as file:
        end = os.fstat(file).st_size
        if end != offset:
            raise WrongOffset(offset=offset, end=end)
        end = _copy(source, file, end, link.size)
        if end == link.size:
            os.fsync(file)
    Link.objects.filter(pk=link.pk).update(touched_at=now)
    if end == link.size:
        _complete(link, now)
    return end


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """PATH, open at its end and held against another piece. Raises NoSuchLink, or WrongOffset when it is."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise NoSuchLink from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
    except BlockingIOError as error:
        raise WrongOffset(locked=True) from error
    finally:
        os.close(file)


def _copy(source: Source, file: int, end: int, size: int) -> int:
    """Read SOURCE to its end. Raises FileTooLarge, with the file as it was, when more comes than was said."""
    begun = end
    while piece := source.read(_PIECE):
        if end + len(piece) > size:
            os.ftruncate(file, begun)
            raise FileTooLarge(limit=size)
        end += _write(file, piece)
    return end


def _write(file: int, piece: bytes) -> int:
    left = memoryview(piece)
    while left:
        left = left[os.write(file, left) :]
    return len(piece)


def _complete(link: Link, now: datetime) -> None:
    """All is here: the worker checks it."""
    Link.objects.filter(pk=link.pk, state=State.COMING).update(state=State.CHECKING, touched_at=now)
    wake_worker(settings.REDIS_SOCKET)
