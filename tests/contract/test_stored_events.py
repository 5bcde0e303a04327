"""Cyrus's events of messages that come in, as it wrote them."""

from __future__ import annotations

from typing import Any

import pytest

from casier.edge.relay.stored import stored_in
from casier.kernel.stored import Road, Source, Stored

WHO = "camille@ac-exemple.fr"
INBOX = "imap://localhost/user/camille%40ac-exemple.fr;UIDVALIDITY=1795313760"
ARCHIVE = "imap://localhost/user/camille/Archive%40ac-exemple.fr;UIDVALIDITY=1795313765"


def event(name: str, service: str, uri: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "service": service, "uri": uri, "vnd.cmu.mbtype": "e", **more}


@pytest.mark.parametrize(
    ("name", "service", "road"),
    [
        ("MessageNew", "lmtp", Road.DELIVERED),
        ("MessageAppend", "imap", Road.APPENDED),
        ("MessageNew", "http", Road.MADE),
        ("MessageNew", "sync", Road.APPENDED),  # whatever isn't known counts as not scanned
        ("MessageNew", "", Road.APPENDED),
    ],
)
def test_the_road_is_told_by_the_process(name: str, service: str, road: Road) -> None:
    found = stored_in(event(name, service, f"{INBOX}/;UID=90", uidnext=91))
    assert found == Stored(road, WHO, "INBOX", 1795313760, "90", 90)


@pytest.mark.parametrize("name", ["vnd.cmu.MessageCopy", "vnd.cmu.MessageMove"])
def test_a_copy_says_what_it_was_made_from(name: str) -> None:
    copied = {"oldMailboxID": INBOX, "vnd.cmu.oldUidset": "1:2", "uidset": "86:87", "uidnext": 88}
    found = stored_in(event(name, "imap", ARCHIVE, **copied))
    source = Source(WHO, 1795313760, "1:2")
    assert found == Stored(Road.COPIED, WHO, "Archive", 1795313765, "86:87", 87, source)


def test_names_of_folders_keep_what_mail_programs_wrote() -> None:
    uri = "imap://localhost/user/camille/a%40b.test%3B%20fin%40ac-exemple.fr;UIDVALIDITY=5/;UID=1"
    found = stored_in(event("MessageAppend", "imap", uri, uidnext=2))
    assert found is not None
    assert (found.owner, found.folder) == (WHO, "a@b.test; fin")


@pytest.mark.parametrize(
    "other",
    [
        event("MessageExpunge", "imap", INBOX, uidset="1", uidnext=2),
        event("MessageAppend", "imap", f"{INBOX}/;UID=1", uidnext=2) | {"vnd.cmu.mbtype": "c"},
        event("MessageAppend", "imap", "imap://localhost/Shared;UIDVALIDITY=5/;UID=1", uidnext=2),
        event("MessageAppend", "imap", INBOX, uidnext=2),
        {},
    ],
)
def test_nothing_else_says_that_mail_came_in(other: dict[str, Any]) -> None:
    assert stored_in(other) is None
