"""Conversations databases of which Cyrus lost the last words: recognised in its log, marked until mended.

Cyrus writes a message into the folder's index first and into its owner's `conversations.db` after. A process
killed in between leaves a message that IMAP shows and JMAP knows nothing of, for good. The next process that
opens the database throws the half transaction away and says so once, which is the only trace of it: so it is
marked on the disk. A mark is a file that is only made and removed, never changed: whoever makes one and
whoever removes one never meet.

What was only under way (`undone.py`) is marked too, in another way: there is nothing to mend, but it may come
a second time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casier.engines.running import run_tool
from casier.kernel.instance import Instance

_CYR_DBTOOL = "/usr/lib/cyrus/bin/cyr_dbtool"
# As skiplist says it (whatever it found at the end), and twoskip or twom. "skiplist: recovered" is another
# line: it stands in the log after each start, for each database.
_SAID = re.compile(
    rb"(?:<\d{1,3}>.{16})?casier/[\w-]+\[\d+\]: "
    rb"(?:DBERROR: )?(?:skiplist recovery|twoskip: recover(?:ed|y2)|twom: recovered) "
    rb"/\S*/user/uuid/[^\s/]+/[^\s/]+/(?P<owner>[A-Za-z0-9-]{1,64})/conversations\.db(?: \(| -|: )"
)
_NAME = re.compile(r"(?P<owner>[A-Za-z0-9-]{1,64})(?P<kind>[@=])(?P<when>\d{8}T\d{6}\.\d{6})Z")
_WHEN = "%Y%m%dT%H%M%S.%f"
# Inside Cyrus a mailbox is `domain GS user US local part`, below a folder's name after another US.
_FOLDER = re.compile(
    rb'N "?(?:(?P<domain>[^\x1d\x1f"]+)\x1d)?user\x1f(?P<local>[^\x1d\x1f"\s]+)(?:\x1f[^"]*)?"? '
)


class Unreadable(Exception):
    """Cyrus's list of mailboxes can't be read now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A torn database: whose (the unique id of their INBOX or another folder), and when it was found to be.

    Not TORN: something was being delivered there when all was killed.
    """

    owner: str
    when: datetime
    torn: bool = True

    @classmethod
    def parse(cls, text: str) -> Mark | None:
        """The mark called TEXT; None where that is no mark's name."""
        found = _NAME.fullmatch(text)
        if found is None:
            return None
        when = datetime.strptime(found["when"], _WHEN).replace(tzinfo=UTC)
        return cls(found["owner"], when, found["kind"] == "@")

    def __str__(self) -> str:
        return f"{self.owner}{'@' if self.torn else '='}{self.when.astimezone(UTC):{_WHEN}}Z"


def told_in(datagram: bytes) -> str | None:
    """Whose database DATAGRAM, a line of Cyrus's log, tells to be torn."""
    if b"/conversations.db" not in datagram:
        return None
    found = _SAID.match(datagram)
    return found["owner"].decode("ascii") if found else None


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one store, in a folder of their own."""

    path: Path

    @classmethod
    def of(cls, instance: Instance) -> Marks:
        return cls(instance.data / "cyrus" / "torn")

    def make(self, mark: Mark) -> None:
        """Put MARK down; it is on the disk afterwards. Raises OSError."""
        self.path.mkdir(mode=0o750, exist_ok=True)
        (self.path / str(mark)).touch(0o640)
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def all(self) -> list[Mark]:
        """Every mark, the oldest first. Raises OSError."""
        names = [path.name for path in self.path.iterdir()] if self.path.exists() else []
        return sorted(filter(None, map(Mark.parse, names)), key=lambda mark: mark.when)

    def remove(self, mark: Mark) -> None:
        """Forget MARK, if it is there. Raises OSError."""
        (self.path / str(mark)).unlink(missing_ok=True)


class Witness:
    """Looks at each line of the log; what can't be marked now (a full disk) is tried again with the next."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._waiting: list[Mark] = []

    def begin(self, folders: Iterable[str], now: datetime) -> None:
        """Mark FOLDERS: something was under way there. Never raises."""
        self._waiting += [Mark(folder, now, torn=False) for folder in sorted(folders)]
        self._waiting = list(self._not_made())

    def look(self, datagram: bytes, now: datetime) -> None:
        """Mark whose database DATAGRAM tells to be torn. Never raises."""
        owner = told_in(datagram)
        if owner is not None:
            self._waiting.append(Mark(owner, now))
        if self._waiting:
            self._waiting = list(self._not_made())

    def _not_made(self) -> Iterator[Mark]:
        for mark in self._waiting:
            try:
                self._marks.make(mark)
            except OSError:
                yield mark


def mailbox_of(owner: str, instance: Instance) -> str | None:
    """The mailbox key of the folder with the unique id OWNER; None where there is none. Raises Unreadable."""
    config = ["-C", str(instance.etc / "cyrus" / "imapd.conf")]
    database = str(instance.data / "cyrus" / "config" / "mailboxes.db")
    code, said = run_tool([_CYR_DBTOOL, *config, database, "twoskip", "get", f"I{owner}"], seconds=20)
    if code != 0:
        raise Unreadable(said or f"cyr_dbtool ended with {code}")
    return named_in(said)


def named_in(record: str) -> str | None:
    """The mailbox key in RECORD, of Cyrus's list of mailboxes; None of a deleted one."""
    found = _FOLDER.search(record.encode())
    if found is None:
        return None
    local, domain = found["local"].decode(), (found["domain"] or b"").decode()
    return f"{local}@{domain}" if domain else local


def listed(marks: Sequence[Mark], keys: dict[str, str]) -> list[dict[str, str | bool]]:
    """MARKS as the agent tells them to the platform; KEYS are the mailboxes of their owners."""
    return [
        {"mark": str(mark), "mailbox": keys[mark.owner], "when": mark.when.isoformat(), "torn": mark.torn}
        for mark in marks
        if mark.owner in keys
    ]
