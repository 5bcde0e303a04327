"""Where each thing of an import went, on the disk before it is counted: so that it can be taken back."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casier.mailbox.importing.appending import Appended


@dataclass(slots=True)
class Placed:
    """One line for each batch. Threads may write at once; what a killed worker left half is passed over."""

    file: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def add(self, folder: str, placed: Appended) -> None:
        """Messages in FOLDER (as people write it)."""
        self._write({"folder": folder, "validity": placed.uid_validity, "uids": placed.uids})

    def add_item(self, path: str) -> None:
        """A card or an event, by its address."""
        self._write({"path": path})

    def add_folder(self, folder: str) -> None:
        """A folder that wasn't there before."""
        self._write({"made": folder})

    def _write(self, line: dict[str, object]) -> None:
        with (
            self._lock,
            os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file,
        ):
            file.write(json.dumps(line).encode() + b"\n")

    def lines(self) -> Iterator[dict[str, object]]:
        """All of it, in order."""
        try:
            with self.file.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield json.loads(line)
        except FileNotFoundError:
            return
