"""What was converted lately, on disk: found by what is in the document, forgotten after a day or for room."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

KEPT_SECONDS = 24 * 3600.0
KEPT_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files of FOLDER, `<key>.pdf`."""

    folder: Path
    seconds: float = KEPT_SECONDS
    size: int = KEPT_BYTES

    def get(self, key: str) -> bytes | None:
        """What is kept for KEY."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, key: str) -> bool:
        return self._path(key).exists()

    def put(self, key: str, content: bytes) -> None:
        """Keep CONTENT, whole or not at all."""
        staging = self.folder / f".{key}.new"
        staging.write_bytes(content)
        staging.rename(self._path(key))

    def tidy(self, now: float) -> None:
        """Forget what is older than a day at NOW, then the oldest beyond the room there is."""
        room = self.size
        for state, path in sorted(self._files(), key=lambda one: one[0].st_mtime, reverse=True):
            room -= state.st_size
            if room < 0 or now - state.st_mtime > self.seconds:
                path.unlink(missing_ok=True)

    def _files(self) -> list[tuple[os.stat_result, Path]]:
        found = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                found.append((path.stat(), path))
        return found

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.pdf"
