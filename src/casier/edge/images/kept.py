"""Pictures that were fetched, kept for a while: their sender isn't told twice that a message is read."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casier.edge.images.kinds import HEAD, Kind, kind_of

KEPT_SECONDS = 14 * 86400
MOST_BYTES = 512 * 1024 * 1024
# Folders are looked through for what is too old or too much at most this often.
TIDY_EVERY = 3600.0


@dataclass(slots=True)
class Kept:
    """A folder of pictures, named by a hash of their address."""

    folder: Path
    most_bytes: int = MOST_BYTES
    _tidied: float = 0.0

    def path(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()

    def find(self, url: str, now: float) -> tuple[Path, Kind] | None:
        """The picture of URL, where it is kept and not too old."""
        path = self.path(url)
        try:
            if now - path.stat().st_mtime > KEPT_SECONDS:
                return None
            with path.open("rb") as file:
                kind = kind_of(file.read(HEAD))
        except OSError:
            return None
        return (path, kind) if kind is not None else None

    def begin(self, url: str) -> tuple[Path, BinaryIO]:
        """A file to write the picture of URL into; `path` gets it once it is whole (`finish`)."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        staging = self.path(url).with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        return staging, staging.open("xb")

    def finish(self, staging: Path, url: str) -> Path:
        """Keep what was written to STAGING."""
        path = self.path(url)
        staging.rename(path)
        return path

    def tidy(self, now: float) -> None:
        """Drop what is too old, half written, or more than the folder may hold, the oldest first."""
        if now - self._tidied < TIDY_EVERY:
            return
        self._tidied = now
        files = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                facts = path.stat()
                too_old = now - facts.st_mtime > (3600 if path.suffix else KEPT_SECONDS)
                if too_old:
                    path.unlink(missing_ok=True)
                else:
                    files.append((facts.st_mtime, facts.st_size, path))
        excess = sum(size for _, size, _ in files) - self.most_bytes
        for _, size, path in sorted(files):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size
