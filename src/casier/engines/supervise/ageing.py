"""How long logs are kept, whatever their size: what a line says of people goes with its date.

A log is begun anew each month, so that no file mixes what may stay with what may not; what was put aside goes
once its youngest line is too old. The day on which a log was begun stands in a file beside it: names and
times of the logs themselves are the rotation's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Access logs are kept for a year at most (CNIL, délibération 2021-122).
KEPT = timedelta(days=365)
BEGUN_ANEW = timedelta(days=31)
_ASIDE = re.compile(r".+\.log\.\d+")
_BEGUN = ".begun"


def too_long(path: Path, now: datetime) -> bool:
    """Whether the log at PATH was begun so long ago that it is to be put aside. Notes when it began."""
    mark = _mark(path)
    try:
        if path.stat().st_size == 0:
            begun(path, now)
            return False
        return now - _time(mark) >= BEGUN_ANEW
    except FileNotFoundError:
        if path.exists():
            begun(path, now)
        return False


def begun(path: Path, now: datetime) -> None:
    """Note that the log at PATH begins NOW."""
    mark = _mark(path)
    mark.parent.mkdir(mode=0o755, exist_ok=True)
    mark.write_text(now.isoformat(), encoding="ascii")


def forget_old(folder: Path, now: datetime) -> list[str]:
    """Delete what was put aside whose last line may be kept no longer; the names of those files.

    A file spans a month: the first of its lines is a month older than the last.
    """
    gone = []
    for path in sorted(folder.iterdir()):
        if _ASIDE.fullmatch(path.name) and _modified(path) < now - (KEPT - BEGUN_ANEW):
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone


def _mark(path: Path) -> Path:
    return path.parent / _BEGUN / path.name


def _time(mark: Path) -> datetime:
    try:
        return datetime.fromisoformat(mark.read_text(encoding="ascii"))
    except ValueError as error:  # a full disk cut it short
        raise FileNotFoundError(mark) from error


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
