"""Keeping account: which messages of a folder are settled, and when the open ones are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from casier.kernel.stored import Road, Stored
from casier.mailbox.arrivals.models import WatchedFolder
from casier.mailbox.arrivals.uids import Uids

Key = tuple[str, int]  # owner, UIDVALIDITY
# Time for an import of the platform itself, which scans before, to say that it has.
SOON = timedelta(seconds=1)
# A draft is written anew every few seconds.
DRAFTS = timedelta(minutes=5)
# Nothing explains what is open: events of several deliveries may cross, old mail may never have been seen.
UNEXPLAINED = timedelta(seconds=20)
_COLUMNS = ("name", "settled", "last", "due_at")


def note(events: Sequence[Stored], now: datetime) -> None:
    """Take EVENTS into the account. Noting them twice changes nothing."""
    wanted = {(event.owner, event.uid_validity) for event in events}
    wanted |= {(event.source.owner, event.source.uid_validity) for event in events if event.source}
    with transaction.atomic():
        rows = _rows(wanted)
        for event in events:
            key = (event.owner, event.uid_validity)
            row = rows.setdefault(key, WatchedFolder(owner=event.owner, uid_validity=event.uid_validity))
            _apply(row, event, rows, now)
        _save([rows[key] for key in dict.fromkeys((event.owner, event.uid_validity) for event in events)])


def settle(
    owner: str, uid_validity: int, uids: Uids, *, name: str = "", again: datetime | None = None
) -> None:
    """UIDS need no more look. What stays open is looked at AGAIN then, or when it was to be."""
    with transaction.atomic():
        row = _rows({(owner, uid_validity)}).get(
            (owner, uid_validity), WatchedFolder(owner=owner, uid_validity=uid_validity)
        )
        row.name = name or row.name
        row.settled = str(Uids.parse(row.settled) | uids)
        row.last = max(row.last, uids.last)
        _due(row, again or row.due_at)
        _save([row])


def seen(owner: str, folders: Mapping[int, tuple[str, int]], now: datetime) -> None:
    """What a look at the store found: of each UIDVALIDITY the folder's name and highest UID.

    Folders that are gone are forgotten: a UIDVALIDITY isn't given twice.
    """
    with transaction.atomic():
        rows = _rows({(owner, validity) for validity in folders})
        for validity, (name, last) in folders.items():
            row = rows.setdefault((owner, validity), WatchedFolder(owner=owner, uid_validity=validity))
            row.name, row.last = name, max(row.last, last)
            _due(row, row.due_at or now)
        _save(list(rows.values()))
        WatchedFolder.objects.filter(owner=owner).exclude(uid_validity__in=folders).delete()


def noted() -> dict[str, dict[int, tuple[str, int]]]:
    """Of each owner what is known of the folders that hold something, as a look at the store tells it."""
    found: dict[str, dict[int, tuple[str, int]]] = {}
    rows = WatchedFolder.objects.filter(last__gt=0).values_list("owner", "uid_validity", "name", "last")
    for owner, validity, name, last in rows.iterator(chunk_size=5000):
        found.setdefault(owner, {})[validity] = (name, last)
    return found


def next_due() -> WatchedFolder | None:
    """The folder whose open messages are to be looked at first."""
    return WatchedFolder.objects.filter(due_at__isnull=False).order_by("due_at").first()


def postpone(folder: WatchedFolder, until: datetime) -> None:
    """Look at FOLDER again at UNTIL: what is needed for it is down."""
    WatchedFolder.objects.filter(pk=folder.pk).update(due_at=until)


def postpone_where_stuck(folder: WatchedFolder, now: datetime, until: datetime) -> bool:
    """Look at FOLDER again at UNTIL if looking has changed nothing: whatever refuses will refuse again."""
    same = WatchedFolder.objects.filter(pk=folder.pk, settled=folder.settled, name=folder.name)
    return bool(same.filter(due_at__lte=now).update(due_at=until))


def _apply(row: WatchedFolder, event: Stored, rows: Mapping[Key, WatchedFolder], now: datetime) -> None:
    uids = Uids.parse(event.uids)
    row.name, row.last = event.folder, max(row.last, event.last, uids.last)
    source = _source_row(event, rows)
    if event.road is Road.DELIVERED or (event.source and source and _vouched(source, event.source.uids)):
        row.settled = str(Uids.parse(row.settled) | uids)
        _due(row, row.due_at or now + UNEXPLAINED)
        return
    due = now + (DRAFTS if event.is_draft else SOON)
    if source and source.due_at:
        due = max(source.due_at, due)
    _due(row, min(row.due_at or due, due))


def _source_row(event: Stored, rows: Mapping[Key, WatchedFolder]) -> WatchedFolder | None:
    return rows.get((event.source.owner, event.source.uid_validity)) if event.source else None


def _vouched(source: WatchedFolder, uids: str) -> bool:
    return Uids.parse(uids) in Uids.parse(source.settled)


def _due(row: WatchedFolder, when: datetime | None) -> None:
    row.due_at = when if row.open_uids else None


def _rows(keys: Iterable[Key]) -> dict[Key, WatchedFolder]:
    wanted = set(keys)
    owners = sorted({owner for owner, _ in wanted})
    found = WatchedFolder.objects.select_for_update().filter(
        owner__in=owners, uid_validity__in=sorted({validity for _, validity in wanted})
    )
    return {key: row for row in found if (key := (row.owner, row.uid_validity)) in wanted}


def _save(rows: list[WatchedFolder]) -> None:
    WatchedFolder.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["owner", "uid_validity"], update_fields=_COLUMNS
    )
