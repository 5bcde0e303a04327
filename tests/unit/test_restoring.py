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
from casier.mailbox.restoring.reading import folded, people_of, text_of

KEY = "jean.martin@ac-rouen.fr"
GUID = "fc035fb5d90eb5c10ad4679495a12b67c7885848"
FORGED = "0" * 40
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def a_record(uid: int, flags: str, guid: str, words: str = "") -> str:
    text = f"{{{len(words.encode())}}}\r\n{words}"
    return (
        f"%(UID {uid} MODSEQ 2 LAST_UPDATED 1795341499 FLAGS ({flags}) INTERNALDATE 1771595220 SIZE 3134 "
        f'GUID {guid} ANNOTATIONS (%(ENTRY /vendor/casier/preview USERID "" MODSEQ 25 VALUE {text})))'
    )


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


def test_the_words_of_a_message_are_no_record() -> None:
    lie = a_record(9, "\\Expunged", FORGED)
    records = f"{a_record(1, '', GUID, lie)} {a_record(2, '', GUID, lie + chr(34))}"
    line = f"* MAILBOX %(UIDVALIDITY 5 RECORD ({records}))"
    found = list(deleted._records_in(line.encode()))
    assert [(one["uid"], one["guid"]) for one in found] == [(b"1", GUID.encode()), (b"2", GUID.encode())]
    assert [words for _, words in deleted._with_words(line.encode())] == [lie, lie + chr(34)]
    quoted = line.replace("{", '"{').encode()  # and a literal's mark inside a string is none
    assert FORGED.encode() not in {one["guid"] for one in deleted._records_in(quoted[:-400])}


def test_a_deleted_folder_is_told_by_its_last_step() -> None:
    before = "DELETED/user/jean.martin/"
    found = deleted._deleted_folder(f"{before}Classe/3e B/6B02BD38@ac-rouen.fr", before)
    assert found is not None
    assert (found.path, found.deleted) == ("Classe/3e B", 0x6B02BD38)
    assert deleted._deleted_folder(f"{before}6B02BD38@ac-rouen.fr", before) is None  # the mailbox itself


def entry(**more: Any) -> Deleted:
    usual = Deleted(
        guid=GUID, place="INBOX", uid=1, folder="INBOX", size=10, received=0,
        deleted=int(NOW.timestamp()) - 60, name="Léa Petit", address="lea@x.fr", to="jean@x.fr",
        subject="Sortie à Verdun", words="Le car part à huit heures", message_id="<1@x>", draft=False,
    )  # fmt: skip
    return msgspec.structs.replace(usual, **more)


@pytest.mark.parametrize("text", ["", "verdun", "LEA sortie", "sorti", "lea@x.fr", "jean", "car huit"])
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
    return deleted.Gone(uid, GUID, 10, 0, deleted_at, draft=False, words="")


def test_it_comes_back_to_the_last_folder_before_the_trash() -> None:
    inbox, project = index._Candidate("INBOX", gone(1, 10)), index._Candidate("Projets", gone(2, 20))
    trash = index._Candidate("Trash", gone(3, 30))
    assert index._best([inbox, trash, project], {"Trash"}) == (project, "Projets", 30)
    assert index._best([trash], {"Trash"}) == (trash, "INBOX", 30)


def test_of_a_draft_the_last_save_is_left_and_none_of_what_was_sent() -> None:
    first, last = entry(draft=True, uid=1), entry(draft=True, uid=2)
    assert list(index._without_old_drafts([last, first], set())) == [last]
    assert list(index._without_old_drafts([last, first], {"<1@x>"})) == []
    sent = entry(uid=9)
    assert list(index._without_old_drafts([last, sent], set())) == [sent]
    nameless = [entry(draft=True, uid=1, message_id=""), entry(draft=True, uid=2, message_id="")]
    assert list(index._without_old_drafts(nameless, set())) == nameless


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
    assert people_of("=?utf-8?q?L=C3=A9a?= <lea@x.fr>, jean@x.fr") == [("Léa", "lea@x.fr"), ("", "jean@x.fr")]
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
