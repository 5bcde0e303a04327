"""What was deleted for good: recognised in the store's answer, listed once, never another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casier.engines.cyrus import deleted, expunged
from casier.engines.cyrus.agent import answer
from casier.kernel.instance import Instance
from casier.mailbox.restoring import index
from casier.mailbox.restoring.access import Reach
from casier.mailbox.restoring.actions import Asked, matches
from casier.mailbox.restoring.index import Deleted
from casier.mailbox.restoring.looking import look_at
from casier.mailbox.restoring.reading import folded, people_of, subject_of, text_of

KEY = "jean.martin@ac-rouen.fr"
GUID = "fc035fb5d90eb5c10ad4679495a12b67c7885848"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "folder",
    [
        "user/jean.martin@ac-rouen.fr",
        "user/jean.martin/Classe &AOk-@ac-rouen.fr",
        "user/jean.martin/../x@ac-rouen.fr",
    ],
)
def test_the_agent_opens_folders_of_the_mailbox_alone(folder: str) -> None:
    assert expunged.folder_of({"mailbox": KEY, "folder": folder}) == folder


@pytest.mark.parametrize(
    "folder",
    [
        None, 3, "", "user/jean.martin2@ac-rouen.fr", "user/jean.martin2/x@ac-rouen.fr",
        "user/jean.martin@ac-lyon.fr", "user/lea.petit/jean.martin@ac-rouen.fr", "user/jean.martin",
        "DELETED/user/jean.martin/x/6B02BD38@ac-rouen.fr", "user/jean.martin/x\n@ac-rouen.fr", "-l",
        "user/@ac-rouen.fr", "jean.martin@ac-rouen.fr", "user/jean.martin/x@ac-rouen.fr\0",
    ],
)  # fmt: skip
def test_and_no_other_folder(folder: object) -> None:
    with pytest.raises(expunged.Refused):
        expunged.folder_of({"mailbox": KEY, "folder": folder})


@pytest.mark.parametrize(
    "uids", [None, [], ["1"], [0], [-1], [1 << 32], [True], list(range(1, 502)), "1:*", [1.5]]
)
def test_uids_are_numbers_and_few(uids: object) -> None:
    with pytest.raises(expunged.Refused):
        expunged.uids_of({"uids": uids})


def test_whatever_is_wrong_gets_an_answer(tmp_path: Path) -> None:
    line = b'{"do": "heads", "mailbox": "-a", "folder": "user/x@y", "uids": [1]}'
    assert answer(line, Instance(tmp_path)) == {"ok": False, "error": "mailbox: not a mailbox key"}


def test_headers_are_cut_out_of_the_beginning(tmp_path: Path) -> None:
    (tmp_path / "7.").write_bytes(
        b"Received: x\r\nSubject: =?utf-8?q?=C3=A9t=C3=A9?=\r\n suite\r\nFROM : a@b\r\nSubject: other\r\n\r\n"
        b"To: body@x\r\n"
    )
    ((uid, fields),) = expunged._heads(tmp_path, [6, 7])
    assert (uid, fields) == (7, {"subject": "=?utf-8?q?=C3=A9t=C3=A9?= suite", "from": "a@b"})


LISTED = b"""UID: 7
\tSize: 5
\tSent: Sun Nov 22 00:00:00 2026
\tRecv: Sun Nov 22 10:04:38 2026
\tExpg: Sun Nov  1 10:04:47 2026
\tFrom: "L\xc3\xa9a \\"Petit\\"" <lea@x.fr>
\tTo  : <jean@x.fr>
\tCc  : <x@y.z>
\tBcc :\x20
\tSubj: "Sortie
UID: 9
\tSize: 4
\tSubj: "forged"

UID: 8
\tSize: 6
\tERROR: cache record missing or corrupt, not printing cache details

