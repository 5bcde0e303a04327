"""What shall leave later: marked among the drafts, changed there, looked at, given up, or come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from journeys.composing import EDITOR, begin
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

JEAN = "jean.martin@ac-normandie.fr"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        ignore_https_errors=True,
    )
    yield context
    context.close()


def schedule(page: Page, to: str, subject: str) -> Locator:
    """A message for tomorrow at eight; the mark of its row among the drafts."""
    begin(page, to, subject)
    page.keyboard.type("Demain matin.")
    page.get_by_role("button", name="Envoyer plus tard").click()
    page.get_by_role("menuitem", name="Demain à 8 h").click()
    expect(page.locator(".composer")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("b")
    return page.locator(ROW, has_text=subject).locator(".send-chip")


def test_a_scheduled_draft_says_when_it_leaves_and_is_changed_there(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, JEAN)
    subject = f"Pour demain {time.time_ns()}"
    mark = schedule(page, JEAN, subject)
    expect(mark).to_have_text("demain, 8 h 00")
    page.reload()
    expect(mark).to_have_text("demain, 8 h 00")

    mark.click()
    page.get_by_role("menuitem", name="Changer l’heure").click()
    page.get_by_label("Date et heure d’envoi").fill("2020-01-01T08:00")
    page.get_by_role("button", name="Programmer l’envoi").click()
    expect(page.get_by_text("Choisissez un moment à venir.")).to_be_visible()
    year = time.localtime().tm_year + 1
    page.get_by_label("Date et heure d’envoi").fill(f"{year}-01-04T07:30")
    page.get_by_role("button", name="Programmer l’envoi").click()
    expect(mark).to_contain_text(f"4 janv. {year}, 7 h 30")

    # Only looked at, it goes on waiting; once changed, it doesn't.
    row = page.locator(ROW, has_text=subject).locator(".row-subject")
    row.click()
    expect(page.locator(".composer-notice")).to_contain_text("Ce message devait partir")
    expect(mark).to_have_count(0)
    page.locator(EDITOR).press("Escape")
    expect(mark).to_contain_text("7 h 30")
    row.click()
    page.locator(EDITOR).press_sequentially("Non. ")
    expect(page.get_by_role("button", name="Programmer de nouveau")).to_be_visible()
    page.locator(EDITOR).press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    expect(page.locator(ROW, has_text=subject)).to_be_visible()
    expect(mark).to_have_count(0)


def test_what_could_not_leave_is_a_draft_with_the_reason(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, JEAN)
    subject = f"Sans destinataire {time.time_ns()}"
    mark = schedule(page, "personne.inconnue@ac-normandie.fr", subject)
    mark.click()
    page.get_by_role("menuitem", name="Envoyer maintenant").click()
    expect(mark).to_have_text("Non parti", timeout=30_000)
    expect(page.get_by_text("Un message programmé n’est pas parti.")).to_be_visible()
    mark.click()
    page.get_by_role("menuitem", name="Voir pourquoi").click()
    told = page.get_by_role("dialog", name="Envois programmés").locator("li", has_text=subject)
    expect(told).to_contain_text("L’adresse personne.inconnue@ac-normandie.fr n’existe pas.")
    expect(told).to_contain_text("Référence")
    told.get_by_role("button", name="J’ai compris").click()
    expect(mark).to_have_count(0)
