"""Searching, and going everywhere by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

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
