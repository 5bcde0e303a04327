"""What is in a file that somebody brings: mail in any form that the import reads, cards, events."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from casier.kernel.zips import DAMAGED
from casier.mailbox.importing import archive, flags, names, sources
from casier.mailbox.importing.found import Folder, Found, Origin, Reason, Unreadable
from casier.mailbox.transfer import cards
from casier.mailbox.transfer.archive import FLAGS, FORMAT, MAIL, MANIFEST

_BESIDE_BYTES = 64_000_000
_COLLECTIONS = 200
_SYSTEM = frozenset({"\\Seen", "\\Answered", "\\Flagged", "\\Draft"})
_ENDINGS = re.compile(r"\.(vcf|ics)$", re.I)
_MOST_NOTES = 500_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A card or an event, and the file that it was in: the collection it goes to."""

    kind: str  # vcf, ics
    collection: str
    item: cards.Item


@dataclass(slots=True)
class Bag:
    """A file on the disk called NAME by whoever brings it; what is for the inbox goes below FOLDER."""

    file: Path
    name: str
    folder: str = ""
    _notes: tuple[str, dict[str, dict[str, object]]] = field(default=("", {}), init=False)

    @property
    def kind(self) -> str:
        """`vcf`, `ics`, or `mail`: what the name says, and for the rest what the content is."""
        found = _ENDINGS.search(self.name)
        return found[1].lower() if found else "mail"

    def messages(self) -> Iterator[Found]:
        """The mail in it. A zip that an export made gives back folders, flags and dates."""
        if self.kind != "mail":
            return
        if not _is_zip(self.file):
            for one in sources.read([self.file], self.folder):
                yield self._named(one)
            return
        top = names.clean(self.folder.split("/"))
        with zipfile.ZipFile(self.file) as opened:
            known = _manifest(opened)
            entries = {info.filename: info for info in opened.infolist()} if known else {}
            with self.file.open("rb") as stream:
                for one in archive.read(stream, self.name, () if known else top):
                    if _is_beside(one):
                        continue
                    yield self._told(opened, entries, known, top, one) if known else self._named(one)

    def brought(self) -> Iterator[Brought | Unreadable]:
        """The cards and events in it."""
        if self.kind != "mail":
            if self.file.stat().st_size > _BESIDE_BYTES:
                yield Unreadable(Origin(self.name), Reason.TOO_LARGE)
            else:
                yield from _split(self.kind, _stem(self.name), self.file.read_bytes())
        elif _is_zip(self.file):
            with zipfile.ZipFile(self.file) as opened:
                beside = [one for one in opened.infolist() if _ENDINGS.search(one.filename)]
                for info in beside[_COLLECTIONS:]:
                    yield Unreadable(Origin(self.name, info.filename), Reason.TOO_MANY)
                for info in beside[:_COLLECTIONS]:
                    content = _content(opened, info)
                    if content is None:
                        yield Unreadable(Origin(self.name, info.filename), Reason.DAMAGED_ARCHIVE)
                    else:
                        kind = info.filename.rpartition(".")[2].lower()
                        yield from _split(kind, _stem(info.filename), content)

    def _named(self, one: Found) -> Found:
        """The person knows their file by its name, not by ours."""
        shown = one.origin.path.replace(str(self.file), self.name)
        return replace(one, origin=Origin(shown, one.origin.position))

    def _told(
        self, opened: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], known: dict[str, Folder],
        top: Folder, one: Found,
    ) -> Found:  # fmt: skip
        """ONE with the folder, the flags and the date that the export noted."""
        if isinstance(one, Unreadable):
            return one
        inside = one.origin.path.removeprefix(f"{self.name}:")  # an mbox has its messages' places beside
        path = inside if inside != one.origin.path else one.origin.position
        directory, _, name = path.removeprefix(f"{MAIL}/").rpartition("/")
        if path.lower().endswith(".mbox"):
            directory = path.removeprefix(f"{MAIL}/")[: -len(".mbox")]
        folder = known.get(directory, names.clean(directory.split("/")))
        said = self._notes_of(opened, entries, directory).get(name, {})
        return replace(
            one,
            folder=(*top, *folder),
            flags=one.flags | _flags(said.get("flags")),
            container_date=_date(said.get("received")) or one.container_date,
        )

    def _notes_of(
        self, opened: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], directory: str
    ) -> dict[str, dict[str, object]]:
        """What the export noted of each file in DIRECTORY; of one directory at a time."""
        if self._notes[0] != directory:
            info = entries.get(f"{MAIL}/{directory}/{FLAGS}")
            content = _content(opened, info) if info else None
            self._notes = (directory, dict(_noted(content or b"")))
        return self._notes[1]


def _manifest(opened: zipfile.ZipFile) -> dict[str, Folder]:
    """The folder for each directory, as the export wrote it down; nothing where no export did."""
    try:
        content = _content(opened, opened.getinfo(MANIFEST))
        known = json.loads(content or b"null")
        if not isinstance(known, dict) or known.get("format") != FORMAT:
            return {}
        folders = known["folders"]
        return {str(one["directory"]): names.clean(str(one["path"]).split("/")) for one in folders[:10_000]}
    except (KeyError, ValueError, TypeError, RecursionError):
        return {}


def _is_zip(file: Path) -> bool:
    """Whether FILE is a zip, and one whose directory can be read."""
    try:
        with zipfile.ZipFile(file):
            return True
    except DAMAGED:
        return False


def _content(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """An entry's bytes, unless it is damaged, encrypted, or grows beyond measure."""
    try:
        with opened.open(info) as entry:
            content = entry.read(_BESIDE_BYTES + 1)
    except DAMAGED:
        return None
    return content if len(content) <= _BESIDE_BYTES else None


def _noted(content: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    for number, line in enumerate(io.BytesIO(content)):
        if number >= _MOST_NOTES:
            return
        try:
            one = json.loads(line)
            yield str(one["file"]), one
        except (ValueError, KeyError, TypeError, RecursionError):
            continue


def _flags(said: object) -> frozenset[str]:
    if not isinstance(said, list):
        return frozenset()
    given = [flag for flag in said if isinstance(flag, str)]
    return frozenset(_SYSTEM & set(given)) | frozenset(flags.keywords(given))


def _date(said: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _is_beside(one: Found) -> bool:
    """Cards and events are read apart; what explains the zip is no mail."""
    path = (one.origin.position or one.origin.path).lower()
    return bool(_ENDINGS.search(path)) or path.endswith(("lisez-moi.txt", ".jsonl"))


def _split(kind: str, collection: str, content: bytes) -> Iterator[Brought | Unreadable]:
    items = cards.cards_in(content) if kind == "vcf" else cards.events_in(content)
    count = 0
    for count, item in enumerate(items, 1):
        if count > cards.ITEMS:
            yield Unreadable(Origin(collection), Reason.TOO_MANY)
            return
        if isinstance(item, cards.Cut):
            reason = Reason.TOO_LARGE if item.too_large else Reason.CUT_SHORT
            yield Unreadable(Origin(collection, item.called), reason)
        else:
            yield Brought(kind, collection, item)
    if not count:
        yield Unreadable(Origin(collection), Reason.EMPTY)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0][:100] or name[:100]
