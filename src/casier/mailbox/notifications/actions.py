"""Notifying somebody; what somebody was told, read and removed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from casier.audit.wake import tell_browsers
from casier.directory.life import ENDED
from casier.directory.models import Account, Address, MailDomain
from casier.kernel.addresses import BadAddress, MailAddress
from casier.kernel.plain_text import plain
from casier.mailbox.notifications import link, quota
from casier.mailbox.notifications.errors import (
    BadNotification,
    KeyMissing,
    KeyUsed,
    NotOurPerson,
    UnknownRecipient,
)
from casier.mailbox.notifications.models import Notification, Service

LONGEST_TITLE, LONGEST_TEXT = 120, 500
# Under this name the platform itself tells; no token has such a digest, so nobody else can.
PLATFORM, PLATFORM_NAME = "platform:", "Casier"
EVENT = "notifications"
SHOWN = 50
KEPT = timedelta(days=90)
_KEY = re.compile(r"[!-~]{8,100}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a service wants to tell one person."""

    to: str
    title: str
    text: str = ""
    link: str = ""

    def digest(self) -> str:
        """The same for the same request."""
        return hashlib.sha256(json.dumps([self.to, self.title, self.text, self.link]).encode()).hexdigest()


def notify(service: Service, told: Told, key: str, now: datetime) -> tuple[Notification, bool]:
    """Tell somebody, once for each KEY; whether it is new. Raises what `errors.py` names."""
    if not _KEY.fullmatch(key):
        raise KeyMissing(length=len(key))
    if (known := _known(service, told, key)) is not None:
        return known, False
    row = _checked(service, told)
    row.key, row.asked_digest, row.at = key, told.digest(), now
    row.account = _recipient(service, told.to)
    quota.may_notify(service.id.hex, row.account.public_id)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.on_commit(lambda: _tell(row.account))
    except IntegrityError:
        # Two of the same at once: the other one was quicker.
        known = _known(service, told, key)
        if known is None:
            raise
        return known, False
    return row, True


def tell(account: Account, title: str, text: str, key: str, now: datetime) -> None:
    """Let the platform itself tell ACCOUNT something, once for each KEY."""
    service, _ = Service.objects.get_or_create(
        token_digest=PLATFORM + account.academy.slug,
        defaults={"academy": account.academy, "name": PLATFORM_NAME, "created_at": now},
    )
    known = Notification.objects.filter(service=service, key=key)
    if known.exists():
        return
    words = {"title": title[:LONGEST_TITLE], "text": text[:LONGEST_TEXT]}
    try:
        with transaction.atomic():
            Notification.objects.create(
                service=service, account=account, key=key, asked_digest="", at=now, **words
            )
            transaction.on_commit(lambda: _tell(account))
    except IntegrityError:
        if not known.exists():
            raise


def notifications_of(account: Account, now: datetime) -> QuerySet[Notification]:
    """What ACCOUNT was told and hasn't removed, the latest first."""
    rows = Notification.objects.filter(account=account, removed_at__isnull=True, at__gt=now - KEPT)
    return rows.select_related("service").order_by("-at", "-id")


def unread(account: Account, now: datetime) -> int:
    """How many of them were never looked at."""
    return notifications_of(account, now).filter(read_at__isnull=True).count()


def mark_read(account: Account, ids: Sequence[UUID], now: datetime) -> None:
    """They were looked at; what isn't theirs is left alone."""
    rows = Notification.objects.filter(account=account, id__in=ids, read_at__isnull=True)
    if rows.update(read_at=now):
        _tell(account)


def remove(account: Account, ids: Sequence[UUID], now: datetime) -> None:
    """Out of the bell. The rows stay a while, so that a request sent again isn't taken for a new one."""
    rows = Notification.objects.filter(account=account, id__in=ids, removed_at__isnull=True)
    if rows.update(removed_at=now, title="", text="", link=""):
        _tell(account)


def forget_old(now: datetime) -> int:
    """Delete what nobody is shown any more."""
    return Notification.objects.filter(at__lt=now - KEPT).delete()[0]


def _known(service: Service, told: Told, key: str) -> Notification | None:
    row = Notification.objects.filter(service=service, key=key).first()
    if row is not None and row.asked_digest != told.digest():
        raise KeyUsed(notification=row.id.hex)
    return row


def _checked(service: Service, told: Told) -> Notification:
    title, text = plain(told.title, LONGEST_TITLE), plain(told.text, LONGEST_TEXT)
    if not title:
        raise BadNotification(f"1 to {LONGEST_TITLE} characters of plain text", field="title")
    if told.text.strip() and not text:
        raise BadNotification(f"at most {LONGEST_TEXT} characters of plain text", field="text")
    if told.link and not link.allowed(told.link, service.hosts):
        raise BadNotification("https, at a host that the service was created with", field="link")
    return Notification(service=service, title=title, text=text, link=told.link)


def _recipient(service: Service, address: str) -> Account:
    """By the domain first: who is there in another academy is none of this service's business."""
    try:
        parsed = MailAddress.parse(address)
    except BadAddress as error:
        raise BadNotification("not an address", field="to") from error
    if not MailDomain.objects.filter(name=parsed.domain, academy=service.academy).exists():
        raise NotOurPerson(domain=parsed.domain)
    row = (
        Address.objects.filter(address=str(parsed), retired_at__isnull=True, account__academy=service.academy)
        .exclude(account__state__in=sorted(ENDED))
        .select_related("account")
        .first()
    )
    if row is None or row.account is None:
        raise UnknownRecipient
    return row.account


def _tell(account: Account) -> None:
    tell_browsers(settings.REDIS_SOCKET, EVENT, account.mailbox_key)
