"""Writing, sending and taking back; fingers on a phone. Nothing that was typed is ever lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

JEAN = "jean.martin@ac-normandie.fr"
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture
def phone(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="fr-FR",
        ignore_https_errors=True,
    )
    yield context
    context.close()


def write(page: Page, to: str, subject: str, text: str) -> None:
    page.keyboard.press("c")
    page.get_by_role("combobox", name="À", exact=True).fill(to)
    page.get_by_role("textbox", name="Objet").fill(subject)
    page.locator(".editor-text").press_sequentially(text)


def test_a_refused_message_comes_back_with_its_reason(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, JEAN)
    write(page, "personne.inconnue@ac-normandie.fr", "Refus", "Bonjour, ce texte doit rester.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="Message envoyé dans")).to_be_visible()
    expect(page.locator(".composer")).to_have_count(0)
    refusal = page.locator(".composer-refusal")
    expect(refusal).to_contain_text("Le message n’a pas été envoyé.", timeout=40_000)
    expect(refusal).to_contain_text("Référence")
    expect(page.locator(".editor-text")).to_contain_text("ce texte doit rester")


def test_questions_before_sending(context: BrowserContext, instance: RunningInstance) -> None:
    page = signed_in(context, instance, JEAN)
    page.keyboard.press("c")
    page.locator(".editor-text").press_sequentially("Vous trouverez ci-joint le plan.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Indiquez au moins un destinataire.")).to_be_visible()
    page.get_by_role("combobox", name="À", exact=True).fill("jean.martin@ac-normandie.fr")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog", name="Ce message n’a pas d’objet")).to_be_visible()
    page.get_by_role("button", name="Envoyer quand même").click()
    expect(page.get_by_role("dialog", name="Avez-vous oublié une pièce jointe ?")).to_be_visible()
    page.get_by_role("button", name="Revenir au message").click()
    expect(page.locator(".editor-text")).to_contain_text("ci-joint le plan")


def test_a_draft_is_saved_kept_when_closed_and_had_back_when_thrown_away(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, JEAN)
    subject = f"Brouillon {time.time_ns()}"
    write(page, "paul.inconnu@exemple.fr", subject, "À finir demain.")
    expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré")
    page.keyboard.press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.locator(ROW, has_text=subject).locator(".row-subject").click()
    expect(page.locator(".editor-text")).to_contain_text("À finir demain.")
    page.get_by_role("button", name="Supprimer le brouillon").click()
    expect(page.locator(".composer")).to_have_count(0)
    page.locator(".toast", has_text="Brouillon supprimé").get_by_role("button", name="Annuler").click()
    expect(page.locator(".editor-text")).to_contain_text("À finir demain.")


def test_a_virus_is_refused_in_plain_words(context: BrowserContext, instance: RunningInstance) -> None:
    page = signed_in(context, instance, JEAN)
    page.keyboard.press("c")
    chooser = page.get_by_label("Joindre des fichiers")
    chooser.set_input_files(
        {"name": "essai.com", "mimeType": "application/octet-stream", "buffer": EICAR.encode()}
    )
    expect(page.locator(".file-failed")).to_contain_text("virus")
    expect(page.locator(".file-failed")).to_contain_text("Référence")


def test_fingers(phone: BrowserContext, instance: RunningInstance) -> None:
    page = signed_in(phone, instance, JEAN)
    fingers = phone.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def middle(row: int) -> float:
        box = page.locator(ROW).nth(row).bounding_box()
        assert box is not None
        return box["y"] + box["height"] / 2

    swiped = page.locator(ROW).first.get_attribute("data-thread")
    y = middle(0)
    touch("touchStart", 60, y)
    for x in range(80, 260, 20):
        touch("touchMove", x, y)
    touch("touchEnd")
    expect(page.locator(".toast")).to_contain_text("Conversation archivée")
    expect(page.locator(f"[data-thread='{swiped}']")).to_have_count(0)
    # A tap right after a swipe only stops the browser's own movement; the mouse has no such rule.
    page.locator(".toast").get_by_role("button", name="Annuler").click()
    expect(page.locator(f"[data-thread='{swiped}']")).to_have_count(1)

    page.locator(ROW).first.get_by_role("checkbox").tap()
    touch("touchStart", 200, middle(5))
    expect(page.locator(".selection-count")).to_have_text("6 sélectionnées")
    touch("touchEnd")
    page.get_by_role("button", name="Annuler la sélection").tap()

    page.locator(ROW).nth(1).locator(".row-subject").tap()
    expect(page.locator(".subject")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator(ROW).first).to_be_visible()
    expect(page.locator(".subject")).to_have_count(0)
