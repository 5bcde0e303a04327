"""From files to a reader: what kind they are, which columns they have, whether somebody said so before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casier.directory.models import Academy
from casier.feed.actions import Source
from casier.feed.clock import Clock
from casier.feed.models import ColumnMapping, Run, RunKind
from casier.feed.reading.aaf import AafReader
from casier.feed.reading.columns import ColumnMap, Proposal, propose
from casier.feed.reading.csv import CsvReader
from casier.feed.records import BadFeed, Reader

TABLES = {".csv", ".tsv", ".txt"}
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be read; None and empty where nobody said so."""

    complete: bool | None = None
    columns: Mapping[str, str] | None = None  # field → the column's name
    holds: str = ""  # of a table: people, schools


def is_table(paths: Sequence[Path]) -> bool:
    """Whether PATHS are a CSV file: one, told by its name. Raises BadFeed for several, and for a workbook."""
    for path in paths:
        if path.suffix.lower() in WORKBOOKS:
            raise BadFeed(f"{path.name} is a workbook.", reason="workbook", file=path.name)
    tables = [path for path in paths if path.suffix.lower() in TABLES]
    if tables and len(paths) > 1:
        raise BadFeed(
            "One CSV file at a time.", reason="one_table", found=", ".join(path.name for path in paths)
        )
    return bool(tables)


def opened(paths: Sequence[Path], academy: Academy, asked: Asked) -> tuple[Reader, Source]:
    """A reader of PATHS, and what the run keeps of them. Raises BadFeed."""
    if is_table(paths):
        map_ = columns_of(paths[0], academy, asked).map
        reader: Reader = CsvReader(paths[0], map_)
        return reader, _source(RunKind.CSV, reader, paths, map_.to_json())
    feed = AafReader(paths, complete=asked.complete)
    options: dict[str, Any] = {} if asked.complete is None else {"complete": asked.complete}
    return feed, _source(RunKind.AAF, feed, paths, {**options, **({"day": feed.day} if feed.day else {})})


def reopened(run: Run, paths: Sequence[Path]) -> Reader:
    """A reader for RUN, whose files wait at PATHS, as it was asked for. Raises BadFeed."""
    if run.kind == RunKind.CSV:
        return CsvReader(paths[0], ColumnMap.from_json(run.options))
    return AafReader(paths, complete=run.options.get("complete"))


def columns_of(path: Path, academy: Academy, asked: Asked) -> Proposal:
    """What the columns of a table are: as asked, as the last time, as their names say. Raises BadFeed."""
    guess = propose(path)
    kept = ColumnMapping.objects.filter(academy=academy, header=header_of(guess)).first()
    found = propose(path, ColumnMap.from_json(kept.columns)) if kept else guess
    map_ = found.map
    if asked.columns is not None:
        map_ = replace(map_, columns=dict(asked.columns))
    if asked.holds:
        map_ = ColumnMap.from_json({**map_.to_json(), "holds": asked.holds})
    # Only who imports knows whether a table names everybody: it isn't remembered.
    return replace(found, map=replace(map_, complete=bool(asked.complete)))


def header_of(proposal: Proposal) -> str:
    """What a mapping is remembered by: the names of the columns, in their order."""
    return hashlib.sha256("\n".join(proposal.layout.columns).encode()).hexdigest()


def remember(academy: Academy, proposal: Proposal, clock: Clock) -> None:
    """Keep which column is what for the next file of the same first line."""
    ColumnMapping.objects.update_or_create(
        academy=academy,
        header=header_of(proposal),
        defaults={"columns": replace(proposal.map, complete=False).to_json(), "used_at": clock.now()},
    )


def _source(kind: RunKind, reader: Reader, paths: Sequence[Path], options: dict[str, Any]) -> Source:
    files = [described(path) for given in paths for path in _files(given)]
    return Source(kind, reader.complete, files, options)


def _files(path: Path) -> list[Path]:
    return sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


def described(path: Path) -> dict[str, Any]:
    """A file by its name, size and SHA-256. Raises BadFeed."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError as error:
        raise BadFeed(f"{path.name} can't be read.", reason="not_there", file=path.name) from error
    return {"name": path.name, "digest": digest.hexdigest(), "bytes": path.stat().st_size}
