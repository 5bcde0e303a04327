"""When a message was received."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from casier.mailbox.importing import headers

_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
# IMAP's date-time (RFC 3501 §9) names months in English whatever the locale is.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse(text: bytes) -> datetime | None:
    """The date that TEXT says (RFC 5322, or asctime as in From_ lines), or None. No zone means UTC."""
    try:
        found = parsedate_to_datetime(text.decode("ascii", "replace").strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def of_file(content: bytes, file_time: datetime | None) -> datetime | None:
    """FILE_TIME where CONTENT says no date of its own; a file's time is often only that of a copy."""
    return None if parse(headers.first(headers.block(content), "Date")) else file_time


def received(head: bytes, container: datetime | None, now: datetime) -> datetime:
    """The internal date for a message with headers HEAD: delivery first, then the container, then writing.

    The topmost Received line is what the last server wrote, and an mbox's From_ line when it was delivered,
    so both come before `Date:`. Dates that can't be are passed over.
    """
    candidates = [
        parse(headers.first(head, "Received").rpartition(b";")[2]),
        container,
        parse(headers.first(head, "Date")),
    ]
    latest = now + timedelta(days=1)
    for candidate in candidates:
        if candidate is not None and _OLDEST <= candidate <= latest:
            return candidate
    return now


def imap(date: datetime) -> str:
    """DATE as IMAP's APPEND takes it."""
    zone = date.strftime("%z")[:5]
    return f"{date.day:2d}-{_MONTHS[date.month - 1]}-{date.year:04d} {date:%H:%M:%S} {zone or '+0000'}"
