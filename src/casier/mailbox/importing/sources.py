"""What the person gave: paths, read in the order given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from casier.mailbox.importing import names, tree
from casier.mailbox.importing.found import Found, Origin, Reason, Unreadable


def read(paths: Iterable[Path], folder: str = "") -> Iterator[Found]:
    """Everything in PATHS, below FOLDER (`A/B`). A path that isn't there is reported as the others are."""
    top = names.clean(folder.split("/"))
    for path in paths:
        if path.exists():
            yield from tree.read(path, top)
        else:
            yield Unreadable(Origin(str(path)), Reason.FILE_ERROR, "n'existe pas")


def size(paths: Iterable[Path]) -> int:
    """About how many octets there are to read, for a progress bar."""
    return sum(_size(path) for path in paths)


def _size(path: Path) -> int:
    try:
        if not path.is_dir():
            return path.stat().st_size
        with os.scandir(path) as entries:
            return sum(
                _size(Path(entry.path))
                if entry.is_dir(follow_symlinks=False)
                else entry.stat(follow_symlinks=False).st_size
                for entry in entries
                if not entry.is_symlink()
            )
    except OSError:
        return 0
