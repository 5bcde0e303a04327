"""The zip that an export is: streamed to the disk, with what it takes to read it in again.

LISEZ-MOI.txt            what is what
casier.json              format, mailbox, each folder with its directory and special use
Courrier/<folder>/*.eml  the messages as they are; or Courrier/<folder>.mbox
Courrier/<folder>/messages.jsonl   flags and date of each file
Contacts/*.vcf, Agendas/*.ics
"""

from __future__ import annotations

import json
import re
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from casier.mailbox.importing import headers
from casier.mailbox.restoring.reading import text_of
from casier.mailbox.transfer.mail import Content, Stored
from casier.mailbox.transfer.names import message_name

FORMAT = 1
MANIFEST, FLAGS = "casier.json", "messages.jsonl"
MAIL, CONTACTS, AGENDAS = "Courrier", "Contacts", "Agendas"
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_LEVEL = 4
_STATES = (("\\Answered", "A"), ("\\Flagged", "F"), ("\\Draft", "T"))


@dataclass(slots=True)
class Zip:
    """A zip that is being written to FILE. Of what went in, only the directory of names stays in memory."""

    file: Path
    _open: zipfile.ZipFile = field(init=False)

    def __enter__(self) -> Self:
        self._open = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def octets(self) -> int:
        """How much is on the disk."""
        return self._open.fp.tell() if self._open.fp else 0

    def add(self, name: str, pieces: Iterable[bytes], at: datetime) -> None:
        """An entry called NAME."""
        info = zipfile.ZipInfo(name, _zip_time(at))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._open.open(info, "w", force_zip64=not name.endswith(".eml")) as entry:
            for piece in pieces:
                entry.write(piece)

    def add_file(self, name: str, file: IO[bytes], at: datetime) -> None:
        """What FILE holds, as an entry."""
        self.add(name, iter(lambda: file.read(1 << 18), b""), at)


def add_folder(into: Zip, directory: str, contents: Iterable[Content], at: datetime) -> Iterator[Stored]:
    """Each message as a file in DIRECTORY; their flags and dates after them. Yields what is in."""
    with tempfile.TemporaryFile(dir=into.file.parent) as notes:
        for stored, pieces in contents:
            first = next(pieces, None)
            if first is None:
                continue
            subject = text_of(headers.first(headers.block(first[:65536]), "Subject").decode("latin-1"))
            name = message_name(stored.received, subject, stored.uid)
            into.add(f"{MAIL}/{directory}/{name}", _with(first, pieces), stored.received)
            known = {"file": name, "flags": list(stored.flags), "received": stored.received.isoformat()}
            notes.write(json.dumps(known, ensure_ascii=False).encode() + b"\n")
            yield stored
        notes.seek(0)
        into.add_file(f"{MAIL}/{directory}/{FLAGS}", notes, at)


def add_mbox(into: Zip, directory: str, contents: Iterable[Content], at: datetime) -> Iterator[Stored]:
    """All messages as one mbox, their flags in the headers that mail programs use for it."""
    with tempfile.TemporaryFile(dir=into.file.parent) as box:
        for stored, pieces in contents:
            content = b"".join(pieces)
            if content:
                box.write(_mbox_entry(stored, content))
                yield stored
        box.seek(0)
        into.add_file(f"{MAIL}/{directory}.mbox", box, at)


def _mbox_entry(stored: Stored, content: bytes) -> bytes:
    moment = time.asctime(stored.received.utctimetuple())
    states = "".join(letter for flag, letter in _STATES if flag in stored.flags)
    words = " ".join(flag for flag in stored.flags if not flag.startswith("\\"))
    lines = [b"Status: RO" if "\\Seen" in stored.flags else b"Status: O"]
    lines += [f"X-Status: {states}".encode()] if states else []
    lines += [f"X-Keywords: {words}".encode()] if words else []
    text = _FROM.sub(rb">\1", content.replace(b"\r\n", b"\n"))
    return b"From - " + moment.encode() + b"\n" + b"\n".join(lines) + b"\n" + text.rstrip(b"\n") + b"\n\n"


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _zip_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    """A zip knows no year before 1980 and none after 2107."""
    year = min(max(at.year, 1980), 2107)
    return (year, at.month, at.day, at.hour, at.minute, at.second)


def finish(part: Path, whole: Path) -> None:
    """What was written becomes what may be fetched: the whole file or none."""
    part.chmod(0o640)
    part.rename(whole)
