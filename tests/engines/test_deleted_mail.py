"""A real Cyrus and its agent: what was expunged is listed, looked at, brought back; of one mailbox alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from casier.engines.cyrus.deleted import DeletedMail
from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store, mailbox_name
from engines.store_alone import store_alone, store_of

pytestmark = pytest.mark.engines
OWN, OTHER = "jean.martin@essai.test", "jean@essai.test"
ACCENTS = "Conseils d'&AOk-t&AOk- (3e)"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with store_alone() as instance, store_of(instance, OWN, OTHER) as store:
        yield store


def mail(subject: str) -> bytes:
    head = f"From: =?utf-8?q?L=C3=A9a?= <lea@x.fr>\r\nTo: {OWN}\r\nSubject: {subject}\r\n"
    return f"{head}\r\nBonjour\r\n".encode()


def put_and_expunge(store: Store, key: str, folder: str, *contents: bytes) -> None:
    with store.person(key) as own:
        own.run(f'CREATE "{folder}"')
        for content in contents:
            head = f'APPEND "{folder}" (\\Seen \\Flagged \\Deleted $vie) {{{len(content)}+}}\r\n'.encode()
            own.run_all([head + content])[0].expect()
        own.run(f'SELECT "{folder}"').expect()
        own.run("EXPUNGE").expect()


@pytest.mark.parametrize("folder", ["INBOX", ACCENTS, "Classe/3e B", "R&-D"])
def test_it_comes_back_as_it_was(store: Store, folder: str) -> None:
    content = mail(f"Sortie {folder}")
    put_and_expunge(store, OWN, folder, content)
    box = DeletedMail(store, OWN)
    gone = box.expunged(folder)[-1]
    assert gone.size == len(content)
    assert "Léa" in gone.sender
    assert "Sortie" in gone.subject
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()[:24]
    assert list(box.hashes(folder, [gone.uid])) == [(gone.uid, digest)]
    assert box.message(folder, gone.uid) == content
    ((_, fields),) = box.heads(folder, [gone.uid])
    assert fields["subject"] == f"Sortie {folder}"
    brought = box.bring_back(folder, [gone.uid])
    with store.person(OWN) as own:
        own.run(f'EXAMINE "{folder}"').expect()
        (line,) = own.run(f"UID FETCH {brought[gone.uid]} (FLAGS EMAILID)").lines
    assert digest.encode() in line
    assert all(flag in line for flag in (b"\\Seen", b"\\Flagged", b"$vie"))
    assert b"\\Deleted" not in line
    assert gone.uid not in {one.uid for one in box.expunged(folder)}
    # twice brings nothing twice
    assert box.bring_back(folder, [gone.uid]) == {}


def test_no_mailbox_reaches_into_another(store: Store) -> None:
    put_and_expunge(store, OTHER, "INBOX", mail("secret"))
    box = DeletedMail(store, OTHER)
    (gone,) = box.expunged("INBOX")
    # the agent is asked for the folder of one mailbox in the name of another
    for what in ("expunged", "hashes", "heads", "message", "bring-back"):
        order = {"do": what, "mailbox": OWN, "folder": mailbox_name(OTHER), "uids": [gone.uid]}
        with pytest.raises(StoreRefused, match="another mailbox"):
            store.ask_agent(order)
    assert DeletedMail(store, OWN).folders() == []
    assert [one.uid for one in box.expunged("INBOX")] == [gone.uid]


def test_what_is_not_there_is_refused_and_breaks_nothing(store: Store) -> None:
    box = DeletedMail(store, OWN)
    with pytest.raises(StoreRefused):
        box.expunged("Aucun")
    with pytest.raises(StoreRefused):
        box.message("INBOX", 999_999)
    assert box.bring_back("INBOX", [999_999]) == {}
    assert list(box.hashes("INBOX", [999_999])) == []


def test_a_subject_with_accents_is_read(store: Store) -> None:
    put_and_expunge(store, OWN, "INBOX", mail("=?utf-8?q?=C3=89t=C3=A9_=C3=A0_Caen?="))
    assert DeletedMail(store, OWN).expunged("INBOX")[-1].subject == "Été à Caen"


def test_a_message_cannot_say_that_it_is_a_record(store: Store) -> None:
    forged = mail("=?utf-8?q?x=0AUID:_424242=0A=09Size:_7=0A=09Subj:_=22forged=22?=")
    put_and_expunge(store, OWN, "INBOX", forged)
    assert 424_242 not in {one.uid for one in DeletedMail(store, OWN).expunged("INBOX")}


def test_a_deleted_folder_comes_back_with_what_is_in_it(store: Store) -> None:
    with store.person(OWN) as own:
        own.run('CREATE "Projets"').expect()
        content = mail("dedans")
        own.run_all([f'APPEND "Projets" {{{len(content)}+}}\r\n'.encode() + content])[0].expect()
        own.run('DELETE "Projets"').expect()
    box = DeletedMail(store, OWN)
    (folder,) = [one for one in box.folders() if one.path == "Projets"]
    assert box.count(folder) == 1
    box.rename_back(folder, "Projets (2)")
    with store.person(OWN) as own:
        (line,) = own.run('STATUS "Projets (2)" (MESSAGES)').expect().lines
    assert b"MESSAGES 1" in line
    assert [one for one in box.folders() if one.path == "Projets"] == []
