"""Flags as mbox, Maildir and mail programs write them, as IMAP names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from casier.mailbox.importing import headers

_STATUS = {"R": "\\Seen"}
_X_STATUS = {"A": "\\Answered", "F": "\\Flagged", "D": "\\Deleted", "T": "\\Draft"}
_MAILDIR = {
    "S": "\\Seen",
    "R": "\\Answered",
    "F": "\\Flagged",
    "D": "\\Draft",
    "T": "\\Deleted",
    "P": "$Forwarded",
}
_MOZILLA = {0x1: "\\Seen", 0x2: "\\Answered", 0x4: "\\Flagged", 0x8: "\\Deleted", 0x1000: "$Forwarded"}
_INFO = re.compile(r"[:;!]2,([A-Za-z]*)$")
_ATOM = re.compile(r"[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|~-]{1,60}")
_KEYWORDS = 20

STATE_HEADERS = frozenset(
    {b"status", b"x-status", b"x-keywords", b"x-uid", b"x-imap", b"x-imapbase", b"content-length"}
    | {b"x-mozilla-status", b"x-mozilla-status2", b"x-mozilla-keys"}
)
"""What programs write into an mbox for themselves. No part of the message; it changes at each reading."""


def of_headers(head: bytes) -> frozenset[str]:
    """The flags that the state lines of an mbox's message say."""
    found = {flag for letter, flag in _STATUS.items() if letter in _text(head, "Status")}
    found |= {flag for letter, flag in _X_STATUS.items() if letter in _text(head, "X-Status")}
    try:
        bits = int(_text(head, "X-Mozilla-Status") or "0", 16)
    except ValueError:
        bits = 0
    found |= {flag for bit, flag in _MOZILLA.items() if bits & bit}
    words = (_text(head, "X-Keywords") + " " + _text(head, "X-Mozilla-Keys")).replace(",", " ").split()
    return frozenset(found | keywords(words))


def of_maildir_name(name: str, letters: Mapping[str, str]) -> frozenset[str]:
    """The flags in a Maildir file's NAME; LETTERS gives what the folder's small letters stand for."""
    info = _INFO.search(name)
    if info is None:
        return frozenset()
    found = {_MAILDIR[letter] for letter in info[1] if letter in _MAILDIR}
    return frozenset(found | keywords(letters[letter] for letter in info[1] if letter in letters))


def keyword_letters(text: str) -> dict[str, str]:
    """What Dovecot's `dovecot-keywords` says: `0 work` means that the letter `a` is the keyword `work`."""
    letters = {}
    for line in text.splitlines():
        number, _, word = line.partition(" ")
        if number.isdigit() and int(number) < 26:
            letters[chr(ord("a") + int(number))] = word.strip()
    return letters


def keywords(words: Iterable[str]) -> set[str]:
    """Those of WORDS that may be IMAP keywords; a handful, for a mailbox can hold only so many."""
    return set(sorted({word for word in words if _ATOM.fullmatch(word)})[:_KEYWORDS])


def _text(head: bytes, name: str) -> str:
    return headers.first(head, name).decode("ascii", "replace")
