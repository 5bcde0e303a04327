"""Search on a real Cyrus: what is found, how soon, and that compacting the index loses nothing."""

from __future__ import annotations

import imaplib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from casier.engines.cyrus.indexing import waiting_since
from casier.engines.cyrus.spec import ADMIN
from casier.engines.supervise import prelude
from casier.kernel.instance import Instance
from engines.store_alone import signed_in, store_alone
from waiting import wait_until

pytestmark = pytest.mark.engines
PERSON = "b.person@essai.test"
CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252")
TRANSFERS = ("quoted-printable", "base64", "8bit")
SOON = 10  # seconds between a delivery and its being found, at most


@pytest.fixture(scope="module")
def store() -> Iterator[Instance]:
    with store_alone() as instance:
        with signed_in(instance, ADMIN) as admin:
            assert admin.create(f'"user/{PERSON}"')[0] == "OK"
        yield instance


@pytest.fixture
def inbox(store: Instance) -> Iterator[imaplib.IMAP4]:
    with signed_in(store, PERSON) as imap:
        imap.select("INBOX")
        yield imap


def letter(text: str, charset: str = "utf-8", transfer: str = "quoted-printable", file: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ecole@essai.test", PERSON, "Information"
    message["X-Reference"] = "dossier-4711"
    message.set_content(text, charset=charset, cte=transfer)
    if file:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=file)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def found(imap: imaplib.IMAP4, key: str, words: str) -> set[bytes]:
    imap.noop()
    imap.literal = words.encode()
    answer, data = imap.uid("SEARCH", "CHARSET", "UTF-8", *key.split())
    assert answer == "OK"
    return set((data[0] or b"").split())


def finds(imap: imaplib.IMAP4, key: str, words: str, wanted: set[bytes]) -> bool:
    return found(imap, key, words) == wanted


def inbox_size(imap: imaplib.IMAP4) -> int:
    """How many came in so far: nothing is taken out here, so that it is the last UID too."""
    return int(imap.select("INBOX")[1][0] or 0)


def store_letter(imap: imaplib.IMAP4, message: bytes) -> None:
    assert imap.append("INBOX", "", "", message)[0] == "OK"


def test_words_are_found_in_every_charset_with_and_without_accents(inbox: imaplib.IMAP4) -> None:
    before = inbox_size(inbox)
    for charset in CHARSETS:
        for transfer in TRANSFERS:
            store_letter(inbox, letter("Les élèves délégués se réunissent.\n", charset, transfer))
    wanted = {str(before + n + 1).encode() for n in range(len(CHARSETS) * len(TRANSFERS))}
    for word in ("élèves", "delegues", "réunissent"):
        for key in ("BODY", "TEXT"):
            wait_until(f"{key} {word}", partial(finds, inbox, key, word, wanted), SOON)


def test_other_headers_are_searched_at_once_by_any_part_of_a_word(inbox: imaplib.IMAP4) -> None:
    store_letter(inbox, letter("Sans importance.\n"))
    assert found(inbox, "HEADER X-Reference", "r-47")
    assert not found(inbox, "HEADER X-Reference", "r-48")


def test_the_name_of_a_file_is_found(inbox: imaplib.IMAP4) -> None:
    store_letter(inbox, letter("Voir la pièce jointe.\n", file="emploi du temps trimestriel.pdf"))
    wait_until("the file", lambda: len(found(inbox, "FUZZY TEXT", "trimestriel")) == 1, SOON)


def compact(instance: Instance, day: str) -> None:
    """Run what Cyrus's master runs at night, on a DAY of the week (7: Sunday)."""
    folder = instance.root / "clock"
    folder.mkdir(exist_ok=True)
    clock = folder / "date"
    clock.write_text(f"#!/bin/sh\necho {day}\n")
    clock.chmod(0o755)
    folder.chmod(0o755)
    command = ["/usr/bin/setpriv", "--reuid=cyrus", "--regid=mail", "--clear-groups", "/bin/sh"]
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    script = instance.etc / "cyrus" / "compact-index"
    subprocess.run([*command, script], check=True, env=path, timeout=60)


def databases(instance: Instance) -> dict[str, int]:
    """Databases of each tier that hold something."""
    root = instance.data / "cyrus"
    return {tier: len(list((root / tier).rglob("iamglass"))) for tier in ("search", "search-compact")}


def test_compacting_once_a_week_loses_nothing(store: Instance, inbox: imaplib.IMAP4) -> None:
    store_letter(inbox, letter("Le conseil pédagogique est avancé.\n"))
    wait_until("the first", lambda: len(found(inbox, "BODY", "pedagogique")) == 1, SOON)
    compact(store, "6")
    assert databases(store) == {"search": 1, "search-compact": 0}
    compact(store, "7")
    assert databases(store) == {"search": 0, "search-compact": 1}
    assert len(found(inbox, "BODY", "pedagogique")) == 1
    store_letter(inbox, letter("Le conseil pédagogique est reporté.\n"))
    wait_until("both", lambda: len(found(inbox, "BODY", "pedagogique")) == 2, SOON)
    compact(store, "7")
    assert databases(store) == {"search": 0, "search-compact": 1}
    assert len(found(inbox, "BODY", "pedagogique")) == 2


def indexers(store: Instance) -> list[int]:
    """The processes of this store's indexer."""
    commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in prelude.pids()}
    ours = f"{store.etc}/cyrus/imapd.conf".encode()
    return [
        pid
        for pid, command in commands.items()
        if command.exists() and b"squatter" in (said := command.read_bytes()) and ours in said
    ]


def test_the_indexer_gives_way_to_deliveries(store: Instance) -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert [os.getpriority(os.PRIO_PROCESS, pid) - ours for pid in indexers(store)] == [5]


def test_how_far_the_index_is_behind_is_known(store: Instance, inbox: imaplib.IMAP4) -> None:
    wait_until("nothing to wait", lambda: waiting_since(store) is None, SOON)
    begun = time.time()
    (indexer,) = indexers(store)
    os.kill(indexer, signal.SIGSTOP)
    try:
        store_letter(inbox, letter("Le goûter des correspondants.\n"))
        wait_until("what waits to be noted", lambda: waiting_since(store) is not None, SOON)
        since = waiting_since(store)
        assert since is not None
        assert begun - 2 < since < time.time() + 1
    finally:
        os.kill(indexer, signal.SIGCONT)
    wait_until("nothing to wait", lambda: waiting_since(store) is None, SOON)
    assert len(found(inbox, "BODY", "correspondants")) == 1
