"""Looking through a person's folders for what was delivered twice, and taking the other out."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.engines.cyrus.imap import ImapConnection, StoreRefused
from casier.engines.cyrus.store import Store, mailbox_name
from casier.kernel.errors import Unavailable
from casier.mailbox.arrivals.folders import Moved, OpenFolder, folders_of, status
from casier.mailbox.arrivals.quarantine import in_journal
from casier.mailbox.mending.deliveries import Copy, Delivery, Doubled, candidates, delivery_of, doubled

log = logging.getLogger(__name__)
MENDER = Actor.system("mending")
# A database may be found torn a little after a second delivery has come.
BEFORE = timedelta(minutes=15)
# Postfix delivers again what it has in its queue, and keeps nothing longer: the first copy may be as old.
QUEUE_LIFETIME = timedelta(days=5)
_AT_ONCE = 200
_FACTS = "(FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
_UID = re.compile(rb"\bUID (\d+)")
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")
_AT = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_MESSAGE_ID = re.compile(rb"message-id:\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """From when one of the two must have come, and what time it is."""

    since: datetime
    now: datetime

    @classmethod
    def around(cls, torn_at: datetime, now: datetime) -> Period:
        return cls(torn_at - BEFORE, now)

    @property
    def search(self) -> str:
        """What IMAP is asked for (RFC 5032): all that could be one of two."""
        return f"YOUNGER {int((self.now - self.since + QUEUE_LIFETIME).total_seconds())}"


def remove_doubled(owner: str, period: Period, store: Store) -> int:
    """Take out what was delivered to OWNER twice; how many messages that were. Raises Unavailable.

    As the owner; where that isn't allowed (suspended) as the platform, which doesn't see what they have read.
    """
    try:
        with store.person(owner) as connection:
            return sum(
                _in_folder(connection, owner, name, validity, period)
                for validity, (name, _) in folders_of(connection).items()
            )
    except StoreRefused as error:
        raise Unavailable(f"store: {error}", part="cyrus") from error
    except Unavailable:
        return sum(_as_platform(owner, folder, period, store) for folder in store.folders(owner))


def _as_platform(owner: str, folder: str, period: Period, store: Store) -> int:
    name = mailbox_name(owner, folder)
    with store.granted(owner, folder) as connection:
        validity, _ = status(connection, name)
        return _in_folder(connection, owner, name, validity, period)


def _in_folder(connection: ImapConnection, owner: str, name: str, validity: int, period: Period) -> int:
    try:
        opened = OpenFolder(connection, name, validity)
    except (Moved, StoreRefused):
        return 0  # renamed or deleted meanwhile, or not to be read
    copies = list(_copies(connection, period))
    count = 0
    for same in candidates(copies, period.since):
        for found in doubled(same, _deliveries(opened, same), period.since):
            _settle(opened, owner, name, found)
            count += len(found.removed)
    return count


def _copies(connection: ImapConnection, period: Period) -> Iterator[Copy]:
    found = connection.run(f"UID SEARCH {period.search}").expect().lines
    uids = [word.decode() for line in found if line.startswith(b"* SEARCH") for word in line.split()[2:]]
    for start in range(0, len(uids), _AT_ONCE):
        answer = connection.run(f"UID FETCH {','.join(uids[start : start + _AT_ONCE])} {_FACTS}").expect()
        yield from parse_copies(answer.lines)


def parse_copies(lines: Iterable[bytes]) -> Iterator[Copy]:
    """What the lines of a FETCH tell of each message. What isn't understood can't be compared."""
    for line in lines:
        uid, flags, at = _UID.search(line), _FLAGS.search(line), _AT.search(line)
        if uid and flags and at:
            named = _MESSAGE_ID.search(line)
            yield Copy(
                int(uid[1]),
                datetime.strptime(at[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z"),
                frozenset(flags[1].decode("utf-8", "replace").split()),
                named[1] if named else b"",
            )


def _deliveries(opened: OpenFolder, same: Sequence[Copy]) -> dict[int, Delivery]:
    found = {}
    for copy in same:
        size = opened.sizes(copy.uid, copy.uid).get(copy.uid, 0)
        if delivery := delivery_of(opened.pieces(copy.uid, size)):
            found[copy.uid] = delivery
    return found


def _settle(opened: OpenFolder, owner: str, name: str, found: Doubled) -> None:
    """Journal, what was done with it, then out: whatever breaks in between is done again."""
    uids = ",".join(str(copy.uid) for copy in found.removed)
    log.warning("%s: %s: UID %s was delivered again as %s", owner, name, found.kept.uid, uids)
    target, academy = in_journal(owner)
    with transaction.atomic():
        record(
            MENDER, "message.doubled", target, "torn", academy=academy,
            folder=name, kept=found.kept.uid, removed=uids,
            message_id=found.kept.message_id.decode("utf-8", "replace"),
        )  # fmt: skip
    opened.mark(found.kept.uid, sorted(found.marks_to_add))
    for copy in found.removed:
        opened.remove(copy.uid)
