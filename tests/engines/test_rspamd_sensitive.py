"""What is marked sensitive carries no files, whatever program wrote it."""

from __future__ import annotations

import base64
import smtplib

import pytest

from engines.roads_mail import head, plain, subject
from engines.roads_rig import Rig, Store

pytestmark = pytest.mark.engines
PEOPLES_ROADS = pytest.mark.parametrize("road", ["clients", "jmap"])
MARK = "Sensitivity: Company-Confidential"
CONTENT = base64.encodebytes(b"Dossier de l'eleve").replace(b"\n", b"\r\n")

MARKS = ("Company-Confidential", "company-confidential", "Private", "Confidential", "=?utf-8?Q?Private?=")
NO_MARKS = ("Personal", "Normal", "", "personal (rien de plus)")

# The header lines of one part beside the text.
FILES = {
    "attached": ("Content-Type: application/pdf", "Content-Disposition: attachment; filename=a.pdf"),
    "not said to be attached": ("Content-Type: application/pdf",),
    "shown in the text": ("Content-Type: application/pdf", "Content-Disposition: inline; filename=a.pdf"),
    "a text with a name": ("Content-Type: text/plain; name=notes.txt",),
    "a text that is attached": ("Content-Type: text/plain", "Content-Disposition: ATTACHMENT"),
    "a picture that is attached": (
        "Content-Type: image/png",
        "Content-Disposition: attachment; filename=scan.png",
        "Content-ID: <a@b>",
    ),
    "a picture that no text shows": ("Content-Type: image/png", "Content-Disposition: inline"),
    "of no kind": ("Content-Type: application/octet-stream; name=a",),
}
NO_FILES = {
    "a picture of the text": (
        "Content-Type: image/png; name=logo.png",
        "Content-Disposition: inline; filename=logo.png",
        "Content-ID: <logo@ac-un.test>",
    ),
    "a signature": ("Content-Type: application/pgp-signature; name=signature.asc",),
    "the same in HTML": ("Content-Type: text/html; charset=utf-8",),
    "an invitation": ("Content-Type: text/calendar; method=REQUEST",),
}


def two_parts(road: str, title: str, lines: tuple[str, ...], *extra: str) -> bytes:
    """A text, and beside it a part with these header LINES."""
    part = "\r\n".join((*lines, "Content-Transfer-Encoding: base64")).encode()
    return b"".join(
        (
            head(road, title, *extra, 'Content-Type: multipart/mixed; boundary="b1"'),
            b"\r\n--b1\r\nContent-Type: text/plain\r\n\r\nBonjour.\r\n--b1\r\n",
            part + b"\r\n\r\n" + CONTENT + b"--b1--\r\n",
        )
    )


def refusal(rig: Rig, road: str, message: bytes) -> str:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        rig.hand_in(road, message)
    assert refused.value.smtp_code == 554
    return bytes(refused.value.smtp_error).decode()


@PEOPLES_ROADS
@pytest.mark.parametrize("name", FILES)
def test_files_of_a_sensitive_message_are_refused_with_the_way_to_send_them(
    rig: Rig, store: Store, road: str, name: str
) -> None:
    title = subject()
    said = refusal(rig, road, two_parts(road, title, FILES[name], MARK))
    assert "lien securise" in said
    assert "secured link" in said
    assert "[R-" in said
    assert not store.with_subject(title)
    rig.hand_in(road, two_parts(road, title, FILES[name]))
    store.arrived(title)


@PEOPLES_ROADS
@pytest.mark.parametrize("name", NO_FILES)
def test_the_text_of_a_sensitive_message_passes(rig: Rig, store: Store, road: str, name: str) -> None:
    title = subject()
    rig.hand_in(road, two_parts(road, title, NO_FILES[name], MARK))
    assert store.arrived(title).message["Sensitivity"] == "Company-Confidential"
    alone = subject()
    rig.hand_in(road, plain(road, alone, b"Bonjour\r\n", MARK))
    store.arrived(alone)


def test_every_word_is_a_mark_but_those_that_are_nobodys_secret(rig: Rig, store: Store) -> None:
    file = FILES["attached"]
    for word in MARKS:
        refusal(rig, "clients", two_parts("clients", subject(), file, f"Sensitivity: {word}"))
    twice = ("Sensitivity: Normal", "SENSITIVITY: Private")
    refusal(rig, "clients", two_parts("clients", subject(), file, *twice))
    for word in NO_MARKS:
        title = subject()
        rig.hand_in("clients", two_parts("clients", title, file, f"Sensitivity: {word}"))
        store.arrived(title)


def test_a_message_in_a_message_and_one_that_is_a_file_are_files(rig: Rig) -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + plain("clients", "dedans")
    title = subject()
    message = head("clients", title, MARK, 'Content-Type: multipart/mixed; boundary="b1"')
    refusal(rig, "clients", message + b"\r\n--b1\r\n" + inner + b"\r\n--b1--\r\n")
    refusal(rig, "clients", plain("clients", title, b"%PDF-1.4\r\n", MARK, "Content-Type: application/pdf"))


def test_what_is_encrypted_for_its_reader_passes(rig: Rig, store: Store) -> None:
    title = subject()
    kind = 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b1"'
    message = head("clients", title, MARK, kind) + (
        b"\r\n--b1\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b1\r\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\n--b1--\r\n"
    )
    rig.hand_in("clients", message)
    store.arrived(title)


def test_what_comes_from_outside_is_not_ours_to_refuse(rig: Rig, store: Store) -> None:
    for road in ("public", "redirect"):
        title = subject()
        rig.hand_in(road, two_parts(road, title, FILES["attached"], MARK))
        store.arrived(title)
