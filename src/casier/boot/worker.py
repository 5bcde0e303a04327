"""The worker: `python -m casier.boot.worker`. The engines follow the directory, what is due is sent.

Four lanes, each a thread with its own connection to the database, so that nothing urgent waits for what is
long: `urgent` (who is out must be out within a second), `converge` (mailboxes), `sending` (messages),
`arrivals` (scanning what mail programs put into mailboxes).
The main thread seals the journal and keeps house.
"""

from __future__ import annotations

import ctypes
import fcntl
import importlib.util
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import django

from casier.kernel.published import CHANNEL_OUTBOX
from casier.kernel.stored import CHANNEL_NOW

log = logging.getLogger("casier.worker")
# How long a lane waits for a wake. Redis tells of new work; this is for when it can't.
PATIENCE = 2.0
SEAL_EVERY = 5.0
TIDY_EVERY = 3600.0
AFTER_ERROR = 2.0


class Lane(threading.Thread):
    """Calls STEP again and again: at once while there was work, else when woken or patience ends."""

    def __init__(
        self, name: str, step: Callable[[], int], stopping: threading.Event, channel: str = CHANNEL_OUTBOX
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step, self._stopping, self.channel = step, stopping, channel
        self.awake = threading.Event()

    def wake(self) -> None:
        self.awake.set()

    def run(self) -> None:
        from django.db import close_old_connections, connection

        while not self._stopping.is_set():
            self.awake.clear()
            close_old_connections()
            if not self._try_step():
                self.awake.wait(PATIENCE)
        connection.close()

    def _try_step(self) -> int:
        try:
            return self._step()
        except Exception:
            # The database may be away for a moment; the work is still in it.
            log.exception("lane %s", self.name)
            self._stopping.wait(AFTER_ERROR)
            return 0


def share_arenas() -> None:
    """Let the threads share two heaps: glibc's eight a core keep what each once needed (mallopt(3))."""
    m_arena_max = -8
    ctypes.CDLL(None).mallopt(m_arena_max, 2)


def worker_name() -> str:
    """Who holds a claim: one worker a host, made sure by a lock file."""
    return f"worker@{socket.gethostname()}"


def only_worker() -> IO[str]:
    """Take this host's worker lock for as long as the file is open. Raises SystemExit when another has it."""
    from django.conf import settings

    path = settings.CASIER_INSTANCE.data / "platform" / "worker.lock"
    file: IO[str] = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SystemExit(f"Another worker of this instance is running ({path} is locked).") from error
    return file


def sending_step() -> Callable[[], int] | None:
    """The send queue's own step, where it is installed."""
    if importlib.util.find_spec("casier.mailbox.sending.worker") is None:
        return None
    from casier.mailbox.sending.worker import run_due

    return lambda: int(run_due() or 0)


def make_lanes(
    stopping: threading.Event, pool: ThreadPoolExecutor, urgent_pool: ThreadPoolExecutor
) -> list[Lane]:
    """The lanes of this worker."""
    from django.conf import settings

    from casier.mailbox.arrivals.worker import Arrivals
    from casier.mailbox.consuming import TOPICS, URGENT_TOPICS
    from casier.mailbox.converging import converge_once

    name = worker_name()
    lanes = [
        Lane("urgent", lambda: converge_once(f"{name}/urgent", URGENT_TOPICS, urgent_pool), stopping),
        Lane("converge", lambda: converge_once(f"{name}/converge", TOPICS, pool), stopping),
    ]
    step = sending_step()
    if step:
        lanes.append(Lane("sending", step, stopping))
    lanes.append(Lane("arrivals", Arrivals(settings.CASIER_INSTANCE).step, stopping, CHANNEL_NOW))
    return lanes


def wake(lanes: list[Lane], channel: str) -> None:
    """Wake those that CHANNEL is for."""
    for lane in lanes:
        if lane.channel == channel:
            lane.wake()


def listen(lanes: list[Lane], stopping: threading.Event) -> None:
    """Wake the lanes when Redis says that there is something to do. Without Redis they look by themselves."""
    import redis
    from django.conf import settings

    from casier.audit.wake import client

    while not stopping.is_set():
        try:
            connection = client(settings.REDIS_SOCKET)
            with connection.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                channel.subscribe(*{lane.channel for lane in lanes})
                while not stopping.is_set():
                    if message := channel.get_message(timeout=1.0):
                        wake(lanes, message["channel"].decode())
        except redis.RedisError as error:
            log.info("no wakes (%s); looking every %s s", type(error).__name__, PATIENCE)
            stopping.wait(AFTER_ERROR)


def recover() -> None:
    """Take back what a killed worker held, and do again what it did last: Redis may have lost a second."""
    from datetime import timedelta

    from django.utils import timezone

    from casier.audit import outbox

    for lane in ("urgent", "converge"):
        outbox.release(f"{worker_name()}/{lane}")
    outbox.redo_last(timedelta(seconds=10), timezone.now())


def restore_published() -> None:
    """Publish everything again where Redis has lost it; mail waits until then."""
    from casier.mailbox.provisioning import publish_what_was_lost

    try:
        if count := publish_what_was_lost():
            log.warning("published anew: %s accounts and mailboxes", count)
    except Exception:
        log.exception("publishing anew")


def keep_house(stopping: threading.Event) -> None:
    """Seal the journal, forget what was done long ago, until the worker stops."""
    from django.db import close_old_connections
    from django.utils import timezone

    from casier.audit import outbox, sealing
    from casier.mailbox.sending.worker import forget_done

    tidied = 0.0
    while not stopping.wait(SEAL_EVERY):
        close_old_connections()
        restore_published()
        try:
            while sealing.seal(timezone.now()) == sealing.BATCH:
                pass
            if time.monotonic() - tidied > TIDY_EVERY:
                outbox.forget_done(timezone.now())
                forget_done(timezone.now())
                tidied = time.monotonic()
        except Exception:
            log.exception("keeping house")


def main() -> None:
    """Run until SIGTERM or SIGINT; what is under way is finished, the rest stays in the outbox."""
    share_arenas()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    django.setup()
    from casier.mailbox.converging import CONNECTIONS

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with (
        only_worker(),
        ThreadPoolExecutor(CONNECTIONS) as pool,
        ThreadPoolExecutor(CONNECTIONS) as urgent_pool,
    ):
        recover()
        restore_published()
        lanes = make_lanes(stopping, pool, urgent_pool)
        for lane in lanes:
            lane.start()
        threading.Thread(target=listen, args=(lanes, stopping), daemon=True).start()
        log.info("ready: %s", ", ".join(lane.name for lane in lanes))
        keep_house(stopping)
        for lane in lanes:
            lane.wake()
            lane.join(timeout=10)
    log.info("stopped")


if __name__ == "__main__":
    main()
