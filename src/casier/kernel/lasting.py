"""Until when something lasts, as people say it."""

from __future__ import annotations

from datetime import datetime, timedelta


def last_moment(end: datetime) -> datetime:
    """A moment of the last day before END: what lasts through a day ends at the midnight after it."""
    return end.replace(microsecond=0) - timedelta(seconds=1)
