"""The one-time links « it wasn’t me »: 256 bits, of which only the hash is kept, for seven days."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from casier.directory.models import Academy
from casier.identity.history.models import Disavowal, NoticeSent
from casier.identity.recovery.addresses import page_address

LIFE = timedelta(days=7)
PATH = "/securite/"
# What is longer was never one of ours.
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A link that somebody holds: what it disowns, and whether it is still good."""

    link: Disavowal
    used: bool


def digest_of(token: str) -> str:
    """What is kept of a token. It holds 256 bits of chance: nothing slower would add to that."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make(notice: NoticeSent, road: str, academy: Academy, now: datetime) -> str:
    """A fresh link for NOTICE that goes by ROAD; its whole address, which stands nowhere else."""
    token = secrets.token_urlsafe(32)
    Disavowal.objects.create(
        digest=digest_of(token), notice=notice, road=road, made_at=now, expires_at=now + LIFE
    )
    return page_address(academy, f"{PATH}{token}/")


def find(token: str, now: datetime) -> Found | None:
    """What TOKEN opens; None for one that never was, or is over: they can't be told apart."""
    if len(token) > _LONGEST:
        return None
    rows = Disavowal.objects.select_related("notice__account__academy", "notice__account__person")
    link = rows.filter(digest=digest_of(token), expires_at__gt=now).first()
    if link is None:
        return None
    # One notice may have gone by several roads: whichever link is used, all are.
    return Found(link, link.notice.disowned_at is not None)


def use(link: Disavowal, now: datetime) -> bool:
    """Use LINK up, and all others of its notice; False when somebody was quicker."""
    if not NoticeSent.objects.filter(pk=link.notice_id, disowned_at=None).update(disowned_at=now):
        return False
    Disavowal.objects.filter(pk=link.pk).update(used_at=now)
    return True