"""


def test_what_the_tool_lists_is_read_and_nothing_that_has_no_file(tmp_path: Path) -> None:
    found = list(expunged.listed(LISTED.splitlines(keepends=True)))
    first = found[0]
    assert (first.uid, first.size, first.deleted) == (7, 5, 1793527487)
    assert people_of(first.sender) == [('Léa "Petit"', "lea@x.fr")]
    assert first.to == "<jean@x.fr>, <x@y.z>"
    # A subject with a line of its own looks like a record; what is on the disk tells.
    (tmp_path / "7.").write_bytes(b"12345")
    (tmp_path / "8.").write_bytes(b"123456")
    (tmp_path / "9.").write_bytes(b"not 4")
    assert [one.uid for one in found if expunged._has_file(tmp_path, one)] == [7, 8]
    literal = b"UID: 3\n\tSubj: {17}\r\n\xc3\x89t\xc3\xa9\nUID: 4\n\tSuite\n\nUID: 5\n"
    (third, fifth) = expunged.listed(literal.splitlines(keepends=True))
    assert (third.uid, third.subject, fifth.uid) == (3, "Été UID: 4 Sui", 5)
    assert [one.uid for one in expunged.listed([b"UID: 1\n", b"\tSubj: {99999}\r\n", b"cut"])] == [1]
    assert list(expunged.listed([b"nothing\n", b"\tSize: 3\n", b"UID: x\n"])) == []


@pytest.mark.parametrize(
    ("name", "read"), [("&AOk-t&AOk-", "été"), ("R&-D (x)", "R&D (x)"), ("plain", "plain"), ("&x-", "&x-")]
)
def test_names_are_read_for_the_tool_that_wants_them_so(name: str, read: str) -> None:
    assert expunged.decoded(name) == read


def test_contents_are_told_by_their_hash(tmp_path: Path) -> None:
    (tmp_path / "1.").write_bytes(b"abc")
    assert expunged._hash(tmp_path / "1.") == "a9993e364706816aba3e2571"
    assert expunged._hash(tmp_path / "2.") == ""


def test_a_deleted_folder_is_told_by_its_last_step() -> None:
    before = "DELETED/user/jean.martin/"
    found = deleted._deleted_folder(f"{before}Classe/3e B/6B02BD38@ac-rouen.fr", before)
    assert found is not None
    assert (found.path, found.deleted) == ("Classe/3e B", 0x6B02BD38)
    assert deleted._deleted_folder(f"{before}6B02BD38@ac-rouen.fr", before) is None  # the mailbox itself
    assert deleted._deleted_folder(f"{before}#calendars/x/6B02BD38@ac-rouen.fr", before) is None
    assert [
        name for name in ("INBOX", "#calendars/Default", "#addressbooks", "") if deleted.is_mail(name)
    ] == ["INBOX"]


def entry(**more: Any) -> Deleted:
    usual = Deleted(
        hash=GUID, place="INBOX", uid=1, folder="INBOX", size=10, received=0,
        deleted=int(NOW.timestamp()) - 60, name="Léa Petit", address="lea@x.fr", to="jean@x.fr",
        subject="Sortie à Verdun",
    )  # fmt: skip
    return msgspec.structs.replace(usual, **more)


@pytest.mark.parametrize("text", ["", "verdun", "LEA sortie", "sorti", "lea@x.fr", "jean"])
def test_words_are_found_without_accents_and_capitals(text: str) -> None:
    assert matches([entry()], Asked(text), NOW - timedelta(days=30)) == [entry()]


def test_what_does_not_match_or_is_too_old_is_not_found() -> None:
    oldest = NOW - timedelta(days=30)
    assert matches([entry()], Asked("verdun lyon"), oldest) == []
    assert matches([entry(deleted=int(oldest.timestamp()) - 1)], Asked(), oldest) == []
    assert matches([entry()], Asked(since=NOW), oldest) == []
    assert matches([entry()], Asked(until=NOW - timedelta(hours=1)), oldest) == []
    # nobody looks behind what the policy lets them
    assert matches([entry(deleted=5)], Asked(since=datetime(1970, 1, 1, tzinfo=UTC)), oldest) == []


def gone(uid: int, deleted_at: int) -> deleted.Gone:
    return deleted.Gone(uid, 10, 0, deleted_at, "", "", "")


def test_it_comes_back_to_the_last_folder_before_the_trash() -> None:
    inbox, project = index._Candidate("INBOX", gone(1, 10)), index._Candidate("Projets", gone(2, 20))
    trash = index._Candidate("Trash", gone(3, 30))
    assert index._best([inbox, trash, project], {"Trash"}) == (project, "Projets", 30)
    assert index._best([trash], {"Trash"}) == (trash, "INBOX", 30)


def test_of_a_draft_the_last_save_is_left_and_none_of_what_was_sent() -> None:
    first, last = entry(message_id="<1@x>", uid=1), entry(message_id="<1@x>", uid=2)
    assert list(index._without_old_drafts([last, first], set())) == [last]
    assert list(index._without_old_drafts([last, first], {"<1@x>"})) == []
    others = [entry(uid=1), entry(uid=2)]
    assert list(index._without_old_drafts(others, {""})) == others


def test_rights_decide_in_the_mailboxes_of_others() -> None:
    reach = Reach("ce.0760001a@ac-rouen.fr", KEY, own=False, folders_too=False)
    assert reach.covers({KEY: "lrswipten"})
    assert not reach.covers({KEY: "lr"})
    assert not reach.covers({"other@ac-rouen.fr": "lrswipkxtecdan"})
    assert Reach(KEY, KEY, own=True, folders_too=True).covers({})


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("=?utf-8?q?Supprim=C3=A9?=", "Supprimé"),
        ("Ã©tÃ©", "été"),
        ("\xe9t\xe9", "été"),
        ("=?x-none?q?a?=", "=?x-none?q?a?="),
        ("=?utf-8?b?4oCu?= gpj.exe", "gpj.exe"),
        ("a\0\r\n b", "a b"),
        ("x" * 5000, "x" * 300),
    ],
)
def test_headers_are_read_as_people_read_them(raw: str, read: str) -> None:
    assert text_of(raw) == read


def test_people_have_names_and_addresses() -> None:
    assert people_of('"Léa" <lea@x.fr>, jean@x.fr') == [("Léa", "lea@x.fr"), ("", "jean@x.fr")]
    assert [subject_of(one) for one in ('"a \\"b\\""', "NIL", '"', "")] == ['a "b"', "", '"', ""]
    assert people_of("") == []
    assert folded("Élève ÇA") == "eleve ca"


def test_a_message_is_looked_at_as_text() -> None:
    head = b"<html><head><title>t</title></head>"
    page = head + b"<body><script>evil()</script><p>Bonjour</p><p>&agrave; vous</body>"
    seen = look_at(b"Content-Type: text/html\r\nSubject: x\r\n\r\n" + page)
    assert seen.text == "Bonjour\nà vous"
    assert look_at(b"Content-Type: text/plain; charset=none\r\n\r\n\xe9t\xe9\r\n").text == "été"
    assert look_at(b"").text == ""
    assert look_at(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 3000).files == ()
