"""Conversations: what one sent is in them, what is unfinished shows, quotations fold, nothing vanishes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, press_once_still, signed_in

ADDRESS = "thierry.dubosc@ac-normandie.fr"
# One red point.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


def own_answer(to: EmailMessage) -> EmailMessage:
    """What the person wrote back, as it lies in their folder of sent mail."""
    subject = f"Re: {to['Subject']}"
    answer = letter(subject, text="Voici ma réponse, envoyée hier.", ago=timedelta(minutes=5))
    answer.replace_header("From", f"Thierry Dubosc <{ADDRESS}>")
    answer.replace_header("To", "correspondante@exemple.fr")
    answer["In-Reply-To"] = answer["References"] = to["Message-ID"]
    return answer


def quoting(subject: str, to: EmailMessage) -> EmailMessage:
    """An answer that quotes with a picture in the quotation."""
    html = (
        '<p>Bien reçu, merci.</p><div class="gmail_quote">Le 1 nov. 2026, Thierry a écrit :'
        '<blockquote>Ma signature <img src="cid:logo@exemple.fr" alt="logo" width="40" height="40">'
        "</blockquote></div>"
    )
    message = letter(subject, html, text="Bien reçu, merci.")
    message["In-Reply-To"] = message["References"] = to["Message-ID"]
    html_part = message.get_payload()[1]  # type: ignore[index]
    html_part.add_related(PICTURE, "image", "png", cid="<logo@exemple.fr>")  # type: ignore[union-attr]
    return message


def put_into_sent(instance: RunningInstance, message: EmailMessage) -> None:
    with TemporaryDirectory(prefix="casier-t-", dir="/tmp") as folder:
        sent = Path(folder) / "Envoyés"
        sent.mkdir()
        (sent / "1.eml").write_bytes(message.as_bytes())
        for path in (Path(folder), sent, sent / "1.eml"):
            path.chmod(0o755)
        instance.casier("mail", "import", ADDRESS, folder)


@pytest.fixture
def subject(instance: RunningInstance) -> str:
    """Of a conversation of three messages: theirs, one's own among what was sent, theirs again."""
    subject = f"Sortie au musée {time.time_ns()}"
    person = instance.demo(address=ADDRESS)
    # Messages of one second have no order.
    question = letter(subject, text="Pouvez-vous nous accompagner ?", ago=timedelta(minutes=10))
    append(instance, person, question)
    answer = own_answer(question)
    put_into_sent(instance, answer)
    append(instance, person, quoting(f"Re: {subject}", answer))
    return subject


def row_of(page: Page, subject: str) -> Locator:
    return page.locator(ROW, has_text=subject)


def test_what_one_sent_is_in_the_conversation_and_a_quotation_unfolds_with_its_picture(
    context: BrowserContext, instance: RunningInstance, subject: str
) -> None:
    page = signed_in(context, instance, ADDRESS)
    row = row_of(page, subject)
    expect(row).to_have_count(1)
    expect(row.locator(".row-count")).to_have_text("3")
    row.locator(".row-subject").click()
    reading = page.locator("#reading")
    expect(reading.locator(".message, .folded-message")).to_have_count(3)
    expect(reading).to_contain_text("Thierry Dubosc")
    frame = page.frame_locator(".mail-frame iframe:not(.mail-twin)").last
    expect(frame.locator("body")).to_contain_text("Bien reçu, merci.")
    expect(frame.locator("img")).to_have_count(0)
    reading.get_by_role("button", name="Afficher le texte cité").last.click()
    picture = page.frame_locator(".mail-frame iframe:not(.mail-twin)").last.locator("img")
    expect(picture).to_have_attribute("src", re.compile("^data:image/png"))
    assert picture.evaluate("(image) => image.complete && image.naturalWidth") == 1
    expect(reading.locator(".attachments")).to_have_count(0)


def test_an_unfinished_answer_shows_in_the_list_and_each_message_has_its_acts(
    context: BrowserContext, instance: RunningInstance, subject: str
) -> None:
    page = signed_in(context, instance, ADDRESS)
    row = row_of(page, subject)
    row.locator(".row-subject").click()
    press_once_still(page.locator(".answers button").first)
    page.locator(".editor-text").press_sequentially("Je complète ma réponse")
    expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré")
    page.keyboard.press("Escape")
    expect(row.locator(".row-draft")).to_be_visible()
    oldest = page.locator(".folded-message").first
    oldest.click()
    page.locator(".message").first.get_by_role("button", name="Autres actions").click()
    expect(page.get_by_role("menuitem", name=re.compile("Supprimer|Corbeille"))).not_to_have_count(0)


def test_what_was_read_stays_in_the_list_of_unread_mail(
    context: BrowserContext, instance: RunningInstance, subject: str
) -> None:
    page = signed_in(context, instance, ADDRESS)
    page.get_by_role("button", name=re.compile("^Non lus")).click()
    row = row_of(page, subject)
    expect(row).to_have_class(re.compile("row-unread"))
    row.locator(".row-subject").click()
    expect(row).not_to_have_class(re.compile("row-unread"))
    # Long enough for the change to have gone to the server and come back.
    page.wait_for_timeout(1500)
    expect(row).to_be_visible()
    expect(row).to_have_class(re.compile("row-open"))
    page.get_by_role("button", name="Tous", exact=True).click()
    page.get_by_role("button", name=re.compile("^Non lus")).click()
    expect(row).to_have_count(0)


def test_message_by_message_by_choice(
    context: BrowserContext, instance: RunningInstance, subject: str
) -> None:
    page = signed_in(context, instance, ADDRESS)
    expect(row_of(page, subject)).to_have_count(1)
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_role("radio", name="Un par un").check(force=True)
    page.keyboard.press("Escape")
    expect(row_of(page, subject)).to_have_count(2)
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_role("radio", name="Groupés en conversations").check(force=True)
    page.keyboard.press("Escape")
    expect(row_of(page, subject)).to_have_count(1)


def test_the_focus_goes_to_the_end_of_a_long_list_and_back(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, "claire.lefevre@ac-normandie.fr")
    page.locator(ROW).first.focus()
    page.keyboard.press("End")
    expect(page.locator(f'{ROW}[data-index="0"]')).to_have_count(0)
    # The row that comes in the place of what was drawn while it was on its way.
    expect(page.locator(f"{ROW}:focus")).to_be_visible()
    last = int(page.locator(f"{ROW}:focus").get_attribute("data-index") or "0")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f'{ROW}[data-index="{last - 1}"]:focus')).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(f'{ROW}[data-index="0"]:focus')).to_be_visible()
