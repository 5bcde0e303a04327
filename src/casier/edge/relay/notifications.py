"""Cyrus's datagrams: what they say, and whom it concerns.

A datagram is a row of strings that end in NUL: method, class, priority, user, mailbox, number of options,
options, message. The message is the event in JSON (RFC 5423 names, Cyrus's own parameters).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_MAIL = ("Email", "Mailbox", "Thread")
_AGENDA = ("CalendarEvent",)
_CONTACTS = ("ContactCard",)
_SUBMISSION = ("EmailSubmission",)
# What a mailbox holds, by the letter that Cyrus gives its kind.
_TYPES = {"c": _AGENDA, "a": _CONTACTS, "s": _SUBMISSION}
# Rights (RFC 4314) that let someone see that a mailbox changed.
_SEES = frozenset("lr")
_HEAD = 5  # method, class, priority, user, mailbox


class Malformed(Exception):
    """What came is not a notification."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed in ACCOUNT; its browsers ask JMAP what. No content, by intent."""

    account: str  # mailbox key of the owner
    types: tuple[str, ...]
    audience: frozenset[str]  # mailbox keys of all who see the folder


def message_of(datagram: bytes) -> str:
    """The message in DATAGRAM. Raises Malformed."""
    fields = datagram.split(b"\0")
    if len(fields) <= _HEAD + 1 or not fields[_HEAD].isdigit():
        raise Malformed("too few fields")
    place = _HEAD + 1 + int(fields[_HEAD])
    if place >= len(fields):
        raise Malformed("no message")
    return fields[place].decode("utf-8", "replace")


def event_in(datagram: bytes) -> dict[str, Any]:
    """The event in DATAGRAM. Raises Malformed."""
    try:
        event = json.loads(message_of(datagram))
    except json.JSONDecodeError as error:
        raise Malformed("no JSON") from error
    if not isinstance(event, dict):
        raise Malformed("no event")
    return event


def change_in(event: dict[str, Any]) -> Change | None:
    """What EVENT changed for whom, or None when nobody need know."""
    owner = owner_of(str(event.get("uri", "")))
    if not owner:
        return None
    types = _TYPES.get(str(event.get("vnd.cmu.mbtype", ""))[:1], _MAIL)
    return Change(owner, types, frozenset({owner, *_readers(event)}))


def owner_of(uri: str) -> str:
    """The mailbox key of the owner.

    `imap://host/user/camille/Sent%40example.org;UIDVALIDITY=1` belongs to camille@example.org: the domain is
    at the end of the whole name. "" for what belongs to nobody.
    """
    path = uri.partition("://")[2].partition("/")[2]
    name = unquote(path.partition(";")[0])
    kind, _, rest = name.partition("/")
    if kind != "user" or not rest:
        return ""
    folders, at, domain = rest.rpartition("@")
    if not at:
        return rest.partition("/")[0]
    return f"{folders.partition('/')[0]}@{domain}"


def _readers(event: dict[str, Any]) -> set[str]:
    """Those whom the access list lets see the mailbox, without groups and `anyone`."""
    words = str(event.get("vnd.cmu.mailboxACL", "")).split("\t")
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name for name, rights in pairs if "@" in name and name[0] != "-" and _SEES & set(rights)}
