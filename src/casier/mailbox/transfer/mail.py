"""Reading a folder to take it out: every message with its flags and date, few in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from casier.engines.cyrus.imap import ImapConnection
from casier.mailbox.arrivals.folders import SMALL, OpenFolder, status
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.importing.appending import mailbox
from casier.mailbox.importing.names import encode

_FACTS = re.compile(rb"\* \d+ FETCH \(")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_ALL = re.compile(rb" ALL ([\d:,]+)")
_SLICE = 500
_BATCH, _BATCH_BYTES = 50, 4_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One message in a folder."""

    uid: int
    size: int
    flags: tuple[str, ...]
    received: datetime


Content = tuple[Stored, Iterator[bytes]]


def count(own: ImapConnection, folder: str) -> int:
    """How many messages are in FOLDER (as people write it)."""
    answer = own.run(f"STATUS {mailbox(folder)} (MESSAGES)").expect()
    found = next(filter(None, (re.search(rb"MESSAGES (\d+)", line) for line in answer.lines)), None)
    return int(found[1]) if found else 0


def messages(own: ImapConnection, folder: str) -> Iterator[Content]:
    """Each message of FOLDER (as people write it), in order; of one that goes while this runs, nothing."""
    encoded = encode(folder)
    validity, last = status(own, encoded)
    opened = OpenFolder(own, encoded, validity)
    for first, until in Uids.between(1, last).runs(_SLICE):
        there = list(_stored(own, first, until))
        for some in _batches([one for one in there if one.size <= SMALL]):
            contents = opened.small([one.uid for one in some])
            for one in some:
                if one.uid in contents:
                    yield one, iter((contents[one.uid],))
        for one in there:
            if one.size > SMALL:
                yield one, opened.pieces(one.uid, one.size)


def _stored(own: ImapConnection, first: int, until: int) -> Iterator[Stored]:
    answer = own.run(f"UID FETCH {first}:{until} (UID FLAGS INTERNALDATE RFC822.SIZE)").expect()
    for line in answer.lines:
        uid, size, flags, date = (pattern.search(line) for pattern in (_UID, _SIZE, _FLAGS, _DATE))
        if uid and size and flags and date and _FACTS.match(line):
            words = tuple(flag for flag in flags[1].decode("ascii", "replace").split() if flag != "\\Recent")
            yield Stored(int(uid[1]), int(size[1]), words, _moment(date[1].decode("ascii", "replace")))


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)


def _batches(found: list[Stored]) -> Iterator[list[Stored]]:
    batch: list[Stored] = []
    size = 0
    for one in found:
        if batch and (len(batch) == _BATCH or size + one.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
    if batch:
        yield batch
