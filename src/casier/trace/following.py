"""Following the messages of an address through the engines' logs.

Postfix's log is read twice: once for who is named, once for all that happened to those messages. The
filter's and the store's logs say the rest by queue number and Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from casier.trace.glancing import Glance, naming, queued_in, scanned_in, stored
from casier.trace.lines import Event, Kind, Said, of_cyrus, of_postfix, of_rspamd
from casier.trace.logs import Line, Log, dated_clock, machine_zone, syslog_clock

# The newest so many messages are followed; the rest is a question for a shorter time.
MOST = 200
# What was waiting may have come long before, and may go on long after.
AROUND = timedelta(minutes=10)
_TO_WHOM = {Kind.DELIVERED, Kind.SENT, Kind.WAITS, Kind.RETURNED, Kind.PUT_OFF, Kind.REFUSED}


@dataclass(slots=True)
class Followed:
    """One message: what is known of it, and everything that happened, in order."""

    queue: str
    message_id: str = ""
    sender: str = ""
    size: int = 0
    recipients: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.events[0].at


@dataclass(frozen=True, slots=True)
class Answer:
    """The messages that were found, the newest first, and whether there were more than are told.

    UNREAD: the parts whose logs can't be read at all (`postfix`, `rspamd`, `cyrus`). BEGINS: where Postfix's
    log begins, if that is later than what was asked for: of what lies before nothing is known.
    """

    messages: list[Followed]
    more: bool
    unread: tuple[str, ...] = ()
    begins: datetime | None = None

    @property
    def knows_nothing(self) -> bool:
        """Whether even who wrote to whom is unknown: an empty answer isn't that nothing came."""
        return "postfix" in self.unread


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs of one machine's engines."""

    postfix: Log
    rspamd: Log
    cyrus: Log

    @classmethod
    def of(cls, folder: Path, now: datetime) -> Logs:
        zone = machine_zone()
        return cls(
            Log(folder, "postfix.log", syslog_clock(now, zone)),
            Log(folder, "rspamd.log", dated_clock(zone)),
            Log(folder, "cyrus.log", dated_clock(zone)),
        )


def follow(
    logs: Logs, addresses: Collection[str], since: datetime, until: datetime, other: str = ""
) -> Answer:
    """What became of the messages that name one of ADDRESSES (as sender, sign-in or recipient), and OTHER,
    too, if given. Of other people's mailboxes nothing is told (`_own`).
    """
    wanted = {address.lower() for address in addresses}
    found = _named(logs, wanted, since, until)
    if other:
        # Before the newest are chosen: a day has more messages than are told.
        between = _named(logs, {other.lower()}, since, until)
        found = {key: message for key, message in found.items() if key in between}
    more = len(found) > MOST
    queues = list(found)[-MOST:]
    messages = {key: found[key] or Followed(key) for key in queues}
    _fill(logs, messages, since - AROUND, until + AROUND)
    told = [message for message in messages.values() if message.events]
    for message in told:
        _own(message, wanted)
        message.events.sort(key=_order)
        message.recipients = sorted({*message.recipients, *_recipients(message)})
    told.sort(key=lambda message: message.at, reverse=True)
    return Answer(told, more, *_unknown(logs, since))


def _unknown(logs: Logs, since: datetime) -> tuple[tuple[str, ...], datetime | None]:
    begun = {name: getattr(logs, name).begins() for name in ("postfix", "rspamd", "cyrus")}
    first = begun["postfix"]
    unread = tuple(name for name, at in begun.items() if at is None)
    return unread, first if first is not None and first > since else None


def _named(
    logs: Logs, wanted: Collection[str], since: datetime, until: datetime
) -> dict[str, Followed | None]:
    """The queue numbers of messages that name somebody of WANTED; what was refused at once has none."""
    found: dict[str, Followed | None] = {}
    for line in logs.postfix.lines(since, until, naming(wanted)):
        text = line.text.lower()
        said = of_postfix(line)
        if said is None or not _names(said, text, wanted):
            continue
        if said.queue:
            found.setdefault(said.queue, None)
        elif said.event is not None:
            key = text
            while key in found:  # the same again within a second
                key += "\n"
            found[key] = Followed("", sender=said.sender or "", events=[said.event])
    return found


def _names(said: Said, text: str, wanted: Collection[str]) -> bool:
    """Whether one of WANTED stands there whole: `anne@x.fr` isn't named by `jeanne@x.fr`."""
    return any(
        f"<{address}>" in text or f"={address}" in text.replace(",", " ").split() or _signed_in(said, address)
        for address in wanted
    )


def _signed_in(said: Said, address: str) -> bool:
    return said.event is not None and said.event.facts.get("login", "").lower() == address


def _fill(logs: Logs, messages: dict[str, Followed], since: datetime, until: datetime) -> None:
    by_queue = chain(
        _said(logs.postfix, of_postfix, since, until, queued_in(messages)),
        _said(logs.rspamd, of_rspamd, since, until, scanned_in(messages)),
    )
    for said in by_queue:
        if said.queue in messages:
            _add(messages[said.queue], said)
    by_id: dict[str, list[Followed]] = {}
    for message in messages.values():
        if message.message_id:
            by_id.setdefault(message.message_id, []).append(message)
    if not by_id:
        return
    for said in _said(logs.cyrus, of_cyrus, since, until, stored(by_id)):
        for message in by_id.get(said.message_id, ()):
            _add(message, said)


def _own(message: Followed, own: Collection[str]) -> None:
    """Leave of MESSAGE what concerns OWN: folders and rules of others are theirs, and so is what became of
    other copies, but for who sent it.
    """
    sent = message.sender.lower() in own or any(
        event.facts.get("login", "").lower() in own for event in message.events
    )
    kept = [event for event in message.events if _concerns(event, own, sent=sent)]
    message.events = kept if sent else [_without_place(event) for event in kept]


def _without_place(event: Event) -> Event:
    """From where a colleague signed in is theirs."""
    if event.kind is not Kind.CAME or not event.facts["login"]:
        return event
    return replace(event, facts={**event.facts, "from": ""})


def _concerns(event: Event, own: Collection[str], *, sent: bool) -> bool:
    if event.kind in {Kind.RULED, Kind.FILED}:
        return event.facts["mailbox"].lower() in own
    whom = {event.facts.get("to", "").lower(), event.facts.get("for", "").lower()} - {""}
    return sent or not whom or not whom.isdisjoint(own)


def _order(event: Event) -> tuple[datetime, int]:
    """By time; within a second, which is all that Postfix tells, as things come one after the other."""
    return event.at.replace(microsecond=0), list(Kind).index(event.kind)


def _said(
    log: Log, read: Callable[[Line], Said | None], since: datetime, until: datetime, glance: Glance
) -> Iterator[Said]:
    return (said for line in log.lines(since, until, glance) if (said := read(line)) is not None)


def _add(message: Followed, said: Said) -> None:
    message.message_id = message.message_id or said.message_id
    message.sender = message.sender or said.sender or ""
    message.size = message.size or said.size
    if said.event is not None:
        message.events.append(said.event)


def _recipients(message: Followed) -> Iterator[str]:
    for event in message.events:
        if event.kind in _TO_WHOM:
            who = event.facts.get("for") or event.facts.get("to", "")
            if who:
                yield who
