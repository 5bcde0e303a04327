"""Dates and typography as French letters write them, in Paris time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_WINTER, _SUMMER = timezone(timedelta(hours=1), "CET"), timezone(timedelta(hours=2), "CEST")
_BEFORE = re.compile(r"(?<=\S) (?=[;:?!»%€])")
_ELIDED = re.compile(r"\b([Dd])e (?=[aeiouyàâéèêîôAEIOUYÀÂÉÈÊÎÔ]|histoire|Hugo)")
_ARTICLE = re.compile(r"\b(?:à|de) les? (?=[a-z])", re.I)
_CONTRACTED = {"à le ": "au ", "à les ": "aux ", "de le ": "du ", "de les ": "des "}
_AFTER = re.compile(r"(?<=«) ")


def paris(moment: datetime) -> datetime:
    """MOMENT in Paris time. The rule is written out: a small system may have no table of time zones."""
    moment = moment.astimezone(UTC)
    begins, ends = _last_sunday(moment.year, 3), _last_sunday(moment.year, 10)
    return moment.astimezone(_SUMMER if begins <= moment < ends else _WINTER)


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    """HOUR:MINUTE in Paris on the day of DAY."""
    local = paris(day).replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    offset = paris(local.replace(tzinfo=UTC)).utcoffset() or timedelta()
    return local.replace(tzinfo=timezone(offset))


def _last_sunday(year: int, month: int) -> datetime:
    """When clocks change in MONTH: the last Sunday at one o'clock UTC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def day(moment: datetime) -> str:
    """`mardi 24 novembre`."""
    local = paris(moment)
    return f"{_DAYS[local.weekday()]} {local.day}{'er' if local.day == 1 else ''} {MONTHS[local.month - 1]}"


def clock(moment: datetime) -> str:
    """`14 h 05`."""
    local = paris(moment)
    return f"{local.hour} h {local.minute:02d}"


def contracted(text: str) -> str:
    """TEXT with `de` and `à` as they are before what was filled in: d'avril, au musée, aux archives."""
    text = _ELIDED.sub(r"\1'", text)
    return _ARTICLE.sub(lambda match: _CONTRACTED[match[0].lower()], text)


def typographic(text: str) -> str:
    """TEXT with the non-breaking spaces of French typography."""
    return _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text))
