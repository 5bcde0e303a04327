"""One person's connection to their store: which messages are there, and adding more (IMAP, MULTIAPPEND)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha1

from casier.engines.cyrus.imap import ImapConnection, StoreRefused, StoreTroubled, quoted, words
from casier.kernel.secret import Secret
from casier.mailbox.importing import names

__all__ = ["Appended", "Entry", "StoreConnection", "StoreRefused", "StoreTroubled", "fingerprint"]

_SLICE = 5000
_APPENDED = re.compile(r"\[APPENDUID (\d+) ([\d:,]+)\]")
_EMAIL_ID = re.compile(rb"EMAILID \(M([0-9a-f]{24})\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to append."""

    content: bytes = field(repr=False)
    date: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Where appended messages went: the folder's UIDVALIDITY and their UIDs (RFC 4315)."""

    uid_validity: int
    uids: str


def fingerprint(content: bytes) -> str:
    """What the store calls a message with this CONTENT (Cyrus's EMAILID, RFC 8474, without its letter)."""
    return sha1(content, usedforsecurity=False).hexdigest()[:24]


class StoreConnection(ImapConnection):
    """A signed-in connection to one mailbox. Raises Unavailable when the store can't be reached."""

    def __init__(self, port: int, user: str, password: Secret, host: str = "127.0.0.1") -> None:
        super().__init__(host, port, user, password)

    def folders(self) -> dict[str, str]:
        """Every mailbox of the person, and its special use or nothing. Shared ones of others are left out."""
        found = {}
        for line in self.run('LIST "" "*" RETURN (SPECIAL-USE)').expect().lines:
            _, kind, *tokens = words(line)
            if kind == "LIST" and not {"\\Noselect", "\\NonExistent"} & set(tokens[:-2]):
                name = names.decode(tokens[-1])
                if not name.startswith(("Other Users/", "Shared Folders/")):
                    found[name] = next(iter(names.SPECIAL_USES & set(tokens[:-2])), "")
        return found

    def subscribe_all(self) -> int:
        """Subscribe to every folder of the person's own, so that every client shows it; how many were not."""
        listed = self.run('LIST (SUBSCRIBED) "" "*"').expect().lines
        there = {names.decode(words(line)[-1]) for line in listed if words(line)[1:2] == ["LIST"]}
        missing = sorted(self.folders().keys() - there)
        for answer in self.run_all([f"SUBSCRIBE {mailbox(name)}" for name in missing]):
            answer.expect()
        return len(missing)

    def create(self, folder: str) -> None:
        """Make FOLDER and subscribe to it, so that every client shows it."""
        name = mailbox(folder)
        created, subscribed = self.run_all([f"CREATE {name}", f"SUBSCRIBE {name}"])
        created.expect("already exists")
        subscribed.expect()

    def fingerprints(self, folder: str) -> Iterator[str]:
        """The fingerprint of every message in FOLDER; asked in slices, so that no answer is large."""
        opened = self.run(f"EXAMINE {mailbox(folder)}").expect()
        counts = (re.match(rb"\* (\d+) EXISTS", line) for line in opened.lines)
        count = next((int(match[1]) for match in counts if match), 0)
        for start in range(1, count + 1, _SLICE):
            lines = self.run(f"FETCH {start}:{min(count, start + _SLICE - 1)} (EMAILID)").expect().lines
            yield from (match[1].decode("ascii") for match in map(_EMAIL_ID.search, lines) if match)

    def append(self, folder: str, entries: Sequence[Entry]) -> Appended | None:
        """Add ENTRIES to FOLDER, all or none (RFC 3502). Raises StoreRefused for one that it won't have,
        StoreTroubled where it could take nothing for a while.

        Where they went; None where the store doesn't say.
        """
        parts: list[bytes] = [f"APPEND {mailbox(folder)}".encode("ascii")]
        for entry in entries:
            head = f' ({" ".join(entry.flags)}) "{entry.date}" {{{len(entry.content)}+}}\r\n'
            parts += [head.encode("ascii"), entry.content]
        answer = self.run_patiently(b"".join(parts))
        placed = _APPENDED.search(answer.text)
        return Appended(int(placed[1]), placed[2]) if placed else None


def mailbox(name: str) -> str:
    """The mailbox NAME as a command takes it."""
    return quoted(names.encode(name))
