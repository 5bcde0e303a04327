"""The worker: `python -m casier.boot.worker`. The engines follow the directory, what is due is sent.

Nineteen lanes, each a thread with its own connection to the database, so nothing urgent waits for what is
long: `urgent` (who is out must be out within a second), `converge` (mailboxes), `sending` (messages),
`arrivals` (scanning what mail programs put into mailboxes), `mending` (what a killed store left behind),
`links` (files sent by link are checked, kept, deleted), `codes` (for those who fetch them), `recovery`
(questions of those who forgot a password), `dispatch` (codes and notices to people), `programs` (mail
programs that wait for a word), `answers` (who answered what in a shared mailbox), `push` (devices whose page
is closed are told of new mail), `exports` and `imports` (mailboxes taken out as a file, files taken in),
`leaving` (absence messages of those who left, and what is erased), `privacy` (copies of people's data,
erasures), `feed` (runs that the console asked for), `desk` (acts on many, figures of the day),
`comparing` (directory and engines, every night).
The main thread seals the journal and keeps house.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO

import django

from casier.kernel.arrived import CHANNEL_ARRIVED
from casier.kernel.handed_over import CHANNEL as CHANNEL_HANDED_OVER
from casier.kernel.instance import OWN_STORE
from casier.kernel.programs import CHANNEL as CHANNEL_PROGRAMS
from casier.kernel.published import CHANNEL_DISPATCH, CHANNEL_OUTBOX, CHANNEL_SENDING
from casier.kernel.stored import CHANNEL_NOW

log = logging.getLogger("casier.worker")
# How long a lane waits for a wake (seconds) while Redis can't tell of new work, or work is to be tried again…
PATIENCE = 2.0
# …and while it can, and nothing is due.
CALM = 15.0
SOONEST = 0.1
# One message that is sent is told of several times within this (seconds); nothing is scanned within a second.
ONE_SENDING = 0.2
SEAL_EVERY = 5.0
TIDY_EVERY = 3600.0
AFTER_ERROR = 2.0


@dataclass(frozen=True, slots=True)
class Events:
    """What all lanes look at: whether to stop, and whether Redis tells of new work."""

    stopping: threading.Event
    told: threading.Event


class Lane(threading.Thread):
    """Calls STEP again and again: at once while there was work, else when woken or patience ends.

    GATHERING: seconds to wait after a wake, for what comes with it to be done in the same round.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        events: Events,
        channel: str = CHANNEL_OUTBOX,
        patience: Callable[[], float] = lambda: CALM,
        gathering: float = 0.0,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step, self._events, self.channel, self._patience = step, events, channel, patience
        self._gathering = gathering
        self.awake = threading.Event()

    def wake(self) -> None:
        self.awake.set()

    def run(self) -> None:
        from django.db import close_old_connections, connection

        while not self._events.stopping.is_set():
            self.awake.clear()
            close_old_connections()
            if self.awake.wait(self._round()):
                self._events.stopping.wait(self._gathering)
        connection.close()

    def _round(self) -> float:
        """Do what there is to do; how long to wait then."""
        try:
            if self._step():
                return 0
            return self._patience() if self._events.told.is_set() else PATIENCE
        except Exception:
            # The database may be away for a moment; the work is still in it.
            log.exception("lane %s", self.name)
            self._events.stopping.wait(AFTER_ERROR)
            return PATIENCE


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


def seconds_until(due: datetime | None, soonest: float) -> float:
    """How long to wait for what is DUE, if anything is: SOONEST to CALM seconds."""
    from django.utils import timezone

    left = CALM if due is None else (due - timezone.now()).total_seconds()
    return max(soonest, min(left, CALM))


