"""Erasing a mailbox for good: what the store would keep for a while goes now, and its disk is looked at.

Deleting the last folder takes the index, the subscriptions, the rules and the conversations with it. Agendas
that are deleted after that leave an empty database behind, which the agent on the store's host sweeps away.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casier.engines.cyrus.imap import quoted, words
from casier.engines.cyrus.rights import UNIQUE_ID, value_of
from casier.engines.cyrus.store import ADMIN, Store, mailbox_name
from casier.engines.running import run_tool
from casier.kernel.instance import Instance

# As Cyrus makes them (RFC 8474): a folder's files are found by it.
FOLDER_ID = re.compile(r"[0-9a-z]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_IDS = 200
_CYR_DBTOOL = "/usr/lib/cyrus/bin/cyr_dbtool"
# The name that a folder has now stands first, those that it had below.
_NAME = re.compile(r'N "([^"]*)"')
_MESSAGES = re.compile(rb"MESSAGES (\d+)")
_PLACES = ("spool", "config/user", "sieve", "search/user", "search-compact/user")


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds of a mailbox: folders (agendas and address books too) and what is in them."""

    ids: tuple[str, ...]
    mail_folders: int
    messages: int
    agendas: int
    address_books: int
    entries: int  # in agendas and address books
    deleted_folders: int


class Erasing:
    """One mailbox of one store. Raises Unavailable and StoreRefused; done again, it goes on."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key

    def held(self) -> Held:
        """What is there, deleted folders too."""
        live = sorted(self._store.folders(self._key))
        names = [mailbox_name(self._key, folder) for folder in live]
        gone = self._deleted()
        ids = [value_of(answer) for answer in self._ask(f"GETMETADATA {{}} {UNIQUE_ID}", [*names, *gone])]
        counts = dict(zip(live, self._counts(names), strict=True))
        personal = {folder: count for folder, count in counts.items() if folder.startswith("#")}
        return Held(
            ids=tuple(one for one in ids if FOLDER_ID.fullmatch(one)),
            mail_folders=len(counts) - len(personal),
            messages=sum(count for folder, count in counts.items() if folder not in personal),
            agendas=sum(folder.startswith("#calendars/") for folder in personal),
            address_books=sum(folder.startswith("#addressbooks/") for folder in personal),
            entries=sum(personal.values()),
            deleted_folders=len(gone),
        )

    def erase(self) -> None:
        """Delete it, and what was deleted of it."""
        self._store.delete_mailbox(self._key)
        deleted = self._deleted()
        rights = self._ask(f"SETACL {{}} {ADMIN} lrsxca", deleted)
        for right, answer in zip(rights, self._ask("DELETE {}", deleted), strict=True):
            right.expect("mailbox does not exist")
            answer.expect("mailbox does not exist")

    def left(self, ids: Sequence[str]) -> list[str]:
        """What is still there of it: folders of the store, files on its disk under IDS."""
        found = [*sorted(self._store.folders(self._key)), *self._deleted()]
        for start in range(0, len(ids), MOST_IDS):
            order = {"do": "sweep", "mailbox": self._key, "ids": list(ids[start : start + MOST_IDS])}
            found += map(str, self._store.ask_agent(order, 60.0)["left"])
        return found

    def _deleted(self) -> list[str]:
        local, at, domain = self._key.rpartition("@")
        pattern = quoted(f"DELETED/user/{local}/*{at}{domain}")
        listed = self._store.admin_run(f'LIST "" {pattern}')[0].expect()
        tokens = map(words, listed.lines)
        return [line[-1] for line in tokens if line[1:2] == ["LIST"] and "\\NonExistent" not in line]

    def _counts(self, names: Sequence[str]) -> Iterator[int]:
        self._ask(f"SETACL {{}} {ADMIN} lrsxca", names)
        for answer in self._ask("STATUS {} (MESSAGES)", names):
            found = next(filter(None, map(_MESSAGES.search, answer.lines)), None)
            yield int(found[1]) if found else 0

    def _ask(self, command: str, names: Sequence[str]) -> list[Any]:
        return self._store.admin_run(*(command.format(quoted(name)) for name in names))


def sweep(request: dict[str, Any], instance: Instance) -> list[str]:
    """On the store's host: remove what is left on the disk under the ids of REQUEST that are no mailbox's any
    more; what is there still. Raises ValueError, OSError.
    """
    ids = request.get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_IDS:
        raise ValueError("ids: not a list of folders")
    if not all(isinstance(one, str) and FOLDER_ID.fullmatch(one) for one in ids):
        raise ValueError("ids: not folders")
    root = instance.data / "cyrus"
    left: list[str] = []
    for one in ids:
        places = [path for path in _paths(root, one) if path.exists()]
        if places and not _lives(one, instance):
            for path in places:
                shutil.rmtree(path, ignore_errors=True)
        left += [str(path.relative_to(root)) for path in places if path.exists()]
    return left


def _lives(folder: str, instance: Instance) -> bool:
    """Whether a folder has this id. Cyrus keeps the record of an id after the folder is gone; the record of
    its name tells. Raises OSError where the list of mailboxes can't be read.
    """
    record = _record(f"I{folder}", instance)
    name = _NAME.search(record)
    named = _record(f"N{name[1]}", instance) if name else ""
    return folder in named and not named.startswith("%(T ed ")


def _record(key: str, instance: Instance) -> str:
    config = str(instance.etc / "cyrus" / "imapd.conf")
    database = str(instance.data / "cyrus" / "config" / "mailboxes.db")
    code, said = run_tool([_CYR_DBTOOL, "-C", config, database, "twoskip", "get", key], seconds=20)
    if code != 0:
        raise OSError(said or f"cyr_dbtool ended with {code}")
    return said


def _paths(root: Path, folder: str) -> Iterable[Path]:
    return (root / place / "uuid" / folder[0] / folder[1] / folder for place in _PLACES)
