"""Making room: what is large, what repeats itself, what past years left, and back again."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casier.kernel.instance import Port
from journeys.running import RunningInstance
from journeys.webmail import picture, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WHO = "jean.martin@ac-normandie.fr"
HEAVY, OLD, TWICE = (f"Ménage {what} {time.time_ns()}" for what in ("lourd", "ancien", "double"))


def put(instance: RunningInstance, subject: str, when: str, size: int = 200, message_id: str = "") -> None:
    """A message of SIZE in the inbox, received WHEN (IMAP's INTERNALDATE)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Papeterie <offres@papeterie.example>", WHO, subject
    mail["Message-ID"] = message_id or f"<{subject.encode().hex()}@papeterie.example>"
    mail["Received"] = f"from mailer.papeterie.example by mx.example; {when}"  # each delivery has its own
    mail["List-Unsubscribe"] = "<https://papeterie.example/desabonnement>"
    mail.set_content("x" * size)
    port = instance.port(Port.IMAPS)
    with imaplib.IMAP4_SSL("localhost", port, ssl_context=instance.tls) as client:
        client.login(WHO, instance.app_password(WHO))
        status, _ = client.append("INBOX", "(\\Seen)", f'"{when}"', mail.as_bytes())
    assert status == "OK"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Iterator[Page]:
    for subject, when, size in [
        (HEAVY, "03-Feb-2026 08:00:00 +0000", 900_000),
        (OLD, "03-Feb-2024 08:00:00 +0000", 200),
        (TWICE, "05-Feb-2026 08:00:00 +0000", 300),
        (TWICE, "06-Feb-2026 08:00:00 +0000", 300),
    ]:
        put(instance, subject, when, size)
    page = signed_in(context, instance, WHO)
    page.get_by_role("button", name=re.compile("Faire de la place")).click()
    expect(page.get_by_role("dialog", name="Faire de la place")).to_be_visible()
    yield page
    page.close()


def line(page: Page, title: str) -> None:
    page.get_by_role("checkbox", name=f"Choisir {title}").first.check()


def test_what_takes_room_goes_and_comes_back(page: Page) -> None:
    sheet = page.get_by_role("dialog", name="Faire de la place")
    line(page, HEAVY)
    picture(page, "menage")
    sheet.get_by_role("button", name="Mettre à la corbeille").click()
    expect(sheet.get_by_role("status")).to_contain_text("1 message mis à la corbeille")
    expect(sheet.get_by_text(HEAVY)).to_have_count(0)
    sheet.get_by_role("button", name="Annuler").click()
    expect(sheet.get_by_role("status").first).to_contain_text("revenu à sa place")
    expect(sheet.get_by_text(HEAVY)).to_be_visible()

    sheet.get_by_role("button", name="Doublons").click()
    expect(sheet.get_by_text(TWICE)).to_have_count(1)

    sheet.get_by_role("button", name="Anciennes lettres d’information").click()
    expect(sheet.get_by_text("Papeterie")).to_be_visible()

    sheet.get_by_role("button", name="Archiver par année").click()
    line(page, "2024")
    sheet.get_by_role("button", name="Archiver", exact=True).click()
    expect(sheet.get_by_role("status")).to_contain_text("archivé")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="2024", exact=True)).to_be_visible()
