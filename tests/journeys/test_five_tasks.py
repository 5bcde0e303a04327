"""Five things that everybody does every day, each within a number of actions, on a desk and on a phone.

An action is a press, or an entry in a field together with the Enter or Tab that ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from journeys.running import RunningInstance
from journeys.webmail import ROW, Choosers, press_once_still, signed_in

SIZES = {"desk": (1440, 900), "phone": (390, 844)}


class Hand:
    """A person at the screen, whose actions are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.choosers = Choosers(page)
        self.actions = 0

    def press(self, target: Locator, *keys: Any) -> None:
        self.actions += 1
        target.click(modifiers=list(keys))

    def enter(self, target: Locator, text: str, end: str = "") -> None:
        self.actions += 1
        target.fill(text)
        if end:
            target.press(end)

    def type(self, target: Locator, text: str) -> None:
        self.actions += 1
        target.press_sequentially(text)

    def choose_file(self, opener: Locator, file: Path) -> None:
        """The press, then the choice in the system's own window."""
        self.actions += 2
        opener.click()
        self.choosers.choose(file)


@pytest.fixture(params=list(SIZES))
def context(request: pytest.FixtureRequest, chromium: Any) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        ignore_https_errors=True,
    )
    yield context
    context.close()


@pytest.fixture
def teacher(instance: RunningInstance) -> dict[str, Any]:
    return instance.demo(address="claire.lefevre@ac-normandie.fr")


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any]) -> Page:
    """Signed in, with the inbox in view."""
    return signed_in(context, instance, teacher["address"])


def choose(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True).locator("visible=true")


def test_sign_in_and_open_the_newest_message(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any]
) -> None:
    page = context.new_page()
    page.goto(instance.web_url(teacher["academy"]))
    hand = Hand(page)
    hand.enter(page.locator("input[autocomplete~=username]"), teacher["signInName"], "Tab")
    hand.enter(page.locator("input[type=password]"), teacher["password"], "Enter")
    newest = page.locator(ROW).first
    subject = newest.locator(".row-subject").inner_text()
    hand.press(newest.locator(".row-subject"))
    expect(page.locator(".subject")).to_contain_text(re.sub(r"^(Re|Fwd|TR)\s?: ", "", subject))
    expect(page.locator(".message-body")).to_be_visible()
    assert hand.actions <= 3


def test_answer_with_a_file(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "progression-4eB.pdf"
    file.write_bytes(b"%PDF-1.4\n" + b"%" * 40_000)
    hand = Hand(page)
    hand.press(page.locator(ROW, has_text="Re:").first)
    hand.actions += 1
    press_once_still(choose(page, "Répondre").last)
    hand.type(page.locator(".editor-text"), "Bonjour, voici la progression. Bien à vous")
    hand.choose_file(page.get_by_role("button", name="Joindre des fichiers"), file)
    expect(page.locator(".file:not(.file-coming)", has_text="progression-4eB.pdf")).to_be_visible()
    hand.press(page.locator("[data-act=send]"))
    expect(page.locator(".toast", has_text="Message envoyé dans")).to_be_visible()
    assert hand.actions <= 6


def test_find_last_months_message_with_a_file_from_someone(page: Page) -> None:
    hand = Hand(page)
    hand.enter(page.locator("#search"), "Nathalie Quesnel", "Enter")
    hand.press(choose(page, "Avec pièce jointe"))
    hand.press(choose(page, "Le mois dernier"))
    expect(page.locator("[aria-pressed=true].chip")).to_have_count(2)
    found = page.locator(ROW).first
    expect(found.locator("[aria-label='Pièce jointe']")).to_be_visible()
    hand.press(found.locator(".row-subject"))
    expect(page.locator(".message-body").last).to_be_visible()
    assert hand.actions <= 4


def test_archive_ten(page: Page) -> None:
    before = page.locator(ROW).nth(10).get_attribute("data-thread")
    hand = Hand(page)
    hand.press(page.locator(ROW).first.get_by_role("checkbox"))
    hand.press(page.locator(ROW).nth(9).get_by_role("checkbox"), "Shift")
    expect(page.locator(".selection-count")).to_have_text("10 sélectionnées")
    hand.press(choose(page, "Archiver").first)
    expect(page.locator(".toast")).to_contain_text("10 conversations archivées")
    expect(page.locator(ROW).first).to_have_attribute("data-thread", before or "")
    assert hand.actions <= 3
    page.locator(".toast").get_by_role("button", name="Annuler").click()
    expect(page.locator(ROW).first).not_to_have_attribute("data-thread", before or "")


def test_undo_a_send(page: Page, teacher: dict[str, Any]) -> None:
    choose(page, "Nouveau message").or_(choose(page, "Écrire")).first.click()
    page.get_by_role("combobox", name="À", exact=True).fill(teacher["address"])
    page.get_by_role("textbox", name="Objet").fill("À reprendre")
    page.locator(".editor-text").press_sequentially("Trop vite.")
    page.locator("[data-act=send]").click()
    toast = page.locator(".toast", has_text="Message envoyé dans")
    expect(toast).to_be_visible()
    hand = Hand(page)
    hand.press(toast.get_by_role("button", name="Annuler"))
    expect(page.locator(".editor-text")).to_contain_text("Trop vite.")
    assert hand.actions <= 1
