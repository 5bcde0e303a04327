"""What came into a folder of the store, as the relay tells the worker: the schema between the two.

casier:stored        stream; field `events`: a JSON list of Stored
casier:stored:whole  there while nothing that came in can have been lost on the way to the stream;
                     its absence (a new relay, an emptied Redis) makes the worker look at every folder
casier:stored:now    pub/sub channel: something in the stream should be looked at soon
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from casier.kernel.published import PREFIX

STREAM = PREFIX + "stored"
WHOLE = PREFIX + "stored:whole"
CHANNEL_NOW = PREFIX + "stored:now"
FIELD = "events"
# Far more than the worker falls behind; what is cut off is found again by looking at the folders.
LONGEST = 200_000


class Road(StrEnum):
    """How a message came into a folder."""

    DELIVERED = "delivered"  # from Postfix, scanned on its way
    APPENDED = "appended"  # a mail program put it there (IMAP)
    MADE = "made"  # JMAP: a draft, an import, something given back
    COPIED = "copied"  # from another folder


@dataclass(frozen=True, slots=True)
class Source:
    """Where a copy came from."""

    owner: str
    uid_validity: int
    uids: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Messages that came into one folder. A folder is its owner and UIDVALIDITY: both outlive its name."""

    road: Road
    owner: str  # mailbox key
    folder: str  # as its owner calls it, in IMAP's encoding
    uid_validity: int
    uids: str  # a set of RFC 9051: `4`, `4:7,9`
    last: int  # the folder's highest UID
    source: Source | None = None

    @property
    def is_draft(self) -> bool:
        """Written in the web client or its like: its attachments were scanned when they were uploaded."""
        return self.road is Road.MADE and self.folder == "Drafts"

    @classmethod
    def read(cls, facts: dict[str, object]) -> Self:
        """From JSON. Raises KeyError, TypeError or ValueError."""
        source = facts.get("source")
        return cls(
            Road(str(facts["road"])),
            str(facts["owner"]),
            str(facts["folder"]),
            int(str(facts["uid_validity"])),
            str(facts["uids"]),
            int(str(facts["last"])),
            Source(str(source["owner"]), int(source["uid_validity"]), str(source["uids"]))
            if isinstance(source, dict)
            else None,
        )


def dumps(events: Iterable[Stored]) -> str:
    """EVENTS as the stream's field."""
    return json.dumps([asdict(event) for event in events], ensure_ascii=False)


def loads(text: str | bytes) -> list[Stored]:
    """The events in a stream's field. Raises ValueError, KeyError or TypeError."""
    return [Stored.read(facts) for facts in json.loads(text)]
