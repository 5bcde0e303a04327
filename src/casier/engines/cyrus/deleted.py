"""What was deleted for good from a mailbox: asked of the agent on the store's host, brought back by it.

Names of folders here are IMAP's own (modified UTF-7).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casier.engines.cyrus.expunged import MOST_AT_ONCE, TOOL_SECONDS
from casier.engines.cyrus.imap import Answer, quoted, words
from casier.engines.cyrus.rights import rights_of
from casier.engines.cyrus.store import ADMIN, FOLDERS, Store, mailbox_name

_DELETED = "DELETED/"
_STORAGE = re.compile(rb"STORAGE (\d+) (\d+)")
_MESSAGES = re.compile(rb"MESSAGES (\d+)")
_AGENT_SECONDS = TOOL_SECONDS + 20.0


@dataclass(frozen=True, slots=True)
class Gone:
    """An expunged message: its record, and what Cyrus's cache has of its headers, decoded."""

    uid: int
    size: int
    received: int
    deleted: int
    sender: str
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class DeletedFolder:
    """A folder that was deleted with what was in it; NAME is the admin's, PATH what its owner called it."""

    name: str
    path: str
    deleted: int


class DeletedMail:
    """The expunged messages and deleted folders of one mailbox. Raises Unavailable and StoreRefused."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key

    def expunged(self, folder: str) -> list[Gone]:
        """What was deleted from FOLDER and is there still."""
        order = {"do": "expunged", "mailbox": self._key, "folder": mailbox_name(self._key, folder)}
        return [Gone(**one) for one in self._store.ask_agent(order, _AGENT_SECONDS)["expunged"]]

    def hashes(self, folder: str, uids: Sequence[int]) -> Iterator[tuple[int, str]]:
        """UID and content hash of each, as EMAILID has it without its letter (RFC 8474)."""
        name = mailbox_name(self._key, folder)
        for some in _parts(uids):
            order = {"do": "hashes", "mailbox": self._key, "folder": name, "uids": some}
            for uid, found in self._store.ask_agent(order, _AGENT_SECONDS)["hashes"]:
                yield int(uid), str(found)

    def heads(self, folder: str, uids: Sequence[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """UID and headers of those whose file is there (`expunged.py`)."""
        name = mailbox_name(self._key, folder)
        for some in _parts(uids):
            order = {"do": "heads", "mailbox": self._key, "folder": name, "uids": some}
            for uid, fields in self._store.ask_agent(order)["heads"]:
                yield int(uid), fields

    def message(self, folder: str, uid: int) -> bytes:
        """The message itself."""
        name = mailbox_name(self._key, folder)
        order = {"do": "message", "mailbox": self._key, "folder": name, "uids": [uid]}
        return b64decode(self._store.ask_agent(order)["content"])

    def bring_back(self, folder: str, uids: Sequence[int]) -> dict[int, int]:
        """Put them back into FOLDER; the new UID of each that came."""
        name = mailbox_name(self._key, folder)
        brought: dict[int, int] = {}
        for some in _parts(uids):
            order = {"do": "bring-back", "mailbox": self._key, "folder": name, "uids": some}
            brought |= dict(self._store.ask_agent(order, _AGENT_SECONDS)["brought"])
        return brought

    def folders(self) -> list[DeletedFolder]:
        """The folders that were deleted, the latest first."""
        local, at, domain = self._key.rpartition("@")
        pattern = f"{_DELETED}user/{local}/*{at}{domain}"
        listed = self._store.admin_run(f'LIST "" {quoted(pattern)}')[0].expect()
        found = (_deleted_folder(name, f"{_DELETED}user/{local}/") for name in _names(listed))
        return sorted(filter(None, found), key=lambda one: -one.deleted)

    def count(self, folder: DeletedFolder) -> int:
        """How many messages a deleted folder holds."""
        name = quoted(folder.name)
        commands = f"SETACL {name} {ADMIN} lrs", f"STATUS {name} (MESSAGES)", f"DELETEACL {name} {ADMIN}"
        found = next(filter(None, map(_MESSAGES.search, self._store.admin_run(*commands)[1].lines)), None)
        return int(found[1]) if found else 0

    def rename_back(self, folder: DeletedFolder, path: str) -> None:
        """Make it the folder PATH again, with all that is in it."""
        back = mailbox_name(self._key, path)
        self._store.admin_run(f"RENAME {quoted(folder.name)} {quoted(back)}")[0].expect()
        with self._store.person(self._key) as own:
            own.run(f"SUBSCRIBE {quoted(path)}")

    def rights(self, folders: Sequence[str]) -> list[dict[str, str]]:
        """Of each folder who may do what (RFC 4314)."""
        names = (quoted(mailbox_name(self._key, folder)) for folder in folders)
        return [rights_of(answer) for answer in self._store.admin_run(*(f"GETACL {name}" for name in names))]

    def special_folders(self) -> dict[str, str]:
        """The folder for each special use that has one (RFC 6154)."""
        with self._store.person(self._key) as own:
            lines = own.run('LIST (SPECIAL-USE) "" "*"').expect().lines
        tokens = [words(line) for line in lines]
        return {use: line[-1] for line in tokens for use in line[2:-2] if use in FOLDERS.values()}

    def room(self) -> tuple[int, int | None]:
        """Octets used, and how many there may be."""
        answer = self._store.admin_run(f"GETQUOTA {quoted(mailbox_name(self._key))}")[0]
        found = next(filter(None, map(_STORAGE.search, answer.lines)), None)
        return (int(found[1]) * 1024, int(found[2]) * 1024) if found else (0, None)


def is_mail(folder: str) -> bool:
    """Whether FOLDER holds mail: agendas and address books are folders of Cyrus's too (`#calendars`)."""
    return bool(folder) and not folder.startswith("#")


def _names(listed: Answer) -> Iterator[str]:
    for line in listed.lines:
        tokens = words(line)
        if tokens[1:2] == ["LIST"] and "\\NonExistent" not in tokens:
            yield tokens[-1]


def _deleted_folder(name: str, before: str) -> DeletedFolder | None:
    """`DELETED/user/jean/Classe/6741A2B3@ac-x.fr`: the last step is when, in seconds, in hexadecimal."""
    path, _, stamp = name.rpartition("@")[0].removeprefix(before).rpartition("/")
    if not is_mail(path) or not re.fullmatch(r"[0-9A-Fa-f]{6,16}", stamp):
        return None
    return DeletedFolder(name, path, int(stamp[:8], 16))


def _parts(uids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), MOST_AT_ONCE):
        yield list(uids[start : start + MOST_AT_ONCE])