def make_lanes(events: Events, pool: ThreadPoolExecutor, urgent_pool: ThreadPoolExecutor) -> list[Lane]:
    """The lanes of this worker."""
    from django.conf import settings

    from casier.audit import outbox
    from casier.console.figures.nightly import DeskLane
    from casier.feed.worker import step as feed_step
    from casier.identity.app_passwords.programs import tell_waiting
    from casier.identity.dispatch.worker import Dispatching
    from casier.identity.means.actions import forget_old_means
    from casier.identity.recovery import worker as recovery
    from casier.life import worker as life
    from casier.mailbox.arrivals.worker import Arrivals
    from casier.mailbox.consuming import TOPICS, URGENT_TOPICS
    from casier.mailbox.converging import converge_once
    from casier.mailbox.links import worker as links
    from casier.mailbox.mending.worker import Mending
    from casier.mailbox.nightly import Comparing
    from casier.mailbox.push.worker import Pushing
    from casier.mailbox.sending.worker import next_due, send_due
    from casier.mailbox.stores import store_named
    from casier.mailbox.teamwork.answers import Answers
    from casier.mailbox.transfer.taking import Imports
    from casier.mailbox.transfer.worker import Exports
    from casier.privacy.worker import Privacy

    name = worker_name()

    def again() -> float:
        """What another lane holds counts as due too: hence not at once."""
        return seconds_until(outbox.next_due(), PATIENCE)

    urgent, converge = (
        partial(converge_once, f"{name}/urgent", URGENT_TOPICS, urgent_pool),
        partial(converge_once, f"{name}/converge", TOPICS, pool),
    )
    here = settings.CASIER_INSTANCE
    pushing, dispatching = Pushing.of(here), Dispatching.of(here, forget_old_means)
    arrivals, mending, comparing = Arrivals(here), Mending(store_named(OWN_STORE)), Comparing()
    return [
        Lane("urgent", urgent, events, patience=again),
        Lane("converge", converge, events, patience=again),
        # People wait for the end of their time to undo: to the moment.
        Lane("sending", send_due, events, CHANNEL_SENDING, lambda: seconds_until(next_due(), SOONEST)),
        Lane("arrivals", arrivals.step, events, CHANNEL_NOW, lambda: PATIENCE, ONE_SENDING),
        # A large file takes minutes to check; a code is waited for.
        Lane("links", links.Files.of(settings.CASIER_INSTANCE).step, events),
        Lane("codes", links.send_codes, events),
        # Somebody who forgot a password waits for a link or a code before an open page.
        Lane("recovery", recovery.step, events),
        Lane("dispatch", dispatching.step, events, CHANNEL_DISPATCH, dispatching.patience),
        # Somebody sets up a telephone, and is asked whether it is theirs.
        Lane("programs", tell_waiting, events, CHANNEL_PROGRAMS),
        # Hours, for the largest mailboxes: they wait for each other, nothing else waits for them.
        Lane("exports", Exports(settings.CASIER_INSTANCE).step, events),
        Lane("imports", Imports(settings.CASIER_INSTANCE).step, events),
        # Whoever has left: answers in their name, and in the end everything that was theirs.
        Lane("leaving", life.step, events),
        # Copies of all about a person, and what is erased on their demand.
        Lane("privacy", Privacy(settings.CASIER_INSTANCE).step, events),
        # Every night: what no event told of.
        Lane("comparing", comparing.step, events),
        # Minutes, for a whole academy.
        Lane("feed", feed_step, events),
        # Acts on many; between them, the figures of the day and how full mailboxes are.
        Lane("desk", DeskLane().step, events, patience=lambda: PATIENCE),
        Lane("answers", Answers().step, events, CHANNEL_HANDED_OVER),
        Lane(
            "push", pushing.step, events, CHANNEL_ARRIVED, lambda: seconds_until(pushing.next_due(), SOONEST)
        ),
        Lane("mending", mending.step, events, patience=lambda: seconds_until(mending.next_due(), PATIENCE)),
    ]


def wake(lanes: list[Lane], channel: str) -> None:
    """Wake those that CHANNEL is for."""
    for lane in lanes:
        if lane.channel == channel:
            lane.wake()


