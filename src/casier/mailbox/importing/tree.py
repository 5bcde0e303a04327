"""Walk what was given: files, folders, Maildirs. Links are not followed, special files not opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from casier.mailbox.importing import archive, dates, flags, headers, mbox, names
from casier.mailbox.importing.found import MESSAGE_LIMIT, Folder, Found, Message, Origin, Reason, Unreadable

_START = 8192
# Files that lie beside mail and hold none.
_BESIDE = re.compile(
    r"(\.(msf|dat|sqlite|json|html?|lock|cache|index|db|uidvalidity)|^dovecot.*|^maildirfolder|^subscriptions|^\..*)$",
    re.I,
)
_MESSAGE_NAME = re.compile(r"\.(eml|emlx|msg|txt|mail|mime|mht)$|^\d+\.?$", re.I)


def read(path: Path, folder: Folder = ()) -> Iterator[Found]:
    """Everything found at PATH, for FOLDER and the folders that PATH holds."""
    if path.is_dir():
        yield from _directory(path, folder, top=True)
    else:
        yield from _file(path, folder, named=True)


def is_maildir(names_inside: set[str]) -> bool:
    return {"cur", "new"} <= names_inside


def _directory(path: Path, folder: Folder, top: bool = False) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(path), key=lambda entry: _natural(entry.name))
    except OSError as error:
        yield Unreadable(Origin(str(path)), Reason.FILE_ERROR, error.strerror or str(error))
        return
    if is_maildir({entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}):
        yield from _maildir(path, folder)
        entries = [entry for entry in entries if entry.name not in ("cur", "new", "tmp")]
        dotted = True
    else:
        dotted = top
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _directory(Path(entry.path), _below(folder, entry.name, dotted))
        elif entry.is_file(follow_symlinks=False) and not _BESIDE.search(entry.name):
            yield from _file(Path(entry.path), folder, named=False)


def _below(folder: Folder, name: str, dotted: bool) -> Folder:
    """The folder that the directory NAME stands for: `.A.B` in a Maildir++, `A.sbd` in Thunderbird."""
    if dotted and name.startswith("."):
        return names.clean((*folder, *(names.decode(part) for part in name[1:].split("."))))
    return names.clean((*folder, name.removesuffix(".sbd").removesuffix(".mbox")))


def _maildir(path: Path, folder: Folder) -> Iterator[Found]:
    try:
        letters = flags.keyword_letters((path / "dovecot-keywords").read_text("utf-8", "replace"))
    except OSError:
        letters = {}
    for part in ("cur", "new"):
        with os.scandir(path / part) as entries:
            files = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
        for name in files:
            if not name.startswith("."):
                yield _message(path / part / name, folder, flags.of_maildir_name(name, letters))


def _file(path: Path, folder: Folder, named: bool) -> Iterator[Found]:
    """What one file holds; an mbox met on the way is a folder of its name, one given by itself is FOLDER."""
    try:
        with path.open("rb") as stream:
            start = stream.read(_START)
            if archive.looks_like(start):
                yield from archive.read(stream, str(path), folder)
            elif mbox.looks_like(start) and path.suffix.lower() != ".eml":
                stream.seek(0)
                yield from mbox.read(stream, str(path), mbox_folder(folder, path.name, named))
            elif named or _MESSAGE_NAME.search(path.name) or headers.is_field(start):
                yield _message(path, folder, frozenset())
            else:
                yield Unreadable(Origin(str(path)), Reason.EMPTY if not start else Reason.NOT_MAIL)
    except OSError as error:
        yield Unreadable(Origin(str(path)), Reason.FILE_ERROR, error.strerror or str(error))


def mbox_folder(folder: Folder, name: str, named: bool) -> Folder:
    """The folder for an mbox called NAME; of one NAMED by itself only a special folder's name counts."""
    stem = re.sub(r"\.(mbox|mbx|mbs)$", "", name, flags=re.I)
    if (stem == "mbox" and folder) or (named and not names.special_use((*folder, stem))):
        return folder  # Apple Mail writes <name>.mbox/mbox
    return names.clean((*folder, stem))


def _message(path: Path, folder: Folder, state: frozenset[str]) -> Found:
    origin = Origin(str(path))
    try:
        facts = path.stat()
        if facts.st_size > MESSAGE_LIMIT:
            return Unreadable(origin, Reason.TOO_LARGE, f"{facts.st_size} octets")
        content = path.read_bytes()
    except OSError as error:
        return Unreadable(origin, Reason.FILE_ERROR, error.strerror or str(error))
    if not content.strip():
        return Unreadable(origin, Reason.EMPTY)
    date = dates.of_file(content, datetime.fromtimestamp(facts.st_mtime, UTC))
    return Message(origin, content, folder, state, date)


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key that puts 2.eml before 10.eml."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name)]
