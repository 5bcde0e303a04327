"""In which order the keys go through the page, and how they come to what the pointer reveals."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

# The part of the page that has the keys; a link before all of them leads past them.
PART = """() => {
    const held = document.activeElement;
    const parts = {
        skip: '.skip-link', bar: '.topbar', folders: '.folders-side', composer: '.composer',
        list: '.list-pane', reading: '.reading-pane',
    };
    return Object.keys(parts).find((part) => held.closest(parts[part]) !== null) ?? held.tagName;
}"""


@pytest.fixture
def page(chromium: Any, instance: RunningInstance) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield signed_in(context, instance, "claire.lefevre@ac-normandie.fr")
    context.close()


def through(page: Page, most: int) -> list[str]:
    """The parts of the page, as Tab goes through them, until it leaves the page."""
    met = []
    for _ in range(most):
        page.keyboard.press("Tab")
        part = page.evaluate(PART)
        if part == "BODY":
            break
        met.append(part)
    return [part for part, _ in groupby(met)]


def test_tab_goes_through_the_page_in_the_order_of_reading(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".message-body").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.locator("body").evaluate("body => getSelection().collapse(body, 0)")
    assert through(page, 120) == ["skip", "bar", "folders", "list", "reading"]


def test_the_buttons_of_a_row_come_by_the_right_arrow(page: Page) -> None:
    page.keyboard.press("j")
    row = page.locator(f"{ROW}[tabindex='0']").first
    row.focus()
    expect(row.locator(".row-actions")).to_have_css("opacity", "0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(row.locator(".row-actions")).to_have_css("opacity", "1")
    expect(row.get_by_role("button", name="Supprimer")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(row.get_by_role("button", name="Ne plus suivre")).to_be_focused()
    page.keyboard.press("Space")
    expect(row.get_by_role("button", name="Suivre")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(row).to_be_focused()
