"""Putting messages back into folders, and taking them out again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casier.engines.cyrus.deleted import DeletedMail
from casier.engines.cyrus.imap import Answer, ImapConnection, StoreRefused, quoted
from casier.engines.cyrus.store import Store
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.importing.names import decode
from casier.mailbox.restoring.index import Deleted

_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d+)\]")
_COPIED = re.compile(rb"\[COPYUID (\d+) [\d:,]+ ([\d:,]+)\]")
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Placed:
    """Messages that are in FOLDER (IMAP's name; NAME as people read it) again."""

    folder: str
    name: str
    uid_validity: int
    uids: tuple[int, ...]


def bring_back(store: Store, mail: DeletedMail, key: str, chosen: Iterable[Deleted]) -> list[Placed]:
    """Each where it belongs; a folder that is gone since leaves out what was in it."""
    by_road: dict[tuple[str, str], list[int]] = {}
    for one in chosen:
        by_road.setdefault((one.place, one.folder), []).append(one.uid)
    placed = []
    with store.person(key) as own:
        for (place, folder), uids in by_road.items():
            try:
                brought = tuple(mail.bring_back(place, uids).values())
            except StoreRefused:
                continue
            if brought and place != folder:
                placed += _moved(own, place, folder, brought)
            elif brought:
                placed.append(Placed(place, decode(place), _open(own, place), brought))
    return placed


def _moved(own: ImapConnection, place: str, folder: str, uids: tuple[int, ...]) -> list[Placed]:
    """From the trash, where they were last, to FOLDER."""
    _open(own, place)
    validity, there = 0, Uids()
    for start in range(0, len(uids), _AT_ONCE):
        some = ",".join(map(str, uids[start : start + _AT_ONCE]))
        answer = own.run(f"UID MOVE {some} {quoted(folder)}").expect()
        found = next(filter(None, map(_COPIED.search, (*answer.lines, answer.text.encode()))), None)
        if found:
            validity, there = int(found[1]), there | Uids.parse(found[2].decode())
    numbers = tuple(uid for first, last in there.intervals for uid in range(first, last + 1))
    return [Placed(folder, decode(folder), validity, numbers)]


def take_away(store: Store, key: str, folder: str, uid_validity: int, uids: str) -> int:
    """Delete them for good again, unless the folder is another one by now; how many."""
    with store.person(key) as own:
        if _open(own, folder) != uid_validity:
            return 0
        for first, last in Uids.parse(uids).intervals:
            own.run(f"UID STORE {first}:{last} +FLAGS.SILENT (\\Deleted)").expect()
            own.run(f"UID EXPUNGE {first}:{last}").expect()
        return sum(last - first + 1 for first, last in Uids.parse(uids).intervals)


def delete_folder(store: Store, key: str, path: str) -> None:
    """Delete the folder again; the store keeps it."""
    with store.person(key) as own:
        own.run(f"DELETE {quoted(path)}").expect("does not exist")
        own.run(f"UNSUBSCRIBE {quoted(path)}")


def _open(own: ImapConnection, folder: str) -> int:
    """Select FOLDER; its UIDVALIDITY."""
    answer: Answer = own.run(f"SELECT {quoted(folder)}").expect()
    found = next(filter(None, map(_VALIDITY.search, (*answer.lines, answer.text.encode()))), None)
    return int(found[1]) if found else 0
