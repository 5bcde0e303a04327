"""Each notice in both languages: complete, calm, without jargon, and short enough where it must be."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from casier.identity.history.deciding import Measure, event_of_notice
from casier.identity.history.explaining import explained, known_codes
from casier.identity.history.naming import measure_words, result_words
from casier.identity.history.places import Place, neighbourhood, within
from casier.identity.history.results import Notice, SignInResult
from casier.identity.history.words import (
    GRAVE,
    SMS_LENGTH,
    Happened,
    source_in,
    words,
)

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
FULL = {
    "device": "Firefox, Windows",
    "source": "203.0.113.9",
    "what": "totp",
    "reason": "identité vérifiée",
    "reference": "R-7K2M-9QXD",
    "done": ",".join(Measure),
    "names": "Téléphone",
    "out": "yes",
    "days": "7",
    "minutes": "15",
    "person": "Claire Lefèvre",
    "failures": "1200",
    "sources": "40",
    "accounts": "300",
}
JARGON = re.compile(
    r"\b(?:OTP|TOTP|MFA|2FA|token|jeton|hash|IP|session ID|login|user|IMAP|SMTP|lane|cookie|JSON|None)\b"
    r"|\{|\}|%\(|!"
)
# The letters of one text message of 160 (GSM 03.38), as far as our languages need them.
SEVEN_BITS = re.compile(r"^[A-Za-z0-9 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]*$")
LONG = "Académie d’Orléans-Tours et de la Nouvelle-Calédonie"


def said(notice: Notice, language: str, facts: dict[str, str], academy: str = "Académie de Rouen") -> str:
    found = words(Happened(notice, AT, academy, facts), language)
    return "\n".join((found.subject, found.lead, *found.paragraphs, found.button, found.sms))


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("facts", [{}, FULL], ids=["bare", "full"])
def test_every_notice_is_whole_in_both_languages(notice: Notice, facts: dict[str, str]) -> None:
    french = words(Happened(notice, AT, "Académie de Rouen", facts), "fr")
    english = words(Happened(notice, AT, "Académie de Rouen", facts), "en")
    for found in (french, english):
        assert 5 < len(found.subject) < 90
        assert found.paragraphs[0] == found.lead
        assert all(text == text.strip(" ") and text for text in found.paragraphs)
        assert bool(found.button) is (event_of_notice(notice, facts) is not None)
        assert bool(found.sms) is (notice in GRAVE)
    assert french.subject != english.subject
    assert french.lead != english.lead
    assert len(french.paragraphs) == len(english.paragraphs)


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_jargon_no_mark_of_a_machine_and_no_shouting(notice: Notice, language: str) -> None:
    for facts in ({}, FULL):
        assert not JARGON.search(said(notice, language, facts)), said(notice, language, facts)


@pytest.mark.parametrize("notice", sorted(GRAVE))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_text_message_is_one_and_holds_no_link(notice: Notice, language: str) -> None:
    for academy in ("Académie de Rouen", LONG):
        text = words(Happened(notice, AT, academy, FULL), language).sms
        assert len(text) <= SMS_LENGTH
        assert SEVEN_BITS.match(text), text
        assert "http" not in text
        assert text.endswith(("l'assistance.", "help desk."))


def test_when_and_where_are_said_as_people_say_them() -> None:
    french = said(Notice.NEW_DEVICE, "fr", FULL)
    assert "mardi 24 novembre, 14 h 05" in french
    assert "hors du réseau de l’académie (adresse 203.0.113.9)" in french
    assert "Firefox, Windows" in french
    assert "Tuesday 24 November, 14:05" in said(Notice.NEW_DEVICE, "en", FULL)
    inside = words(Happened(Notice.NEW_DEVICE, AT, "A", FULL, Place(own_network=True)), "fr")
    assert any("réseau de l’académie." in text and "hors" not in text for text in inside.paragraphs)


def test_what_to_do_needs_no_click() -> None:
    for notice in Notice:
        if event_of_notice(notice, {}):
            assert "«\u00a0Activité\u00a0»" in said(notice, "fr", {})
            assert "ni mot de passe ni code" in said(notice, "fr", {})


def test_a_copied_key_is_no_removed_key() -> None:
    """Nobody took it away: it is named, it opens nothing, and there is something to do whoever used it."""
    for language, doing in (("fr", "retirez cette clé et ajoutez-en une autre"), ("en", "add another")):
        text = said(Notice.FACTOR_COPIED, language, {"name": "Clé bleue", "source": "203.0.113.9"})
        assert "Clé bleue" in text
        assert "203.0.113.9" in text
        assert doing in text
        assert "rien à faire" not in text
        assert "nothing to do" not in text
    assert said(Notice.FACTOR_COPIED, "fr", {}) != said(Notice.FACTOR_REMOVED, "fr", {})


def test_an_origin_that_is_no_address_is_not_told() -> None:
    assert source_in({"origin": "cli"}) == ""
    assert source_in({"origin": "192.0.2.7"}) == "192.0.2.7"


def test_results_measures_and_refusals_have_words() -> None:
    assert all(result_words(result) for result in SignInResult)
    assert all(measure_words(measure) for measure in Measure)
    for code in known_codes() | {"no-such-code"}:
        french, english = explained(code, "fr"), explained(code, "en")
        assert french.why != english.why
        assert french.repair != english.repair


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("local", "local"),
    ],
)
def test_one_line_of_ipv6_is_one_place(source: str, place: str) -> None:
    assert neighbourhood(source) == place


def test_networks() -> None:
    assert within("10.3.4.5", ("10.0.0.0/8",))
    assert not within("11.3.4.5", ("10.0.0.0/8", "2001:db8::/32"))
    assert not within("not an address", ("0.0.0.0/0",))
