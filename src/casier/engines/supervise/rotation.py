"""Rotation of the logs that a part writes by itself, past the supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OwnLog:
    """A file that PART writes itself, and opens again on HUP.

    Not on USR1: nginx's workers would then open it themselves, in a folder that is closed to them.
    """

    part: str
    name: str
    limit: int = 50_000_000
    # One a month, as the dates want it (`ageing.py`).
    backups: int = 11


# nginx's access log has a line a request: too many to go through the supervisor.
OWN_LOGS = (OwnLog("nginx", "nginx-access.log"),)


def rotate(folder: Path, log: OwnLog, *, anyway: bool = False) -> bool:
    """Make room for a new file where LOG has reached its limit, or ANYWAY. Return whether it was moved."""
    path = folder / log.name
    try:
        if path.stat().st_size < log.limit and not anyway:
            return False
        for number in range(log.backups - 1, 0, -1):
            older = path.with_name(f"{log.name}.{number}")
            if older.exists():
                older.rename(path.with_name(f"{log.name}.{number + 1}"))
        path.rename(path.with_name(f"{log.name}.1"))
    except OSError:
        return False
    return True
