"""Whether a password has leaked: by the list that is shipped, and by a local copy of a larger one.

`data/passwords/leaked.txt` of the instance holds SHA-1 digests in hexadecimal, one a line, sorted, as those
who collect leaked passwords give them out (`DIGEST:COUNT`). It is looked up by halves, some thirty reads
whatever its size. No password and no part of one leaves the machine.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from casier.identity.passwords.words import SortedLines, leaked_passwords
from casier.kernel.addresses import fold


def has_leaked(password: str, local: Path | None = None) -> bool:
    """Whether PASSWORD, as typed or whatever its case, is on a list of leaked passwords."""
    if leaked_passwords().holds(fold(password).encode("ascii", "replace")):
        return True
    lines = _opened(local, local.stat().st_mtime_ns) if local is not None and local.is_file() else None
    return lines is not None and lines.holds(_digest(password))


def _digest(password: str) -> bytes:
    # The lists' own form: nothing is protected by it (S324 would be right about a hash that is kept).
    return (
        hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper().encode()
    )


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int) -> SortedLines | None:  # noqa: ARG001 - a changed file is opened anew
    try:
        return SortedLines.open(path, counted=True)
    except (OSError, ValueError):
        return None
