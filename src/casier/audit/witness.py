"""What the database can't take back: the last seal of each day, kept as a small file beside it.

The chain shows what was changed within it. Whoever cuts off its end, or seals all of it anew, leaves a chain
that holds; these files say how far it went, and what it was. They hold numbers and digests, nobody's data.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from casier.audit.models import JournalBatch
from casier.kernel.instance import Instance


@dataclass(frozen=True, slots=True)
class Seen:
    """A seal as it was when it was made."""

    number: int
    digest: str
    sealed_at: str


def folder_of(instance: Instance) -> Path:
    """Where the files of INSTANCE lie: one a day, `2026-11-23.json`."""
    return instance.data / "platform" / "seals"


def note(folder: Path, batch: JournalBatch) -> None:
    """Keep BATCH as the last seal of its day. What is there and isn't so any more is kept beside it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    at = batch.sealed_at.astimezone(UTC)
    path = folder / f"{at:%Y-%m-%d}.json"
    before = _read(path)
    if before is not None and _missing(before) is not None:
        path.rename(folder / f"{path.stem}.{before.number}.json")
    staging = folder / ".new"
    with staging.open("w", encoding="utf-8") as file:
        json.dump(asdict(Seen(batch.number, batch.digest, at.isoformat(timespec="seconds"))), file)
        file.flush()
        os.fsync(file.fileno())
    staging.rename(path)


def contradictions(folder: Path) -> Iterator[tuple[int, str]]:
    """The seals that were seen and that the database has no more, the oldest first: number and how."""
    seen = filter(None, map(_read, folder.glob("*.json")))
    for one in sorted(seen, key=lambda one: one.number):
        if problem := _missing(one):
            yield one.number, problem


def _missing(seen: Seen) -> str | None:
    if not seen.number:
        return f"isn't known: the note of {seen.sealed_at} beside the database can't be read"
    digest = JournalBatch.objects.filter(number=seen.number).values_list("digest", flat=True).first()
    if digest is None:
        return f"was sealed at {seen.sealed_at} and is gone: the journal was cut"
    return None if digest == seen.digest else f"isn't what was sealed at {seen.sealed_at}: it was sealed anew"


def _read(path: Path) -> Seen | None:
    """The seal in PATH; None where there is none. One that can't be read is as good as gone."""
    try:
        facts: Any = json.loads(path.read_text("utf-8"))
        return Seen(int(facts["number"]), str(facts["digest"]), str(facts["sealed_at"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Seen(0, "", path.stem)
