"""Looking for what was deleted for good, bringing it back, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction

from casier.audit.api import Actor, record
from casier.audit.wake import tell_of_mail
from casier.directory.access import journal_name, owner_of
from casier.directory.models import Account
from casier.engines.cyrus.deleted import DeletedFolder, DeletedMail
from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.importing.names import decode
from casier.mailbox.restoring import index, placing
from casier.mailbox.restoring.access import Reach, reach_of
from casier.mailbox.restoring.errors import NoRoomLeft, NotYourMailbox, TooMany, UndoGone
from casier.mailbox.restoring.index import STORE_DAYS, Deleted
from casier.mailbox.restoring.placing import Placed
from casier.mailbox.restoring.reading import folded
from casier.mailbox.stores import store_named
from casier.policies.api import policy_for

MOST = 2000
_SALT = "casier.mailbox.restoring"
_UNDO_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words, and between when it was deleted."""

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the latest first, of how many; and the folders that were deleted whole."""

    total: int
    messages: list[Deleted]
    folders: list[tuple[DeletedFolder, int]]
    days: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back where, what could not, and the way back."""

    placed: list[Placed]
    missing: int
    undo: str = field(repr=False)

    @property
    def count(self) -> int:
        return sum(len(one.uids) for one in self.placed)


def days_of(account: Account) -> int:
    """How far back ACCOUNT may look: the policy, within what the store keeps."""
    return min(policy_for(account.academy).mail.restore_days, STORE_DAYS)


def search(
    account: Account, key: str, asked: Asked, *, place: int, most: int, anew: bool, now: datetime
) -> Found:
    """What ACCOUNT may bring back in the mailbox KEY. ANEW: they begin to look; else they go on searching."""
    store = _store(account)
    reach, days = reach_of(account, key, store), days_of(account)
    every = None if anew else index.latest(reach)
    if every is None:
        every = index.look(store, reach, days, now)
    oldest = now - timedelta(days=days)
    matching = matches(every, asked, oldest)
    folders = _folders(store, reach, asked, oldest) if place == 0 else []
    return Found(len(matching), matching[place : place + most], folders, days)


def matches(every: Iterable[Deleted], asked: Asked, oldest: datetime) -> list[Deleted]:
    """Those that ASKED means, none deleted before OLDEST."""
    words = folded(asked.text).split()
    first = max(asked.since or oldest, oldest).timestamp()
    last = asked.until.timestamp() if asked.until else float("inf")
    return [one for one in every if first <= one.deleted < last and (not words or one.holds(words))]


def restore(account: Account, key: str, ids: Sequence[str], *, by: Actor, now: datetime) -> Restored:
    """Bring messages back. Raises NotYourMailbox, TooMany, NoRoomLeft, Unavailable."""
    store = _store(account)
    return restore_in(store, reach_of(account, key, store), ids, days_of(account), by=by, now=now)


def restore_in(
    store: Store, reach: Reach, ids: Sequence[str], days: int, *, by: Actor, now: datetime, reason: str = ""
) -> Restored:
    """The same, for whoever reaches a mailbox."""
    if len(ids) > MOST:
        raise TooMany(most=MOST, asked=len(ids))
    every = index.latest(reach)
    if every is None:
        every = index.look(store, reach, days, now)
    oldest, wanted = (now - timedelta(days=days)).timestamp(), set(ids)
    chosen = [one for one in every if one.hash in wanted and one.deleted >= oldest]
    mail = DeletedMail(store, reach.key)
    _check_room(mail, sum(one.size for one in chosen))
    # the rights may be others than when the list was made
    chosen = _still_reachable(mail, reach, chosen)
    placed = placing.bring_back(store, mail, reach.key, chosen)
    index.forget(reach, {one.hash for one in chosen})
    count = sum(len(one.uids) for one in placed)
    folders = sorted({one.name for one in placed})
    _journal(reach, "mail.restored", by, now, reason, messages=count, folders=folders)
    tell_of_mail(settings.REDIS_SOCKET, reach.key)
    undo = _ticket(reach, [[one.folder, one.uid_validity, str(_uids(one.uids))] for one in placed], "")
    return Restored(placed, len(wanted) - count, undo)


def restore_folder(account: Account, key: str, name: str, *, by: Actor, now: datetime) -> Restored:
    """Bring a deleted folder back with what was in it: under its name, or a free one beside it."""
    store = _store(account)
    return restore_folder_in(store, reach_of(account, key, store), name, days_of(account), by=by, now=now)


