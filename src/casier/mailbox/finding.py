"""What a search can't find yet: messages that wait to be indexed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache

from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store
from casier.kernel.errors import Unavailable

# Indexing takes a second or two. So long after, somebody who looks for what just came would wonder.
LATE_SECONDS = 60.0
_KEPT_SECONDS = 5


def missing_since(store: Store, now: float) -> datetime | None:
    """Since when messages may be missing from the results of a search; None while the index keeps up.

    None too where the store's host can't tell now: a search that works isn't to be doubted for that.
    """
    try:
        waiting = store.ask_agent({"do": "indexing"}).get("since")
    except (Unavailable, StoreRefused):
        return None
    if not isinstance(waiting, int | float) or now - waiting <= LATE_SECONDS:
        return None
    return datetime.fromtimestamp(waiting, UTC)


def missing_now(store: Store) -> datetime | None:
    """The same, asked at most every five seconds by each process, however many people search."""
    return _missing_in(store, int(time.time()) // _KEPT_SECONDS)


@lru_cache(maxsize=4)
def _missing_in(store: Store, _span: int) -> datetime | None:
    return missing_since(store, time.time())
