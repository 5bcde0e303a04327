"""What a mailbox held and what was deleted for good since: asked of the store, brought back by its agent.

Which records a folder has, the expunged ones too, is told by the command of Cyrus's replication
(`SYNCGET FULLMAILBOX`, for the admin alone). Names of folders here are IMAP's own (modified UTF-7).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casier.engines.cyrus.expunged import MOST_AT_ONCE, TOOL_SECONDS
from casier.engines.cyrus.imap import Answer, StoreRefused, quoted, words
from casier.engines.cyrus.rights import rights_of
from casier.engines.cyrus.store import FOLDERS, Store, mailbox_name

_DELETED = "DELETED/"
# A record, or what may hold anything at all: strings and literals (the first words of a message are among a
# record's annotations) are passed over, so that no message can say that it is a record.
_TOKEN = re.compile(
    rb"%\(UID (?P<uid>\d+) MODSEQ \d+ LAST_UPDATED (?P<updated>\d+) FLAGS \((?P<flags>[^()\"{}]*)\)"
    rb" INTERNALDATE (?P<received>\d+) SIZE (?P<size>\d+) GUID (?P<guid>[0-9a-f]{40})"
    rb'|(?:ENTRY (?P<preview>/vendor/casier/preview) USERID "" MODSEQ \d+ VALUE )?'
    rb'(?:"(?P<text>(?:[^"\\]|\\.)*)"|\{(?P<octets>\d+)\+?\}\r\n)'
)
_VALIDITY = re.compile(rb" UIDVALIDITY (\d+)")
_STORAGE = re.compile(rb"STORAGE (\d+) (\d+)")
_EXPUNGED = rb"\Expunged"
_AGENT_SECONDS = TOOL_SECONDS + 20.0


@dataclass(frozen=True, slots=True)
class Gone:
    """An expunged message: seconds since 1970, octets; DRAFT when it was one; WORDS are its first."""

    uid: int
    guid: str
    size: int
    received: int
    deleted: int
    draft: bool
    words: str


@dataclass(frozen=True, slots=True)
class Records:
    """A folder: the content of what is in it, by its hash, and what was deleted from it."""

    uid_validity: int
    live: frozenset[str]
    gone: tuple[Gone, ...]


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

    def records(self, folder: str) -> Records:
        """Everything that FOLDER has a record of."""
        return self._records(internal_name(self._key, folder))

    def _records(self, name: str) -> Records:
        # one line of some 200 octets a message: read as a whole, the expunged ones alone are kept
        answer = self._store.admin_run(f"SYNCGET FULLMAILBOX {quoted(name)}")[0].expect()
        live: list[str] = []
        gone: list[Gone] = []
        for line in answer.lines:
            for found, first_words in _with_words(line):
                if _EXPUNGED in found["flags"]:
                    gone.append(_gone(found, first_words))
                else:
                    live.append(found["guid"].decode())
        validity = next(filter(None, map(_VALIDITY.search, answer.lines)), None)
        return Records(int(validity[1]) if validity else 0, frozenset(live), tuple(gone))

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

    def held(self, folder: DeletedFolder) -> Records:
        """What a deleted folder holds."""
        return self._records(_internal(folder.name))

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


def internal_name(key: str, folder: str) -> str:
    """What Cyrus itself calls a folder of KEY: `ac-x.fr!user.jean^martin.Drafts`."""
    return _internal(mailbox_name(key, folder))


def _internal(name: str) -> str:
    path, at, domain = name.rpartition("@")
    inside = (path if at else name).replace(".", "^").replace("/", ".")
    return f"{domain}!{inside}" if at else inside


def _with_words(line: bytes) -> Iterator[tuple[re.Match[bytes], str]]:
    """Each record in LINE, and the first words of its message as they were noted when it was stored."""
    record: re.Match[bytes] | None = None
    words_of = b""
    place = 0
    while found := _TOKEN.search(line, place):
        place = found.end() + int(found["octets"] or 0)
        if found["uid"]:
            if record:
                yield record, words_of.decode("utf-8", "replace")
            record, words_of = found, b""
        elif found["preview"]:
            words_of = found["text"] if found["octets"] is None else line[found.end() : place]
    if record:
        yield record, words_of.decode("utf-8", "replace")


def _records_in(line: bytes) -> Iterator[re.Match[bytes]]:
    return (record for record, _ in _with_words(line))


def _gone(found: re.Match[bytes], first_words: str) -> Gone:
    return Gone(
        uid=int(found["uid"]),
        guid=found["guid"].decode(),
        size=int(found["size"]),
        received=int(found["received"]),
        deleted=int(found["updated"]),
        draft=b"\\Draft" in found["flags"],
        words=first_words[:250],
    )


def _names(listed: Answer) -> Iterator[str]:
    for line in listed.lines:
        tokens = words(line)
        if tokens[1:2] == ["LIST"] and "\\NonExistent" not in tokens:
            yield tokens[-1]


def _deleted_folder(name: str, before: str) -> DeletedFolder | None:
    """`DELETED/user/jean/Classe/6741A2B3@ac-x.fr`: the last step is when, in seconds, in hexadecimal."""
    path, _, stamp = name.rpartition("@")[0].removeprefix(before).rpartition("/")
    if not path or not re.fullmatch(r"[0-9A-Fa-f]{6,16}", stamp):
        return None
    return DeletedFolder(name, path, int(stamp[:8], 16))


def _parts(uids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), MOST_AT_ONCE):
        yield list(uids[start : start + MOST_AT_ONCE])


__all__ = ["DeletedFolder", "DeletedMail", "Gone", "Records", "StoreRefused", "internal_name"]
