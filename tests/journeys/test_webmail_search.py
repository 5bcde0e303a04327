"""Searching, and going everywhere by keyboard alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Page:
    return signed_in(context, instance, "claire.lefevre@ac-normandie.fr")


def test_operators_become_chips_that_can_be_changed(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("de:nath")
    expect(page.locator(".suggestion").first).to_contain_text("Nathalie Quesnel")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chip = page.locator(".chip-term")
    expect(chip).to_contain_text("nathalie.quesnel@ac-normandie.fr")
    expect(page.locator(ROW).first).to_be_visible()
    chip.locator(".chip-word").click()
    page.locator(".chip-field").fill("personne-de-ce-nom")
    page.keyboard.press("Enter")
    expect(page.locator(ROW)).to_have_count(0)
    chip.get_by_role("button").last.click()
    expect(page.locator(".chips")).to_have_count(0)


def test_the_palette_goes_everywhere_and_the_focus_is_kept(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator(".palette-lines")).to_be_visible()
    page.keyboard.type("corbei")
    expect(page.locator(".palette-line").first).to_contain_text("Corbeille")
    page.keyboard.press("Enter")
    expect(page.locator(".list-title")).to_have_text("Corbeille")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator(ROW).first).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator(".key-groups")).to_contain_text("Archiver")
    page.keyboard.press("Escape")
    page.locator(ROW).nth(1).focus()
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("archivée")
    expect(page.locator(f"{ROW}:focus")).to_have_count(1)
    page.keyboard.press("z")
    expect(page.locator(f"{ROW}:focus")).to_have_count(1)


def with_file(subject: str, name: str, text: str, html: str | None = None) -> EmailMessage:
    """A message from outside with a PDF called NAME."""
    message = letter(subject, html, text=text)
    message.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename=name)
    return message


def search(page: Page, text: str, count: int) -> None:
    """Look for TEXT until COUNT rows are found: what was just delivered is indexed a moment later."""
    for _ in range(20):
        page.locator("#search").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".chips")).to_be_visible()
        try:
            expect(page.locator(ROW)).to_have_count(count, timeout=3_000)
        except AssertionError:
            page.get_by_role("button", name="Effacer la recherche").click()
            expect(page.locator(".chips")).to_have_count(0)
        else:
            return
    expect(page.locator(ROW)).to_have_count(count)


def test_a_file_is_found_by_its_name_and_words_found_are_marked(
    page: Page, instance: RunningInstance
) -> None:
    word = f"Zéphyr{time.time_ns() % 10**9}"
    person = instance.demo(address="claire.lefevre@ac-normandie.fr")
    html = f"<p>Le dossier <b>{word}</b> est joint.</p>"
    append(instance, person, with_file(f"Dossier {word}", f"{word} annexe.pdf", "", html))
    append(instance, person, letter(f"Sans fichier {word}"))
    plain = word.lower().replace("é", "e")
    search(page, plain, 2)
    marked = "[...(CSS.highlights.get('casier-found') ?? [])].map(String).join(' ')"
    page.wait_for_function(f"() => {marked} === '{word} {word}'")
    search(page, f'pièce:"{word} annexe"', 1)
    search(page, plain, 2)
    page.get_by_role("button", name="Avec pièce jointe").click()
    expect(page.locator(ROW)).to_have_count(1)
    page.locator(f"{ROW} .row-subject").click()
    frame = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
    expect(frame.locator("mark.casier-found")).to_have_text(word)
    page.get_by_role("button", name="Effacer la recherche").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert page.evaluate("CSS.highlights.has('casier-found')") is False


def test_a_search_is_made_in_a_form_kept_renamed_and_deleted(page: Page, instance: RunningInstance) -> None:
    word = f"Mistral{time.time_ns() % 10**9}"
    person = instance.demo(address="claire.lefevre@ac-normandie.fr")
    append(instance, person, letter(f"Vent de {word}"))
    search(page, word, 1)
    page.get_by_role("button", name="Effacer la recherche").click()
    page.get_by_role("button", name="Recherche détaillée").click()
    form = page.locator(".search-form")
    form.get_by_label("Objet").fill(word)
    form.get_by_label("Expéditeur").fill("correspondante")
    form.get_by_role("button", name="Rechercher").click()
    expect(page.locator(ROW)).to_have_count(1)
    expect(page.locator(".chip-term")).to_have_count(2)
    page.get_by_role("button", name="Garder cette recherche").click()
    page.get_by_label("Nom", exact=True).fill(f"Vents {word}")
    with page.expect_response(re.compile("/api/settings/searches$")):  # a new page before that forgets it
        page.keyboard.press("Enter")
    kept = page.locator(".saved-search", has_text=word)
    expect(kept).to_be_visible()
    page.get_by_role("button", name="Effacer la recherche").click()
    page.reload()
    kept.click()
    expect(page.locator(ROW)).to_have_count(1)
    expect(page.locator(".chip-term")).to_have_count(2)
    page.get_by_role("button", name="Gérer les recherches gardées").click()
    name = page.locator(".saved-manage input").last
    name.fill(f"Brises {word}")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".saved-search", has_text=f"Brises {word}")).to_be_visible()
    page.get_by_role("button", name="Gérer les recherches gardées").click()
    page.locator(".saved-manage li").last.get_by_role("button", name="Supprimer").click()
    page.keyboard.press("Escape")
    expect(page.locator(".saved-search", has_text=word)).to_have_count(0)
