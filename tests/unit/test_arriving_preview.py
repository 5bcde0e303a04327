"""The first words of a message: what a list shows of it."""

from __future__ import annotations

import email
import io
from email.message import EmailMessage, Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.arriving import preview
from casier.engines.cyrus.arriving.parts import Part
from casier.engines.cyrus.arriving.preview import LONGEST


def described(message: Message, whole: bytes) -> Part:
    """MESSAGE as Cyrus would describe it."""
    if message.is_multipart():
        inner = tuple(described(part, whole) for part in message.get_payload())
        return Part(message.get_content_type(), inner)
    content = message.as_bytes().partition(b"\n\n")[2]
    return Part(
        message.get_content_type(),
        disposition=message.get_content_disposition() or "",
        charset=message.get_content_charset() or "",
        encoding=str(message.get("Content-Transfer-Encoding", "7bit")).lower(),
        size=len(content),
        offset=whole.index(content),
    )


def preview_of(whole: bytes) -> str:
    return preview.preview_of(described(email.message_from_bytes(whole), whole), io.BytesIO(whole))


def mail(text: str, html: str = "", **more: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Sortie"
    message.set_content(text, **more)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_words_of_a_plain_message() -> None:
    assert preview_of(mail("Bonjour,\n\nLa sortie   est\treportée.\n")) == "Bonjour, La sortie est reportée."


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "windows-1252"])
@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
def test_every_way_to_write_an_accent(charset: str, cte: str) -> None:
    assert preview_of(mail("L’élève a reçu 5 €"[2:], charset=charset, cte=cte)) == "élève a reçu 5 €"


def test_undeclared_windows_text_is_read_as_such() -> None:
    assert preview_of(b"Subject: x\n\nR\xe9union \x96 salle 12") == "Réunion – salle 12"


def test_plain_text_is_preferred() -> None:
    assert preview_of(mail("Le texte", "<p>La page</p>")) == "Le texte"


def test_a_page_alone() -> None:
    page = (
        "<html><head><title>Lettre</title><style>p{color:red}</style></head><body>"
        "<p>Bonjour&nbsp;à tous,</p><p>Conseil &amp; caf&eacute;</p><script>alert(1)</script></body></html>"
    )
    message = EmailMessage()
    message.set_content(page, subtype="html")
    assert preview_of(message.as_bytes()) == "Bonjour à tous, Conseil & café"


def test_what_is_quoted_and_what_is_invisible_is_left_out() -> None:
    assert preview_of(mail("> Viendrez-vous ?\n>> encore\n\u200b\u034fOui.")) == "Oui."


def test_an_attached_text_is_no_preview() -> None:
    message = EmailMessage()
    message.add_attachment("du code", filename="a.txt")
    assert preview_of(message.as_bytes()) == ""


def test_it_is_short() -> None:
    assert len(preview_of(mail("mot " * 4000))) <= LONGEST


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
def test_a_long_text_is_read_from_its_beginning_alone(cte: str) -> None:
    assert preview_of(mail("Voici le dossier. " + "é" * 200_000, cte=cte)).startswith("Voici le dossier. éé")


@given(st.binary(max_size=2000), st.sampled_from(["", "utf-8", "utf-7", "x-nowhere", "iso-2022-jp"]))
def test_no_content_breaks_it(content: bytes, charset: str) -> None:
    for kind in ("text/html", "text/plain"):
        for encoding in ("base64", "quoted-printable", "8bit"):
            part = Part(kind, charset=charset, encoding=encoding, size=len(content), offset=0)
            assert len(preview.preview_of(part, io.BytesIO(content))) <= LONGEST