def listen(lanes: list[Lane], events: Events) -> None:
    """Wake the lanes when Redis says that there is something to do. Without Redis they look by themselves."""
    import redis
    from django.conf import settings

    from casier.audit.wake import client

    while not events.stopping.is_set():
        try:
            connection = client(settings.REDIS_SOCKET)
            with connection.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                channel.subscribe(*{lane.channel for lane in lanes})
                events.told.set()
                for lane in lanes:
                    lane.wake()  # what was said while nobody listened
                while not events.stopping.is_set():
                    if message := channel.get_message(timeout=CALM):
                        wake(lanes, message["channel"].decode())
        except redis.RedisError as error:
            events.told.clear()
            log.info("no wakes (%s); looking every %s s", type(error).__name__, PATIENCE)
            events.stopping.wait(AFTER_ERROR)


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


def renew_rules() -> None:
    """Have people's rules written anew where an upgrade writes them in another way."""
    from casier.mailbox.filters.renewing import ask_where_outdated

    try:
        if count := ask_where_outdated():
            log.info("rules are written anew for %s people", count)
    except Exception:
        log.exception("writing rules anew")


def fill_find_lines() -> None:
    """Write by what people are found where an upgrade has brought it; searching waits for nothing."""
    from django.utils import timezone

    from casier.directory import finding

    try:
        if count := finding.fill(timezone.now()):
            log.info("%s people can be found", count)
    except Exception:
        log.exception("writing by what people are found")


def tidy(now: datetime) -> None:
    """Forget what was done long ago, and what may be kept no longer."""
    from casier.contributors.nightly import run_due as look_after_contributors
    from casier.identity.app_passwords import programs
    from casier.identity.means.actions import forget_old_means
    from casier.identity.passwords import expiry
    from casier.life.nightly import run_due
    from casier.mailbox.attaching.coming import forget_old as forget_old_uploads
    from casier.mailbox.delegations.following import look_over
    from casier.privacy.nightly import erase_due
    from casier.rights.api import look_after_reviews, settle_all
    from casier.schools.api import run_due as look_after_schools

    for step in (
        forget_old_means,
        programs.keep_house,
        expiry.give_notice,
        look_over,
        forget_old_uploads,
        # Before the life of accounts, which closes on the same day who leaves on it.
        look_after_contributors,
        run_due,
        look_after_schools,
        settle_all,
        look_after_reviews,
        # What may be kept no longer, by the table of retention: once a day.
        erase_due,
    ):
        step(now)


def watch_the_doors() -> None:
    """See whether an academy is under attack; tell of it, and people of locks on their account."""
    from casier.identity.guard.waves import look

    try:
        look(time.time())
    except Exception:
        log.exception("watching the doors")


def keep_house(stopping: threading.Event) -> None:
    """Seal the journal and tidy up, until the worker stops."""
    from django.conf import settings
    from django.db import close_old_connections
    from django.utils import timezone

    from casier.audit import sealing, witness

    tidied, seals = 0.0, witness.folder_of(settings.CASIER_INSTANCE)
    while not stopping.wait(SEAL_EVERY):
        close_old_connections()
        restore_published()
        renew_rules()
        watch_the_doors()
        try:
            while sealing.seal(timezone.now(), beside=seals) == sealing.BATCH:
                pass
            if time.monotonic() - tidied > TIDY_EVERY:
                tidy(timezone.now())
                tidied = time.monotonic()
        except Exception:
            log.exception("keeping house")


def main() -> None:
    """Run until SIGTERM or SIGINT; what is under way is finished, the rest stays in the outbox."""
    share_arenas()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    django.setup()
    from casier.mailbox.converging import CONNECTIONS

    events = Events(threading.Event(), threading.Event())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: events.stopping.set())
    with (
        only_worker(),
        ThreadPoolExecutor(CONNECTIONS) as pool,
        ThreadPoolExecutor(CONNECTIONS) as urgent_pool,
    ):
        recover()
        restore_published()
        lanes = make_lanes(events, pool, urgent_pool)
        for lane in lanes:
            lane.start()
        threading.Thread(target=listen, args=(lanes, events), daemon=True).start()
        log.info("ready: %s", ", ".join(lane.name for lane in lanes))
        fill_find_lines()
        keep_house(events.stopping)
        for lane in lanes:
            lane.wake()
            lane.join(timeout=10)
    log.info("stopped")


if __name__ == "__main__":
    main()
