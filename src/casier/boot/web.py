"""`python -m casier.boot.web`: Django on its socket, behind nginx.

Granian with WSGI: one worker process of threads (docs/develop/identity.md tells why).
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from pathlib import Path

from casier.kernel.instance import Instance

# Most of them wait at times: for room to look at a password, for the database.
THREADS = 16
# Requests wait here while every thread is busy.
BACKLOG = 256
STOP_SECONDS = 10
# <malloc.h>
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


def application() -> object:
    """Django's WSGI callable, made in the worker process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    keep_hashing_memory()
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    loaded = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 (loads every view)
    # What is loaded stays: the collector needn't look at it again and again.
    gc.collect()
    gc.freeze()
    return loaded


def keep_hashing_memory() -> None:
    """Have glibc keep, for the two threads that hash passwords, the 19 MB that each needs again at once.

    Given back and fetched anew (mallopt(3)) they would cost ten milliseconds of each sign-in. Other libcs
    have nothing to set.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 32 << 20)
        mallopt(M_ARENA_MAX, 8)


def main() -> int:
    from granian.constants import Interfaces
    from granian.server import Server

    instance = Instance.load()
    socket = instance.socket("web", "nginx", "http.sock")
    socket.unlink(missing_ok=True)
    os.umask(0)
    Server(
        f"{__name__ if __name__ != '__main__' else 'casier.boot.web'}:application",
        factory=True,
        interface=Interfaces.WSGI,
        uds=Path(socket),
        uds_permissions=0o666,
        workers=1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        log_access=False,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
