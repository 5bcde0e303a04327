"""Files that come by the browser: kept in the instance until the worker has read them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from casier.audit.wake import wake_worker
from casier.feed.models import Run

MOST_BYTES = 16_000_000  # nginx lets no more pass; larger feeds go by the command line
_KINDS = (".csv", ".tsv", ".txt", ".zip", ".xml", ".gz", ".tgz", ".tar")


def acceptable(name: str) -> bool:
    """Whether a file of this name may be a feed."""
    return name.lower().endswith(_KINDS)


def received(name: str, pieces: Iterable[bytes]) -> tuple[Path, dict[str, Any]]:
    """The file, in a folder of its own, and what a run keeps of it. Its name is never a path."""
    folder = settings.CASIER_INSTANCE.data / "platform" / "feed" / secrets.token_hex(16)
    folder.mkdir(parents=True, mode=0o700)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name).name).strip(".-")[-100:] or "fichier.csv"
    path = folder / plain
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return path, {"name": plain, "digest": digest.hexdigest(), "bytes": size}


def leave_to_the_worker(run: Run) -> None:
    """Let the worker take RUN up, now."""
    Run.objects.filter(pk=run.pk, holder="").update(held_until=timezone.now())
    wake_worker(settings.REDIS_SOCKET)
