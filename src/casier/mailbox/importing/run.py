"""The import itself: read, leave out what is there, scan, append; in the same memory whatever there is."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from casier.engines.clamav.clamd import Clamd, Finding
from casier.kernel.errors import Unavailable
from casier.mailbox.importing import attachments, dates, headers, names, normal
from casier.mailbox.importing.appending import (
    Appended,
    Entry,
    StoreConnection,
    StoreRefused,
    StoreTroubled,
    fingerprint,
)
from casier.mailbox.importing.found import Found, Message, Origin, Reason, Unreadable

BATCH_MESSAGES, BATCH_BYTES = 50, 4_000_000
WORKERS = 3


@dataclass(slots=True)
class Report:
    """What an import did."""

    imported: int = 0
    known: int = 0
    octets: int = 0
    known_octets: int = 0
    folders: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    left_out: list[Unreadable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message in the form that the store takes."""

    origin: Origin
    folder: str
    entry: Entry
    mark: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How to reach the store and the scanner; each worker opens its own."""

    store: Callable[[], StoreConnection]
    scanner: Callable[[], Clamd]
    now: datetime
    # told what was scanned before it was stored: it isn't scanned again where it lies
    vouch: Callable[[str, Appended], None] = lambda _folder, _placed: None
    # told of each folder that was made
    made: Callable[[str], None] = lambda _folder: None


class Import:
    """One import into one mailbox.

    A message is there already when the mailbox, in whatever folder, held one with the same content when the
    import began: it may have been filed elsewhere since. Twice in the source in two folders, it goes to both.
    """

    def __init__(
        self, ways: Ways, progress: Callable[[Report], None] = lambda _: None, *, doubles: bool = False
    ) -> None:
        """DOUBLES: take in what is there already, too."""
        self._ways, self._doubles = ways, doubles
        self._progress = progress
        self._local = threading.local()
        self._open = ExitStack()
        self._lock = threading.Lock()
        self.report = Report()

    def run(self, source: Iterable[Found], dry_run: bool = False) -> Report:
        """Import SOURCE; with DRY_RUN only say what would be.

        Raises Unavailable when the store or the scanner stops; what was appended until then stays, and the
        next run goes on after it.
        """
        with self._open, ThreadPoolExecutor(WORKERS) as pool:
            with self._ways.store() as store:
                folders = store.folders()
                there = () if self._doubles else folders
                known = {mark for folder in there for mark in store.fingerprints(folder)}
            ready = self._ready(source, known, {use: name for name, use in folders.items() if use})
            if dry_run:
                for item in ready:
                    self._count([item])
            else:
                self._append_all(pool, batches(ready), set(folders))
        return self.report

    def _ready(self, source: Iterable[Found], known: set[str], special: dict[str, str]) -> Iterator[Ready]:
        """What is to be appended, in order; the rest goes to the report."""
        done: set[tuple[str, str]] = set()
        for found in source:
            item = self._prepare(found, special)
            if item is None:
                continue
            if item.mark in known or (item.folder, item.mark) in done:
                self.report.known += 1
                self.report.known_octets += len(item.entry.content)
                self._progress(self.report)
                continue
            done.add((item.folder, item.mark))
            yield item

    def _prepare(self, found: Found, special: dict[str, str]) -> Ready | None:
        if isinstance(found, Unreadable):
            self._leave_out(found)
            return None
        try:
            message = normal.normalise(found.content)
        except normal.NotMail:
            self._leave_out(Unreadable(found.origin, Reason.NOT_MAIL))
            return None
        self.report.repairs.update(message.repairs)
        return Ready(
            found.origin,
            names.on_store(found.folder, special),
            Entry(message.content, self._date(found, message.content), _flags(found, message.content)),
            fingerprint(message.content),
        )

    def _date(self, found: Message, content: bytes) -> str:
        return dates.imap(dates.received(headers.block(content), found.container_date, self._ways.now))

    def _append_all(self, pool: ThreadPoolExecutor, work: Iterable[list[Ready]], folders: set[str]) -> None:
        """Hand the batches to the workers, few at a time: reading waits when the store is slower."""
        pending: set[Future[None]] = set()
        try:
            for batch in work:
                self._ensure(batch[0].folder, folders)
                pending.add(pool.submit(self._append, batch))
                if len(pending) > WORKERS:
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    _raise_first(done)
            _raise_first(wait(pending).done)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise

    def _ensure(self, folder: str, folders: set[str]) -> None:
        """Make FOLDER where it isn't; parents come by themselves."""
        if folder not in folders:
            with self._ways.store() as store:
                store.create(folder)
            folders.add(folder)
            self._ways.made(folder)

    def _append(self, batch: list[Ready]) -> None:
        """Scan and append one batch; one that the store refuses is tried again message by message."""
        store, scanner = self._connections()
        clean = [item for item in batch if self._passes(scanner, item)]
        try:
            if clean:
                self._add(store, clean)
        except StoreRefused:
            clean = self._append_singly(store, clean)
        self._count(clean)

    def _append_singly(self, store: StoreConnection, items: list[Ready]) -> list[Ready]:
        """Those of ITEMS that it took. Raises Unavailable where it took none: the trouble is then its own."""
        added, refused = [], list[tuple[Ready, StoreRefused]]()
        for item in items:
            try:
                self._add(store, [item])
                added.append(item)
            except StoreRefused as refusal:
                if "OVERQUOTA" in str(refusal):
                    raise
                refused.append((item, refusal))
        if not added and all(isinstance(why, StoreTroubled) for _, why in refused):
            raise Unavailable(f"store: {refused[-1][1]}", part="cyrus")
        for item, why in refused:
            self._leave_out(Unreadable(item.origin, Reason.REFUSED, str(why)))
        return added

    def _add(self, store: StoreConnection, items: list[Ready]) -> None:
        folder = items[0].folder
        placed = store.append(folder, [item.entry for item in items])
        if placed is not None:
            self._ways.vouch(folder, placed)

    def _passes(self, scanner: Clamd, item: Ready) -> bool:
        report = scanner.scan_message(item.entry.content)
        if not report.clean:
            reason = Reason.VIRUS if report.finding is Finding.VIRUS else Reason.UNSCANNABLE
            self._leave_out(Unreadable(item.origin, reason, report.detail))
        return report.clean

    def _connections(self) -> tuple[StoreConnection, Clamd]:
        """This worker's own connections, opened at its first batch, closed with the import."""
        if not hasattr(self._local, "ways"):
            with self._lock:
                self._local.ways = (
                    self._open.enter_context(self._ways.store()),
                    self._open.enter_context(self._ways.scanner()),
                )
        ways: tuple[StoreConnection, Clamd] = self._local.ways
        return ways

    def _count(self, items: list[Ready]) -> None:
        with self._lock:
            for item in items:
                self.report.imported += 1
                self.report.octets += len(item.entry.content)
                self.report.folders[item.folder] += 1
        self._progress(self.report)

    def _leave_out(self, what: Unreadable) -> None:
        with self._lock:
            self.report.left_out.append(what)
        self._progress(self.report)


def batches(items: Iterable[Ready]) -> Iterator[list[Ready]]:
    """ITEMS in runs for one folder each, bounded in number and size."""
    batch: list[Ready] = []
    size = 0
    for item in items:
        length = len(item.entry.content)
        full = len(batch) == BATCH_MESSAGES or size + length > BATCH_BYTES
        if batch and (full or item.folder != batch[0].folder):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch


def _flags(found: Message, content: bytes) -> tuple[str, ...]:
    flags = set(found.flags)
    if attachments.has_attachment(content):
        flags.add("$HasAttachment")
    return tuple(sorted(flags))


def _raise_first(done: Iterable[Future[None]]) -> None:
    for future in done:
        future.result()
