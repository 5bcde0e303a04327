"""New mail in the inboxes of those who want to be told while no page is open, as the relay tells the worker.

casier:push:wanted    set of the keys of mailboxes whose new mail some device is to be told of (worker)
casier:push:whole     there while that set holds everybody; its absence makes the worker write it anew
casier:push:arrived   stream; field `events`: a JSON list of Arrived
casier:push:now       pub/sub channel: something is in the stream
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from casier.kernel.published import PREFIX

WANTED = PREFIX + "push:wanted"
WHOLE = PREFIX + "push:whole"
STREAM = PREFIX + "push:arrived"
CHANNEL_ARRIVED = PREFIX + "push:now"
FIELD = "events"
# Far more than the worker falls behind; what is cut off is told with the next message.
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """Messages that were delivered to one inbox."""

    owner: str  # mailbox key
    uid_validity: int
    uids: str  # a set of RFC 9051
    # Digests of the sessions that have a page open, of all who may open the inbox: those see it come.
    live: tuple[str, ...] = ()


def dumps(events: Iterable[Arrived]) -> str:
    """EVENTS as the stream's field."""
    return json.dumps([asdict(event) for event in events])


def loads(text: str | bytes) -> list[Arrived]:
    """The events in a stream's field. Raises ValueError, KeyError or TypeError."""
    return [
        Arrived(str(one["owner"]), int(one["uid_validity"]), str(one["uids"]), tuple(map(str, one["live"])))
        for one in json.loads(text)
    ]
