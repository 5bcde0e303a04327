"""A working day by keyboard alone, and keys that can be switched off."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.everywhere.content import ask
from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, Choosers
from waiting import wait_until

WHO = "olivier.dharcourt@ac-normandie.fr"
FOCUS = "document.activeElement !== null && document.activeElement !== document.body"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True, bypass_csp=True
    )
    yield context
    context.close()


def sign_in(context: BrowserContext, instance: RunningInstance) -> Page:
    """By the keyboard: the name has the keys when the page is there."""
    person = instance.demo(address=WHO)
    page = context.new_page()
    page.goto(instance.web_url(person["academy"]))
    page.wait_for_function("document.activeElement.id === 'identifiant'")
    page.keyboard.type(person["signInName"])
    page.keyboard.press("Tab")
    page.keyboard.type(person["password"])
    page.keyboard.press("Enter")
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)
    return page


def palette(page: Page, what: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    page.keyboard.type(what)
    expect(page.locator(".palette-line").first).to_contain_text(what)
    page.keyboard.press("Enter")


def go_to(page: Page, keys: str, title: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".list-title")).to_have_text(title)


def to_row(page: Page, subject: str) -> None:
    """With K to the top, then with J from one to the next, until the conversation about SUBJECT is open."""
    for key in "k" * 8 + "j" * 20:
        page.keyboard.press(key)
        if page.locator(f"{ROW}.row-open", has_text=subject).count():
            return
        page.wait_for_timeout(80)
    raise AssertionError(f"J and K never came to {subject}")


def held(page: Page) -> None:
    """The keys are somewhere."""
    page.wait_for_function(FOCUS)


def test_a_working_day_by_keyboard_alone(context: BrowserContext, instance: RunningInstance) -> None:
    mark = f"{time.time_ns()}"
    append(instance, instance.demo(address=WHO), letter(f"Demande {mark}", "<p>Pouvez-vous répondre ?</p>"))
    append(instance, instance.demo(address=WHO), letter(f"Rappel {mark}", text="À voir demain.\n"))
    page = sign_in(context, instance)
    choosers = Choosers(page)
    # Read what is unread.
    page.locator(ROW, has_text=f"Demande {mark}").wait_for(timeout=15_000)
    to_row(page, f"Demande {mark}")
    page.keyboard.press("Enter")
    text = page.frame_locator(".message-body iframe[title]").get_by_text("Pouvez-vous répondre")
    expect(text).to_be_visible()
    # Answer, with a file, and take it back in time.
    page.keyboard.press("r")
    expect(page.locator(".editor-text")).to_be_focused(timeout=15_000)
    page.keyboard.type("Oui, voici.")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('composer-attach')"):
            break
    page.keyboard.press("Enter")
    choosers.choose({"name": "note.txt", "mimeType": "text/plain", "buffer": b"Note"})
    expect(page.locator(".file", has_text="note.txt").locator("progress")).to_have_count(0)
    expect(page.locator(".file", has_text="note.txt")).to_be_visible()
    page.keyboard.press("Control+Enter")
    anyway = page.get_by_role("dialog").get_by_role("button", name="Envoyer quand même")
    toast = page.locator(".toast", has_text="Message envoyé dans")
    expect(anyway.or_(toast).first).to_be_visible()
    if anyway.count():
        page.keyboard.press("Shift+Tab")
        expect(anyway).to_be_focused()
        page.keyboard.press("Enter")
    expect(toast).to_be_visible()
    held(page)
    page.keyboard.press("z")
    expect(page.locator(".editor-text")).to_contain_text("Oui, voici.", timeout=15_000)
    # Later: the menu of moments.
    page.locator(".editor-text").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.act === 'send-later'"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    # It asks about who is outside, or goes at once.
    wait_until("a word of it", lambda: anyway.count() or not page.locator(".composer").count())
    if anyway.count():
        page.keyboard.press("Shift+Tab")
        expect(anyway).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.locator(".composer")).to_have_count(0, timeout=15_000)
    held(page)
    # Label, snooze, move, undo.
    page.keyboard.press("l")
    expect(page.get_by_label("Chercher ou créer une étiquette")).to_be_focused()
    page.keyboard.type(f"Clavier {mark[-4:]}")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".label-line")).to_contain_text(f"Clavier {mark[-4:]}")
    held(page)
    page.keyboard.press("v")
    expect(page.get_by_role("searchbox", name="Chercher un dossier")).to_be_focused()
    page.keyboard.type("archi")
    page.keyboard.press("Enter")
    expect(page.locator(".toast", has_text="Archives")).to_be_visible()
    held(page)
    page.keyboard.press("z")
    expect(page.locator(ROW, has_text=f"Demande {mark}")).to_be_visible()
    to_row(page, f"Rappel {mark}")
    page.keyboard.press("b")
    expect(page.get_by_role("dialog").locator("button:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(ROW, has_text=f"Rappel {mark}")).to_have_count(0)
    held(page)
    # Search with operators.
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type(f"objet:{mark} ")
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_be_visible()
    expect(page.locator(ROW, has_text=mark).first).to_be_visible(timeout=15_000)
    page.keyboard.press("Escape")
    expect(page.locator(".chips")).to_have_count(0)
    # Other folders, and the settings by the palette.
    page.keyboard.press("Escape")
    go_to(page, "ge", "Envoyés")
    go_to(page, "gi", "Boîte de réception")
    palette(page, "Réglages")
    expect(page.get_by_role("dialog", name="Réglages")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    held(page)
    # And out.
    for _ in range(120):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('account-button')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/connexion/"), timeout=20_000)


def test_keys_of_one_character_can_be_switched_off(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = sign_in(context, instance)
    page.keyboard.press("?")
    choice = page.get_by_role("checkbox", name=re.compile("^Touches d’un seul caractère"))
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).not_to_be_checked()
    page.keyboard.press("Escape")
    try:
        for key in ("c", "e", "/", "?", "g", "e"):
            page.keyboard.press(key)
        expect(page.locator(".composer, dialog[open], .toast")).to_have_count(0)
        expect(page.locator(".list-title")).to_have_text("Boîte de réception")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        page.keyboard.press("Escape")
    finally:
        ask(page, "PUT", "/api/settings/reading", {"shortcuts": True})
