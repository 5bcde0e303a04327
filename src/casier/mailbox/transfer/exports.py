"""Asking for an export, fetching it, giving it up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.audit.wake import wake_worker
from casier.directory.models import Account
from casier.mailbox.restoring.access import reach_of
from casier.mailbox.stores import store_named
from casier.mailbox.transfer.errors import NothingChosen, NotNow, NotThere, OneAtATime
from casier.mailbox.transfer.models import Export, ExportState
from casier.mailbox.transfer.places import ROAD, check_disk, export_file

LIVE = (ExportState.WAITING, ExportState.WORKING)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody ticked; FOLDERS as people write them, None: all."""

    mailbox_key: str
    folders: tuple[str, ...] | None
    mail: bool
    contacts: bool
    agendas: bool
    mbox: bool
    letter: bool


def begin_export(account: Account, asked: Asked, *, by: Actor, now: datetime) -> Export:
    """Have an export made in the background. Raises NotYourMailbox, NothingChosen, OneAtATime, NoDisk."""
    reach = reach_of(account, asked.mailbox_key, store_named(account.store.name))
    if asked.folders == () or not (asked.mail or (reach.own and (asked.contacts or asked.agendas))):
        raise NothingChosen
    check_disk(settings.CASIER_INSTANCE, 0)
    with transaction.atomic():
        # one after the other for each person, so that two tabs don't begin two
        Account.objects.select_for_update().get(pk=account.pk)
        if Export.objects.filter(account=account, state__in=LIVE).exists():
            raise OneAtATime
        export = Export.objects.create(
            account=account, mailbox_key=asked.mailbox_key, folders=list(asked.folders or ()),
            mail=asked.mail, contacts=asked.contacts and reach.own, agendas=asked.agendas and reach.own,
            mbox=asked.mbox, letter=asked.letter, created_at=now, touched_at=now,
        )  # fmt: skip
        note(export, "export.begun", by, now, mailbox=asked.mailbox_key, folders=len(asked.folders or ()))
    wake_worker(settings.REDIS_SOCKET)
    return export


def exports_of(account: Account) -> QuerySet[Export]:
    """Theirs, the latest first."""
    return Export.objects.filter(account=account).order_by("-created_at")


def export_of(account: Account, export_id: str) -> Export:
    """The one way to an export: by the person who asked for it. Raises NotThere."""
    try:
        return exports_of(account).select_related("account__academy").get(pk=uuid.UUID(export_id))
    except (Export.DoesNotExist, ValueError) as error:
        raise NotThere(export=export_id) from error


def ahead_of(export: Export) -> int:
    """How many are made before it."""
    if export.state != ExportState.WAITING:
        return 0
    return Export.objects.filter(state__in=LIVE, created_at__lt=export.created_at).count()


def cancel_export(account: Account, export_id: str, *, by: Actor, now: datetime) -> None:
    """Give it up while it is made, or delete the file. Done twice, nothing more happens."""
    export = export_of(account, export_id)
    with transaction.atomic():
        rows = Export.objects.filter(pk=export.pk, state__in=(*LIVE, ExportState.READY))
        if rows.update(state=ExportState.CANCELLED, ended_at=now, touched_at=now):
            note(export, "export.cancelled", by, now)
    export_file(settings.CASIER_INSTANCE, export).unlink(missing_ok=True)


def fetch_export(account: Account, export_id: str, *, by: Actor, now: datetime) -> tuple[str, str]:
    """The road to the file, for nginx, and its name. Raises NotThere, NotNow.

    In someone else's mailbox the rights may have ended since: they are asked of the store again.
    """
    export = export_of(account, export_id)
    if export.state != ExportState.READY or export.expires_at is None or export.expires_at <= now:
        raise NotNow(state=export.state)
    reach_of(account, export.mailbox_key, store_named(account.store.name))
    with transaction.atomic():
        note(export, "export.fetched", by, now)
    local = export.mailbox_key.partition("@")[0]
    return f"{ROAD}{export.id.hex}.zip", f"courrier-{local}-{export.created_at:%Y-%m-%d}.zip"


def note(export: Export, action: str, by: Actor, now: datetime, **facts: object) -> None:
    """In the journal."""
    record(by, action, f"export:{export.id.hex}", "", academy=export.account.academy.slug, at=now, **facts)
