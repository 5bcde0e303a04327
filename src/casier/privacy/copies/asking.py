"""Asking for a copy of everything about a person, and fetching it."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.audit.wake import wake_worker
from casier.directory.life import OUT
from casier.directory.mandates import Ability
from casier.directory.models import Account
from casier.kernel.errors import NotAllowed
from casier.kernel.instance import Instance
from casier.kernel.transfer_folders import exports_folder, imports_folder
from casier.mailbox.transfer.places import ROAD, check_disk
from casier.privacy.access import authorise, is_themselves
from casier.privacy.errors import NoSuchCopy, NotReady, UnderWay
from casier.privacy.models import ExportState, PersonExport

LIVE = (ExportState.WAITING, ExportState.WORKING)


def ask(account: Account, *, by: Actor, reason: str, language: str, now: datetime) -> PersonExport:
    """Have a copy made of everything about ACCOUNT's person. Raises NotAllowed, UnderWay, NoDisk.

    Who asks for their own replaces the one before: one copy of a life on the disk is enough.
    """
    own = is_themselves(by, account)
    if not own:
        authorise(by, Ability.EXPORT_PERSON, account, now)
    check_disk(settings.CASIER_INSTANCE, 0)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        mine = PersonExport.objects.filter(account=account, own=own)
        if mine.filter(state__in=LIVE).exists():
            raise UnderWay
        for before in mine.filter(state=ExportState.READY):
            _end(before, ExportState.CANCELLED, now)
        copy = PersonExport.objects.create(
            account=account, by=by.name, own=own, reason=reason, created_at=now, touched_at=now,
            language="en" if language == "en" else "fr",
        )  # fmt: skip
        note(copy, "person.export_asked", by, now, reason)
    wake_worker(settings.REDIS_SOCKET)
    return copy


def with_mailbox(copy: PersonExport) -> bool:
    """Whether what the person wrote and received belongs in it."""
    return copy.own or holds_mailbox(copy.account)


def holds_mailbox(account: Account) -> bool:
    """Whether an office's copy holds it: of who is out alone. Who still comes in takes it themselves, and
    nobody reads it on the way.
    """
    return account.state in OUT


def fetch(copy_id: str, *, by: Actor, now: datetime) -> tuple[str, str]:
    """The road to the file, for nginx, and its name. Raises NoSuchCopy, NotReady.

    Their own copy is for the person alone; one that an office asked for, for whoever has that office.
    """
    copy = _of(copy_id, by, now)
    if copy.state != ExportState.READY or copy.expires_at is None or copy.expires_at <= now:
        raise NotReady(state=copy.state)
    with transaction.atomic():
        note(copy, "person.export_fetched", by, now)
    return f"{ROAD}{copy.id.hex}.zip", f"donnees-{copy.created_at:%Y-%m-%d}-{copy.id.hex[:8]}.zip"


def _of(copy_id: str, by: Actor, now: datetime) -> PersonExport:
    try:
        copy = PersonExport.objects.select_related("account__academy").get(pk=uuid.UUID(copy_id))
        if copy.own and not is_themselves(by, copy.account):
            raise NoSuchCopy
        if not copy.own:
            authorise(by, Ability.EXPORT_PERSON, copy.account, now)
    except (PersonExport.DoesNotExist, ValueError, NotAllowed) as error:
        raise NoSuchCopy(copy=copy_id) from error
    return copy


def copies_of(account: Account, *, own: bool) -> QuerySet[PersonExport]:
    """The latest first."""
    return PersonExport.objects.filter(account=account, own=own).order_by("-created_at")


def expire(now: datetime) -> int:
    """Delete the files whose time is over; how many."""
    over = list(PersonExport.objects.filter(state=ExportState.READY, expires_at__lte=now)[:50])
    for copy in over:
        _end(copy, ExportState.EXPIRED, now)
    return len(over)


def forget_all_of(account: Account, now: datetime) -> None:
    """No copy of ACCOUNT's data stays on the disk."""
    for copy in PersonExport.objects.filter(account=account, state__in=[*LIVE, ExportState.READY]):
        _end(copy, ExportState.CANCELLED, now)


def _end(copy: PersonExport, state: ExportState, now: datetime) -> None:
    PersonExport.objects.filter(pk=copy.pk).update(state=state, ended_at=now, touched_at=now)
    whole_file(settings.CASIER_INSTANCE, copy).unlink(missing_ok=True)
    part_file(settings.CASIER_INSTANCE, copy).unlink(missing_ok=True)


def whole_file(instance: Instance, copy: PersonExport) -> Path:
    """The finished zip, where nginx finds it."""
    return exports_folder(instance) / f"{copy.id.hex}.zip"


def part_file(instance: Instance, copy: PersonExport) -> Path:
    """The zip as long as it is being written; nginx never serves it."""
    return imports_folder(instance) / f"{copy.id.hex}.part"


def note(
    copy: PersonExport, action: str, by: Actor, now: datetime, reason: str = "", **facts: object
) -> None:
    """In the journal, about the person: they see it."""
    record(
        by, action, f"account:{copy.account.public_id}", reason,
        academy=copy.account.academy.slug, at=now, copy=copy.id.hex, **facts,
    )  # fmt: skip
