"""How far the index of words is behind.

Cyrus notes each folder that changed in a file; the indexer (`squatter -R`) takes the file away about once a
second, indexes what it names, and removes it. A file that grows old tells that the indexer is busy or gone,
and the moment it was made since when messages may be missing from the results of a search.
"""

from __future__ import annotations

from pathlib import Path

from casier.engines.running import run_tool
from casier.kernel.instance import Instance

# What is waiting, and what the indexer has in hand.
_FILES = ("log", "log-run")


def waiting_since(instance: Instance) -> float | None:
    """When the oldest change was noted that isn't indexed yet (seconds since 1970); None where none waits.

    None as well on a file system that keeps no time of birth.
    """
    folder = instance.data / "cyrus" / "config" / "sync" / "squatter"
    born = [when for name in _FILES if (when := _born(folder / name)) is not None]
    return min(born, default=None)


def _born(path: Path) -> float | None:
    """Python's `stat` doesn't tell it on Linux; a rename, or another line, leaves it as it is."""
    code, said = run_tool(["/usr/bin/stat", "--format=%W", str(path)], seconds=5)
    return float(said) if code == 0 and said.strip().isdigit() and int(said) > 0 else None
