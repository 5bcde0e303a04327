"""The files of a feed wherever they lie: alone, in a folder, compressed, in a zip or a tar.

Nothing is unpacked: a member is read where it lies, as far as its limits go, and its name is only ever shown.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from casier.feed.reading.cleaning import cleaned
from casier.feed.records import BadFeed
from casier.kernel.zips import DAMAGED

LARGEST_FILE = 2 * 1024**3
MOST_FILES = 2000
# Feeds shrink to a thirtieth; what grows two hundred times was made to.
GROWTH, FREELY = 200, 64 * 1024**2
_TARS = (".tar", ".tar.gz", ".tgz")
UNREADABLE = (*DAMAGED, tarfile.TarError)


@dataclass(frozen=True, slots=True)
class Source:
    """A file by the NAME that it is shown by; `open` begins at its beginning each time."""

    name: str
    open: Callable[[], BinaryIO]


class _Bounded(io.RawIOBase):
    """A stream that gives no more than it may. Raises BadFeed."""

    def __init__(self, stream: BinaryIO, name: str, most: int) -> None:
        self._stream, self._name, self._left = stream, name, most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        self._spend(max(0, place - self._stream.tell()))
        try:
            return self._stream.seek(place, whence)
        except UNREADABLE as error:
            raise damaged(self._name) from error

    def read(self, size: int = -1) -> bytes:
        if size > FREELY:  # a header of a tar that says it is huge
            raise _bomb(self._name)
        try:
            data = self._stream.read(size if size >= 0 else FREELY)
        except UNREADABLE as error:
            raise damaged(self._name) from error
        self._spend(len(data))
        return data

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _bomb(self._name)

    def close(self) -> None:
        self._stream.close()
        super().close()


def sources(paths: Iterable[Path], suffix: str = ".xml") -> list[Source]:
    """The files that end in SUFFIX at PATHS, each once. Raises BadFeed for a path that holds none."""
    found: list[Source] = []
    seen: set[Path] = set()
    for path in paths:
        before, again = len(found), False
        for file in _files(path):
            if (resolved := file.resolve()) in seen:
                again = True
                continue
            seen.add(resolved)
            found += _in(file, suffix)
        if len(found) > MOST_FILES:
            raise BadFeed(f"More than {MOST_FILES} files.", reason="too_many_files", limit=MOST_FILES)
        if len(found) == before and not again:
            raise BadFeed(f"{path.name} holds no file of a feed.", reason="nothing", file=path.name)
    return found


def damaged(name: str) -> BadFeed:
    """The file can't be read to its end."""
    return BadFeed(f"{name} is damaged.", reason="damaged", file=name)


def not_there(path: Path) -> BadFeed:
    """The file doesn't exist, or not for this user."""
    return BadFeed(f"{path.name} is not there.", reason="not_there", file=path.name)


def _bomb(name: str) -> BadFeed:
    return BadFeed(f"{name} grows beyond measure.", reason="bomb", file=name)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(
            file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")
        )
    elif path.is_file():
        yield path
    else:
        raise not_there(path)


def _in(path: Path, suffix: str) -> Iterator[Source]:
    name = path.name.lower()
    try:
        if name.endswith(suffix):
            yield Source(path.name, lambda: _opened(path))
        elif name.endswith(suffix + ".gz"):
            yield Source(path.name[:-3], lambda: _gzip(path))
        elif name.endswith(".zip"):
            yield from _zip(path, suffix)
        elif name.endswith(_TARS):
            yield from _tar(path, suffix)
    except UNREADABLE as error:
        raise damaged(path.name) from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise not_there(path) from error


def _allowed(packed: int) -> int:
    return min(LARGEST_FILE, FREELY + GROWTH * packed)


def _gzip(path: Path) -> BinaryIO:
    return _unpacked(path, _allowed(path.stat().st_size))


def _zip(path: Path, suffix: str) -> Iterator[Source]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise BadFeed(f"{path.name}: too many files.", reason="too_many_files", limit=MOST_FILES)
    for entry in entries:
        name = _shown(entry.filename)
        if entry.is_dir() or not name.lower().endswith(suffix) or name.startswith("."):
            continue
        if entry.flag_bits & 1:
            raise BadFeed(f"{path.name} has a password.", reason="encrypted", file=path.name)
        yield Source(name, _opening_entry(path, entry, name))


def _opening_entry(path: Path, entry: zipfile.ZipInfo, name: str) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            with zipfile.ZipFile(path) as archive:  # a member keeps the file open until it is closed itself
                stream = archive.open(entry)
        except UNREADABLE as error:
            raise damaged(name) from error
        return cast(BinaryIO, _Bounded(cast(BinaryIO, stream), name, _allowed(entry.compress_size)))

    return opened


def _tar(path: Path, suffix: str) -> Iterator[Source]:
    with _plain(path) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
        for count, member in enumerate(archive):
            if count > MOST_FILES:
                raise BadFeed(f"{path.name}: too many files.", reason="too_many_files", limit=MOST_FILES)
            name = _shown(member.name)
            if member.isreg() and not member.issparse() and name.lower().endswith(suffix) and name[:1] != ".":
                yield Source(name, _opening_member(path, member.offset_data, member.size))


def _opening_member(path: Path, place: int, size: int) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        stream = _plain(path)
        stream.seek(place)
        return cast(BinaryIO, _Part(stream, size))

    return opened


class _Part(io.RawIOBase):
    """The next SIZE bytes of a stream."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def _plain(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".tar"):
        return path.open("rb")
    return _unpacked(path, 2 * _allowed(path.stat().st_size))


def _unpacked(path: Path, most: int) -> BinaryIO:
    stream = cast(BinaryIO, gzip.open(path))  # noqa: SIM115 (who asked for it closes it)
    return cast(BinaryIO, _Bounded(stream, path.name, most))


def _shown(name: str) -> str:
    return cleaned(PurePosixPath(name.replace("\\", "/")).name)[:200]
