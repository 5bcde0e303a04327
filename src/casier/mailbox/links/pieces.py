"""A file that comes in pieces: what came is what is on disk, so any piece can be the last before a break."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from casier.mailbox.links.errors import FileTooLarge, NoSuchLink, WrongOffset

_PIECE = 1 << 18


class Source(Protocol):
    """Whatever bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


def begin_file(path: Path) -> None:
    """An empty file at PATH, which nobody else reads."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))


def end_of(path: Path) -> int:
    """How much of the file is here. Raises NoSuchLink where the upload is no more."""
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise NoSuchLink(upload=path.name) from error


def append_to(path: Path, offset: int, source: Source, size: int) -> int:
    """Add what SOURCE holds at OFFSET, never beyond SIZE; where the file ends then.

    Raises NoSuchLink, WrongOffset (also while another piece is being written), FileTooLarge.
    """
    with _locked(path) as file:
        end = os.fstat(file).st_size
        if end != offset:
            raise WrongOffset(offset=offset, end=end)
        end = _copy(source, file, end, size)
        if end == size:
            os.fsync(file)
    return end


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """PATH, open at its end and held against another piece. Raises NoSuchLink, or WrongOffset when it is."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise NoSuchLink from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
    except BlockingIOError as error:
        raise WrongOffset(locked=True) from error
    finally:
        os.close(file)


def _copy(source: Source, file: int, end: int, size: int) -> int:
    """Read SOURCE to its end. Raises FileTooLarge, with the file as it was, when more comes than was said."""
    begun = end
    while piece := source.read(_PIECE):
        if end + len(piece) > size:
            os.ftruncate(file, begun)
            raise FileTooLarge(limit=size)
        end += _write(file, piece)
    return end


def _write(file: int, piece: bytes) -> int:
    left = memoryview(piece)
    while left:
        left = left[os.write(file, left) :]
    return len(piece)
