"""Which mailboxes are looked through: those alone that aren't as they were noted."""

from __future__ import annotations

from casier.engines.cyrus.imap import Answer
from casier.engines.cyrus.store import Store
from casier.kernel.secret import Secret
from casier.mailbox.arrivals.worker import to_look_at

ANNE, JEAN = "anne.martin@ac-x.fr", "jean.martin@ac-x.fr"


def test_what_is_as_it_was_noted_is_not_looked_at() -> None:
    held = {ANNE: {7: ("INBOX", 12), 8: ("Drafts", 0)}, JEAN: {9: ("INBOX", 3)}}
    assert to_look_at(held, {ANNE: {7: ("INBOX", 12)}, JEAN: {9: ("INBOX", 3)}}) == []


def test_new_messages_folders_names_and_folders_that_are_gone_are() -> None:
    noted = {ANNE: {7: ("INBOX", 12)}}
    for now in (
        {7: ("INBOX", 13)},
        {7: ("INBOX", 12), 8: ("Projets", 1)},
        {7: ("Autre", 12)},
        {8: ("INBOX", 12)},
        {7: ("INBOX", 0)},
    ):
        assert to_look_at({ANNE: now}, noted) == [ANNE], now


def test_a_mailbox_just_made_holds_nothing_to_scan() -> None:
    assert to_look_at({ANNE: {7: ("INBOX", 0), 8: ("Drafts", 0)}}, {}) == []


def test_what_the_store_says_of_all_folders() -> None:
    lines = (
        b'* LIST (\\HasNoChildren) "/" user/anne.martin@ac-x.fr\r\n',
        b"* STATUS user/anne.martin@ac-x.fr (UIDNEXT 13 UIDVALIDITY 7)\r\n",
        b'* STATUS "user/anne.martin/Notes \\"A\\" (2)@ac-x.fr" (UIDNEXT 1 UIDVALIDITY 8)\r\n',
        b"* STATUS user/anne.martin/#calendars/Default@ac-x.fr (UIDNEXT 9 UIDVALIDITY 9)\r\n",
        b"* STATUS user/probe (UIDVALIDITY 4 UIDNEXT 2)\r\n",
        b"* STATUS shared/board (UIDNEXT 5 UIDVALIDITY 5)\r\n",
    )

    class Fake(Store):
        def admin_run(self, *_commands: str) -> list[Answer]:
            return [Answer("OK", "Completed", lines)]

    store = Fake(0, lambda _user: Secret(""), None)  # type: ignore[arg-type]
    assert store.statuses() == {
        ANNE: {7: ("INBOX", 12), 8: ('Notes "A" (2)', 0)},
        "probe": {4: ("INBOX", 1)},
    }