def restore_folder_in(
    store: Store, reach: Reach, name: str, days: int, *, by: Actor, now: datetime
) -> Restored:
    """The same, for whoever reaches a mailbox. Raises NotYourMailbox for a folder that isn't its own."""
    mail = DeletedMail(store, reach.key)
    oldest = (now - timedelta(days=days)).timestamp()
    folder = next((one for one in mail.folders() if one.name == name and one.deleted >= oldest), None)
    if folder is None or not reach.folders_too:
        raise NotYourMailbox(folder=name)
    path = _free_name(folder.path, store.folders(reach.key))
    mail.rename_back(folder, path)
    _journal(reach, "mail.folder_restored", by, now, folder=decode(path))
    tell_of_mail(settings.REDIS_SOCKET, reach.key)
    return Restored([Placed(path, decode(path), 0, ())], 0, _ticket(reach, [], path))


def undo(account: Account, ticket: str, *, by: Actor, now: datetime) -> int:
    """What came back goes again; how many messages (or one folder). Raises UndoGone."""
    try:
        known: dict[str, Any] = signing.loads(ticket, salt=_SALT, max_age=_UNDO_SECONDS)
    except signing.BadSignature as error:
        raise UndoGone(cause=type(error).__name__) from error
    store = _store(account)
    if known["who"] != account.mailbox_key:
        raise UndoGone(cause="another's")
    reach = reach_of(account, known["key"], store)
    if known["folder"]:
        placing.delete_folder(store, reach.key, known["folder"])
        count = 1
    else:
        count = sum(placing.take_away(store, reach.key, *place) for place in known["placed"])
    _journal(reach, "mail.restore_undone", by, now, messages=count)
    return count


def content(account: Account, key: str, message: str) -> bytes:
    """A deleted message, to be looked at. Raises NotYourMailbox where it isn't in the list."""
    store = _store(account)
    reach = reach_of(account, key, store)
    one = next((one for one in index.latest(reach) or () if one.hash == message), None)
    if one is None:
        raise NotYourMailbox(message=message)
    return DeletedMail(store, key).message(one.place, one.uid)


def _store(account: Account) -> Store:
    return store_named(account.store.name)


def _folders(store: Store, reach: Reach, asked: Asked, oldest: datetime) -> list[tuple[DeletedFolder, int]]:
    """The deleted folders that ASKED means and that hold something."""
    if not reach.folders_too:
        return []
    mail, words = DeletedMail(store, reach.key), folded(asked.text).split()
    first, last = max(asked.since or oldest, oldest), asked.until or datetime.max.replace(tzinfo=UTC)
    found = []
    for one in mail.folders():
        at = datetime.fromtimestamp(one.deleted, UTC)
        if first <= at < last and all(word in folded(decode(one.path)) for word in words):
            count = mail.count(one)
            found += [(one, count)] if count else []
    return found


def _still_reachable(mail: DeletedMail, reach: Reach, chosen: list[Deleted]) -> list[Deleted]:
    if reach.own:
        return chosen
    places = sorted({place for one in chosen for place in (one.place, one.folder)})
    allowed = {
        place for place, rights in zip(places, mail.rights(places), strict=True) if reach.covers(rights)
    }
    return [one for one in chosen if {one.place, one.folder} <= allowed]


def _check_room(mail: DeletedMail, needed: int) -> None:
    used, limit = mail.room()
    if limit is not None and used + needed > limit:
        raise NoRoomLeft(needed=needed, free=max(0, limit - used))


def _free_name(path: str, there: set[str]) -> str:
    names = (path, *(f"{path} ({number})" for number in range(2, 100)))
    for name in names:
        if name not in there:
            return name
    raise StoreRefused("no name is free")


def _uids(uids: Iterable[int]) -> Uids:
    return Uids.parse(",".join(map(str, sorted(uids))))


def _ticket(reach: Reach, placed: list[list[Any]], folder: str) -> str:
    return signing.dumps(
        {"key": reach.key, "who": reach.who, "placed": placed, "folder": folder}, salt=_SALT, compress=True
    )


def _journal(reach: Reach, action: str, by: Actor, now: datetime, reason: str = "", **facts: object) -> None:
    owner = owner_of(reach.key)
    with suppress(AttributeError), transaction.atomic():
        target = journal_name(owner) if owner else f"mailbox:{reach.key}"
        record(by, action, target, reason, academy=owner.academy.slug if owner else "", at=now, **facts)
