"""Bringing a file, deciding what is done with it, taking that back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.audit.wake import wake_worker
from casier.directory.models import Account
from casier.engines.cyrus.deleted import DeletedMail
from casier.mailbox.importing import names
from casier.mailbox.links.names import clean_name
from casier.mailbox.links.pieces import Source, append_to, begin_file, end_of
from casier.mailbox.stores import store_named
from casier.mailbox.transfer.access import check_whole
from casier.mailbox.transfer.errors import NoRoom, NotNow, NotThere, OneAtATime, TooLarge
from casier.mailbox.transfer.models import Import, ImportState
from casier.mailbox.transfer.places import check_disk, import_file, placed_file
from casier.policies.api import policy_for

# What nobody decides about, or uploads further, is forgotten after this; so is the way back.
PATIENCE = timedelta(hours=24)
UNDO_FOR = timedelta(days=7)
OPEN = (ImportState.COMING, ImportState.LOOKING, ImportState.LOOKED, ImportState.WAITING, ImportState.WORKING)
SHOWN = 10


def begin_import(account: Account, key: str, name: str, size: int, *, by: Actor, now: datetime) -> Import:
    """Make room for a file of SIZE octets. Raises NotYourMailbox, TooLarge, NoDisk, OneAtATime."""
    check_whole(account, key)
    limit = policy_for(account.academy).transfer.import_bytes
    if not 0 < size <= limit:
        raise TooLarge(limit=limit, size=size)
    check_disk(settings.CASIER_INSTANCE, size)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if Import.objects.filter(account=account, state__in=OPEN).exists():
            raise OneAtATime
        taken = Import.objects.create(
            account=account, mailbox_key=key, name=clean_name(name), size=size, created_at=now, touched_at=now
        )
        note(taken, "import.begun", by, now, name=taken.name, octets=size)
    begin_file(import_file(settings.CASIER_INSTANCE, taken))
    return taken


def append(account: Account, import_id: str, offset: int, source: Source, now: datetime) -> int:
    """The next piece; where the file ends then. The last one has it looked through."""
    taken = import_of(account, import_id)
    if taken.state != ImportState.COMING:
        raise NotNow(state=taken.state)
    end = append_to(import_file(settings.CASIER_INSTANCE, taken), offset, source, taken.size)
    state = ImportState.LOOKING if end == taken.size else ImportState.COMING
    Import.objects.filter(pk=taken.pk, state=ImportState.COMING).update(touched_at=now, state=state)
    if end == taken.size:
        wake_worker(settings.REDIS_SOCKET)
    return end


def offset_of(taken: Import) -> int:
    """How much of the file is here."""
    return (
        end_of(import_file(settings.CASIER_INSTANCE, taken))
        if taken.state == ImportState.COMING
        else taken.size
    )


def imports_of(account: Account) -> QuerySet[Import]:
    """Theirs, the latest first."""
    return Import.objects.filter(account=account).order_by("-created_at")


def import_of(account: Account, import_id: str) -> Import:
    """The one way to an import: by the person who brought the file. Raises NotThere."""
    try:
        return imports_of(account).select_related("account__academy").get(pk=uuid.UUID(import_id))
    except (Import.DoesNotExist, ValueError) as error:
        raise NotThere(taken=import_id) from error


def start_import(
    account: Account, import_id: str, folder: str, *, doubles: bool, by: Actor, now: datetime
) -> Import:
    """Take in what was found. Raises NotNow, NoRoom, NotYourMailbox."""
    taken = import_of(account, import_id)
    store = store_named(account.store.name)
    check_whole(account, taken.mailbox_key)
    needed = int(taken.found.get("octets", 0)) + (int(taken.found.get("knownOctets", 0)) if doubles else 0)
    used, limit = DeletedMail(store, taken.mailbox_key).room()
    if limit is not None and used + needed > limit:
        raise NoRoom(needed=needed, free=max(0, limit - used))
    with transaction.atomic():
        rows = Import.objects.filter(pk=taken.pk, state=ImportState.LOOKED)
        target = "/".join(names.clean(folder.split("/")))
        if not rows.update(
            state=ImportState.WAITING, folder=target, doubles=doubles, touched_at=now, tries=0
        ):
            raise NotNow(state=taken.state)
        note(taken, "import.started", by, now, folder=target, doubles=doubles)
    wake_worker(settings.REDIS_SOCKET)
    taken.refresh_from_db()
    return taken


def cancel_import(account: Account, import_id: str, *, by: Actor, now: datetime) -> None:
    """Give it up; what was taken in until then stays, and can be taken back. Done twice, no more happens."""
    taken = import_of(account, import_id)
    with transaction.atomic():
        rows = Import.objects.filter(pk=taken.pk, state__in=OPEN)
        if rows.update(state=ImportState.CANCELLED, ended_at=now, touched_at=now):
            note(taken, "import.cancelled", by, now)
    import_file(settings.CASIER_INSTANCE, taken).unlink(missing_ok=True)


def undo_import(account: Account, import_id: str, *, by: Actor, now: datetime) -> None:
    """Have what came in taken out again, in the background. Raises NotNow."""
    taken = import_of(account, import_id)
    undoable = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
    if not placed_file(settings.CASIER_INSTANCE, taken).exists():
        raise NotNow(state=taken.state)
    check_whole(account, taken.mailbox_key)
    with transaction.atomic():
        rows = Import.objects.filter(pk=taken.pk, state__in=undoable)
        if not rows.update(state=ImportState.UNDOING, touched_at=now, tries=0):
            raise NotNow(state=taken.state)
        note(taken, "import.undone", by, now)
    wake_worker(settings.REDIS_SOCKET)


def can_undo(taken: Import, now: datetime) -> bool:
    """Whether there is something to take back, and still the time."""
    ended = taken.state in (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
    recent = taken.ended_at is not None and taken.ended_at > now - UNDO_FOR
    return ended and recent and placed_file(settings.CASIER_INSTANCE, taken).exists()


def note(taken: Import, action: str, by: Actor, now: datetime, **facts: object) -> None:
    """In the journal."""
    record(by, action, f"import:{taken.id.hex}", "", academy=taken.account.academy.slug, at=now, **facts)
