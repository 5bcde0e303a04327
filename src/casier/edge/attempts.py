"""Brakes on guessing: wrong logins are counted by source and name, in Redis, for ten minutes.

Only wrong answers are slowed. An application password is 128 random bits, so guessing it is hopeless, while a
telephone with an old password must not lock out the computer beside it.
"""

from __future__ import annotations

import hashlib

from casier.edge.records import Records
from casier.kernel.published import PREFIX

WINDOW = 600  # seconds
MOST_PER_NAME = 20
MOST_PER_SOURCE = 1000  # a school is one address with hundreds of people behind it
WAIT = 2  # seconds before a wrong login is answered
LONG_WAIT = 10  # the same when there were too many


def counters(source: str, user: str) -> tuple[str, str]:
    """The counters' keys; names are hashed so that Redis holds no list of what people typed."""
    name = hashlib.sha256(user.lower().encode("utf-8", "replace")).hexdigest()[:24]
    return f"{PREFIX}failed:{source}:{name}", f"{PREFIX}failed:{source}"


async def note_failure(records: Records, source: str, user: str) -> bool:
    """Count one wrong login; whether there were too many from there."""
    by_name, by_source = counters(source, user)
    for_name = await records.add(by_name, 1, WINDOW)
    for_source = await records.add(by_source, 1, WINDOW)
    return for_name > MOST_PER_NAME or for_source > MOST_PER_SOURCE
