"""Put the letters into the mailboxes, several at once; what lies there already is left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from casier.demo.letters import render
from casier.demo.story import Copy
from casier.mailbox.importing import dates, names
from casier.mailbox.importing.appending import Appended, Entry, StoreConnection, fingerprint

_BATCH = 60
_AT_ONCE = 4

Connect = Callable[[str], StoreConnection]
"""From a mailbox key to a connection signed in as its owner."""
Vouch = Callable[[str], Callable[[str, Appended], None]]
"""From a mailbox key to who is told of what was put where."""


@dataclass(frozen=True, slots=True)
class Bytes:
    """A letter's bytes as others got it, and as its author keeps it."""

    received: bytes
    sent: bytes

    def of(self, copy: Copy) -> bytes:
        return self.sent if copy.folder in ("\\Sent", "\\Drafts") else self.received


def deliver(copies: Iterable[Copy], keys: Mapping[str, str], connect: Connect, vouch: Vouch) -> int:
    """Append COPIES to the mailboxes that KEYS names; return how many were new.

    The platform wrote them itself and vouches for them: they aren't scanned where they lie.
    """
    boxes: dict[str, list[tuple[Copy, bytes]]] = defaultdict(list)
    written: dict[str, Bytes] = {}
    for copy in copies:
        letter = copy.letter
        if letter.id not in written:
            written[letter.id] = Bytes(render(letter, delivered=True), render(letter, delivered=False))
        boxes[copy.box].append((copy, written[letter.id].of(copy)))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        fullest_first = sorted(boxes, key=lambda box: -len(boxes[box]))
        return sum(pool.map(lambda box: _fill(connect, vouch, keys[box], boxes[box]), fullest_first))


def _fill(connect: Connect, vouch: Vouch, key: str, letters: list[tuple[Copy, bytes]]) -> int:
    with connect(key) as store:
        folders = store.folders()
        special = {use: name for name, use in folders.items() if use}
        there = {mark for folder in folders for mark in store.fingerprints(folder)}
        batches: dict[str, list[Entry]] = defaultdict(list)
        for copy, content in letters:
            if fingerprint(content) not in there:
                batches[_folder(copy.folder, special)].append(_entry(copy, content))
        for folder, entries in batches.items():
            if folder not in folders:
                store.create(folder)
            for start in range(0, len(entries), _BATCH):
                placed = store.append(folder, entries[start : start + _BATCH])
                if placed is not None:
                    vouch(key)(folder, placed)
    return sum(map(len, batches.values()))


def _folder(folder: str, special: Mapping[str, str]) -> str:
    """The mailbox for FOLDER; a special use that the store has no folder for becomes one of that name."""
    if folder == "INBOX":
        return folder
    return special.get(folder) or names.on_store((folder.lstrip("\\"),), special)


def _entry(copy: Copy, content: bytes) -> Entry:
    flags = set(copy.flags)
    if copy.letter.attached or copy.letter.meeting:
        flags.add("$HasAttachment")
    return Entry(content, dates.imap(copy.letter.date), tuple(sorted(flags)))
