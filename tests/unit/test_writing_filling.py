"""Signatures: what is filled, what is refused, and whether a message holds one. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casier.mailbox.sending.submission import is_signed
from casier.mailbox.writing.filling import BadTemplate, Fields, Filled, check, fill, holds
from casier.mailbox.writing.receipts import Read, Reader, Telling, receipt
from casier.mailbox.writing.signature import SHIPPED_HTML, SHIPPED_TEXT

PAUL = Fields(nom="Paul d’Arc & fils", fonction="Professeur", academie="Académie de Rouen")


def test_a_line_of_which_nothing_is_known_is_left_out_and_values_are_escaped() -> None:
    filled = fill("<p>{{nom}}</p>\n<p>{{ etablissement }}</p>\n<p>{{fonction}}</p>", SHIPPED_TEXT, PAUL)
    assert filled.html == "<p>Paul d’Arc &amp; fils</p>\n<p>Professeur</p>"
    assert filled.text == "Paul d’Arc & fils\nProfesseur\nAcadémie de Rouen"


def test_the_shipped_template_is_one_that_would_be_taken() -> None:
    check(SHIPPED_HTML, SHIPPED_TEXT)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<a href="javascript:x">x</a>',
        '<p onclick="x">x</p>',
        '<img src="https://x.fr/y.png">',
        '<p style="background:url(https://x.fr)">x</p>',
        "{{inconnu}}",
    ],
)
def test_what_a_signature_must_not_hold(html: str) -> None:
    with pytest.raises(BadTemplate):
        check(html, "x")


def test_a_signature_is_found_in_either_form_however_it_was_wrapped() -> None:
    filled = fill(SHIPPED_HTML, SHIPPED_TEXT, PAUL)
    assert holds(f"<p>Bonjour</p><div>{filled.html}</div>", filled.text)
    assert holds("Bonjour\n-- \nPaul d’Arc &\nfils\nProfesseur\nAcadémie de\nRouen", filled.text)
    assert not holds("<p>Bonjour</p>", filled.text)


def test_both_forms_must_be_signed() -> None:
    text, html = [{"partId": "1", "type": "text/plain"}], [{"partId": "2", "type": "text/html"}]
    parts = {"textBody": text, "htmlBody": html}
    signed, bare = {"value": "Bonjour Paul Arc"}, {"value": "<p>Bonjour</p>"}
    arc = Filled("<p>Paul Arc</p>", "Paul Arc")
    assert is_signed({**parts, "bodyValues": {"1": signed, "2": signed}}, arc)
    assert not is_signed({**parts, "bodyValues": {"1": signed, "2": bare}}, arc)
    assert not is_signed({**parts, "bodyValues": {"1": bare, "2": signed}}, arc)
    assert is_signed({**parts, "bodyValues": {"1": bare, "2": bare}}, Filled("", ""))


def test_each_form_is_compared_with_its_own() -> None:
    """An address is written out in plain text, and lies behind a word in HTML."""
    fields = replace(PAUL, charte="https://x.fr/charte")
    filled = fill(SHIPPED_HTML, SHIPPED_TEXT, fields)
    values = {
        "1": {"value": f"Oui.\n-- \n{filled.text}"},
        "2": {"value": f"<p>Oui.</p><div>{filled.html}</div>"},
    }
    text, html = [{"partId": "1", "type": "text/plain"}], [{"partId": "2", "type": "text/html"}]
    assert is_signed({"textBody": text, "htmlBody": html, "bodyValues": values}, filled)
    assert is_signed({"textBody": text, "htmlBody": text, "bodyValues": values}, filled)


def test_a_receipt_is_a_report_of_two_parts_for_programs_too() -> None:
    reader = Reader("p", "p", "Jean É.", ("j@ac-x.fr",))
    read = Read("c@ac-x.fr", "Réunion\r\nBcc: x@y.fr", "abc@x", (), "", "j@ac-x.fr")
    message = receipt(reader, read, Telling(datetime(2026, 11, 22, tzinfo=UTC)))
    words, fields = message.iter_parts()
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "disposition-notification"
    assert message["Bcc"] is None
    assert words.get_content_type() == "text/plain"
    assert fields.get_content_type() == "message/disposition-notification"
    assert "Original-Message-ID: <abc@x>" in fields.as_string()


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_receipt_says_whether_the_person_was_asked(by_itself: bool) -> None:
    read = Read("c@ac-x.fr", "Réunion", "abc@x", (), "", "j@ac-x.fr")
    telling = Telling(datetime(2026, 11, 22, tzinfo=UTC), by_itself)
    fields = list(receipt(Reader("p", "p", "Jean", ("j@ac-x.fr",)), read, telling).iter_parts())[
        1
    ].as_string()
    assert ("automatic-action/MDN-sent-automatically" in fields) is by_itself
    assert ("manual-action/MDN-sent-manually" in fields) is not by_itself


@pytest.mark.parametrize(
    "charter", ["javascript:alert(1)", "http://x.fr", 'https://x.fr/"onclick=', "https://x/" + "a" * 300]
)
def test_the_charter_is_an_address_of_the_web(charter: str) -> None:
    with pytest.raises(BadTemplate):
        check("<p>x</p>", "x", charter)


def test_a_signature_says_something_in_both_forms() -> None:
    for html, text in (("<p></p>", "x"), ("<p>x</p>", " \n")):
        with pytest.raises(BadTemplate):
            check(html, text)


def test_what_is_quoted_signs_nothing() -> None:
    arc = Filled("<p>Paul Arc</p>", "Paul Arc")
    values = {
        "1": {"value": "Oui.\n\n> Bonjour\n> -- \n> Paul Arc\n"},
        "2": {"value": '<p>Oui.</p><blockquote type="cite"><p>Bonjour</p><p>Paul Arc</p></blockquote>'},
    }
    text = [{"partId": "1", "type": "text/plain"}]
    html = [{"partId": "2", "type": "text/html"}]
    assert not is_signed({"textBody": text, "htmlBody": text, "bodyValues": values}, arc)
    assert not is_signed({"textBody": html, "htmlBody": html, "bodyValues": values}, arc)
    values["1"]["value"] = f"Oui.\n-- \nPaul Arc\n{values['1']['value']}"
    assert is_signed({"textBody": text, "htmlBody": text, "bodyValues": values}, arc)
