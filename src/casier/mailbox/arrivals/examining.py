"""Looking at a folder's open messages: clamd's word on each, and what follows from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from casier.engines.clamav.clamd import Finding, Report, Scanner
from casier.engines.cyrus.imap import ImapConnection, StoreRefused
from casier.engines.cyrus.store import Store, mailbox_name
from casier.kernel.errors import Unavailable
from casier.mailbox.arrivals import marks, quarantine, words
from casier.mailbox.arrivals.folders import SMALL, Moved, OpenFolder, folders_of, status
from casier.mailbox.arrivals.models import Quarantined, WatchedFolder
from casier.mailbox.arrivals.quarantine import Quarantine
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.importing import names

# One folder is looked at for so long; then it is the turn of another, so that a large copy delays nobody.
TURN_SECONDS = 2.0
RUN = 500
GROUP_MESSAGES, GROUP_OCTETS = 50, 4_000_000
UNKNOWN_AGAIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Ways:
    """What is needed to look at folders."""

    store: Store
    scanner: Scanner
    quarantine: Quarantine
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic


def examine(folder: WatchedFolder, ways: Ways) -> None:
    """Look at FOLDER for one turn and settle what was seen. Raises Unavailable.

    As its owner; where that isn't allowed (suspended, or the right to read was given up) as the platform.
    """
    try:
        with ways.store.person(folder.owner) as connection:
            _turn(connection, folder.name, folder, ways)
    except Moved:
        look(folder.owner, ways)
    except (StoreRefused, Unavailable) as error:
        if isinstance(error, Unavailable) and error.facts.get("part") != "cyrus":
            raise
        _as_platform(folder, ways)


def look(owner: str, ways: Ways) -> None:
    """See what folders OWNER has and up to where; what no event told of is open now. Raises Unavailable."""
    try:
        with ways.store.person(owner) as connection:
            found = folders_of(connection)
    except (StoreRefused, Unavailable):
        found = _folders_as_platform(owner, ways.store)
    marks.seen(owner, found, ways.now())


def _as_platform(folder: WatchedFolder, ways: Ways) -> None:
    try:
        with ways.store.granted(folder.owner, folder.name) as connection:
            _turn(connection, mailbox_name(folder.owner, folder.name), folder, ways)
    except (Moved, StoreRefused):
        look(folder.owner, ways)


def _folders_as_platform(owner: str, store: Store) -> dict[int, tuple[str, int]]:
    found = {}
    for name in store.folders(owner):
        with store.granted(owner, name) as connection:
            validity, last = status(connection, mailbox_name(owner, name))
            found[validity] = (name, last)
    return found


def _turn(connection: ImapConnection, name: str, folder: WatchedFolder, ways: Ways) -> None:
    opened = OpenFolder(connection, name, folder.uid_validity)
    end = ways.clock() + TURN_SECONDS
    settled, unknown = Uids(), Uids()
    try:
        for first, last in folder.open_uids.runs(RUN):
            unsure = Uids()
            for uid, report, octets in _reports(opened, first, last, ways.scanner):
                if report.finding is Finding.UNKNOWN:
                    unsure |= Uids.between(uid, uid)
                elif not report.clean:
                    _take_out(opened, folder, uid, report, octets, ways)
            settled |= Uids.between(first, last) - unsure
            unknown |= unsure
            if ways.clock() > end:
                break
    finally:
        again = ways.now() + (UNKNOWN_AGAIN if unknown else timedelta())
        marks.settle(folder.owner, folder.uid_validity, settled, again=again)


def _reports(
    opened: OpenFolder, first: int, last: int, scanner: Scanner
) -> Iterator[tuple[int, Report, int]]:
    """UID, clamd's word and size of each message from FIRST to LAST."""
    sizes = opened.sizes(first, last)
    for group in _groups({uid: size for uid, size in sizes.items() if size <= SMALL}):
        for uid, content in opened.small(group).items():
            yield uid, scanner.scan_message(content), len(content)
    for uid, size in sizes.items():
        if size > SMALL:
            yield uid, scanner.scan_message(opened.pieces(uid, size)), size


def _groups(sizes: dict[int, int]) -> Iterator[list[int]]:
    group: list[int] = []
    octets = 0
    for uid, size in sizes.items():
        if group and (len(group) == GROUP_MESSAGES or octets + size > GROUP_OCTETS):
            yield group
            group, octets = [], 0
        group.append(uid)
        octets += size
    if group:
        yield group


def _take_out(
    opened: OpenFolder, folder: WatchedFolder, uid: int, report: Report, octets: int, ways: Ways
) -> None:
    """Row and journal, file, note, then out of the mailbox: whatever breaks in between is done again."""
    now = ways.now()
    taken = quarantine.entered(folder, uid, report, octets, now)
    ways.quarantine.keep(taken, opened.pieces(uid, octets))
    _leave_note(opened, taken, ways, now)
    opened.remove(uid)


def _leave_note(opened: OpenFolder, taken: Quarantined, ways: Ways, now: datetime) -> None:
    if opened.has_note(taken.uid + 1, taken.reference):
        return
    with ways.quarantine.file(taken).open("rb") as file:
        note = words.note(taken, file.read(words.HEAD), names.decode(taken.folder), now)
    try:
        opened.add(note)
    except StoreRefused as error:
        # a full mailbox has no room for a note; the virus goes all the same
        if "OVERQUOTA" not in str(error):
            raise
