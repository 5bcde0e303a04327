"""Nothing passes unscanned, on any road; what can't be scanned is refused with a reason."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from engines.roads_mail import (
    KINDS_OF_INFECTION,
    ROADS,
    attached,
    bomb,
    encrypted_zip,
    forwarded,
    infected,
    nested,
    plain,
    subject,
    zipped,
)
from engines.roads_rig import BOB_KEY, EICAR, Rig, Store

pytestmark = pytest.mark.engines
EVERY_ROAD = pytest.mark.parametrize("road", ROADS)
DATA = Path(__file__).parent / "data"
HARMLESS = b"Bonjour, voici le compte rendu du conseil de classe.\r\n"


@EVERY_ROAD
def test_what_is_harmless_passes(rig: Rig, store: Store, road: str) -> None:
    may_be_read = (DATA / "readable.pdf").read_bytes()  # encrypted, but opened without a password
    for content in (HARMLESS, zipped(HARMLESS), nested(HARMLESS, 4), may_be_read):
        title = subject()
        rig.hand_in(road, attached(road, title, content))
        assert store.arrived(title).recipients == (BOB_KEY,)
    title = subject()
    rig.hand_in(road, forwarded(road, title, attached("public", "dedans", zipped(HARMLESS))))
    store.arrived(title)


@EVERY_ROAD
@pytest.mark.parametrize("kind", KINDS_OF_INFECTION)
def test_a_virus_is_refused(rig: Rig, store: Store, road: str, kind: str) -> None:
    title = subject()
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        rig.hand_in(road, infected(kind, road, title))
    assert refusal.value.smtp_code == 554
    assert b"virus" in refusal.value.smtp_error
    assert b"[R-" in refusal.value.smtp_error
    assert not store.with_subject(title)


@EVERY_ROAD
@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(encrypted_zip(), b"mot de passe", id="encrypted"),
        pytest.param((DATA / "locked.pdf").read_bytes(), b"mot de passe", id="PDF with a password"),
        pytest.param(nested(HARMLESS, 20), b"imbriquee", id="twenty nested archives"),
        pytest.param(bomb(400_000_000), b"trop grande", id="zip bomb"),
        pytest.param(zipped(bomb(400_000_000), "a.zip"), b"trop grande", id="zip bomb in a zip"),
    ],
)
def test_what_cannot_be_scanned_is_refused_with_a_reason(
    rig: Rig, store: Store, road: str, content: bytes, word: bytes
) -> None:
    title = subject()
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        rig.hand_in(road, attached(road, title, content, "application/zip"))
    assert refusal.value.smtp_code == 554
    assert word in refusal.value.smtp_error
    assert not store.with_subject(title)


@pytest.mark.parametrize("part", ["clamav", "rspamd"])
def test_mail_waits_without_a_scanner_and_arrives_once_it_is_back(rig: Rig, store: Store, part: str) -> None:
    titles = {road: subject() for road in ROADS}
    with rig.stopped(part):
        for road, title in titles.items():
            with pytest.raises(smtplib.SMTPResponseException) as delay:
                rig.hand_in(road, plain(road, title))
            assert delay.value.smtp_code == 451
            with pytest.raises(smtplib.SMTPResponseException) as delay:
                rig.hand_in(road, infected("in a zip", road, title))
            assert delay.value.smtp_code == 451
    assert not [title for title in titles.values() if store.with_subject(title)]
    for road, title in titles.items():
        rig.hand_in(road, plain(road, title))
        store.arrived(title)


def test_a_large_message_is_scanned_whole(rig: Rig, store: Store) -> None:
    """The largest that may be sent, with the virus at its very end."""
    content = bytes(range(256)) * 78_000
    title = subject()
    rig.hand_in("clients", attached("clients", title, content))
    assert len(store.arrived(title, 60).data) > 26_000_000
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        rig.hand_in("clients", attached("clients", subject(), content + EICAR))
    assert refusal.value.smtp_code == 554
