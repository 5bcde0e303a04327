"""Who wrote what has just come: read from the store for a moment, kept nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from casier.engines.cyrus.store import Store
from casier.kernel.addresses import BadAddress, MailAddress
from casier.kernel.arrived import Arrived
from casier.mailbox.arrivals.folders import Moved, OpenFolder

_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
_SET = re.compile(r"[0-9:,]{1,200}")


@dataclass(frozen=True, slots=True)
class Head:
    """Of one message; empty where nothing can be read."""

    author: str = ""
    sender: str = ""  # who wrote on the author's behalf
    message_id: str = ""


def heads_of(store: Store, event: Arrived) -> list[Head]:
    """Of each message of EVENT that is still there. Raises Unavailable or StoreRefused."""
    if not _SET.fullmatch(event.uids):
        return []
    with store.person(event.owner) as connection:
        try:
            OpenFolder(connection, "INBOX", event.uid_validity)
        except Moved:
            return []
        asked = f"UID FETCH {event.uids} (BODY.PEEK[HEADER.FIELDS (FROM SENDER MESSAGE-ID)])"
        lines = connection.run(asked).expect().lines
    return [head for line in lines if (head := head_in(line)) is not None]


def head_in(line: bytes) -> Head | None:
    """What the line of a FETCH holds; None where it holds no header."""
    begun = _LITERAL.search(line)
    if begun is None:
        return None
    header = message_from_bytes(line[begun.end() : begun.end() + int(begun[1])])
    message_id = str(header.get("Message-ID", "")).strip()
    return Head(_address(header, "From"), _address(header, "Sender"), message_id)


def _address(header: Message, name: str) -> str:
    """The first address there that can be read."""
    for _, address in getaddresses([str(value) for value in header.get_all(name, [])]):
        try:
            return str(MailAddress.parse(address)).lower()
        except BadAddress:
            continue
    return ""
