"""The web client for who uses the keyboard alone, a screen reader, large type or a narrow window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in


@pytest.fixture(params=["light", "dark"])
def context(request: pytest.FixtureRequest, chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme=request.param,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        ignore_https_errors=True,
        bypass_csp=True,  # axe is put into the page
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Page:
    return signed_in(context, instance, "claire.lefevre@ac-normandie.fr")


def the_list(page: Page) -> None:
    expect(page.locator(ROW).first).to_be_visible()


def a_conversation(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".message-body")).to_be_visible()


def a_selection(page: Page) -> None:
    page.locator(ROW).first.get_by_role("checkbox").click()
    expect(page.locator(".selection-bar")).to_be_visible()


def a_menu(page: Page) -> None:
    page.locator(".account-button").click()
    expect(page.get_by_role("menu")).to_be_visible()


def the_composer(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator(".editor-text")).to_be_visible()


def the_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def the_search(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("reunion")
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_be_visible()


STATES = [the_list, a_conversation, a_selection, a_menu, the_composer, the_keys, the_search]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(page: Page, state: Callable[[Page], None]) -> None:
    state(page)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    )
    told = [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]
    assert told == []


def test_a_day_without_a_mouse(page: Page) -> None:
    first = page.locator(ROW).first
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".subject")).to_be_visible()
    opened = page.locator(".row-open").get_attribute("data-thread")
    page.keyboard.press("j")
    expect(page.locator(".row-open")).not_to_have_attribute("data-thread", opened or "")
    page.keyboard.press("k")
    expect(page.locator(".row-open")).to_have_attribute("data-thread", opened or "")
    page.keyboard.press("s")
    expect(page.locator(".toast")).to_contain_text("suivie")
    page.keyboard.press("z")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("archivée")
    page.keyboard.press("z")
    expect(page.locator(f"[data-thread='{opened}']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".empty-reading")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.locator(".list-title")).to_have_text("Envoyés")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator(".list-title")).to_have_text("Boîte de réception")
    page.keyboard.press("c")
    expect(page.get_by_role("combobox", name="À", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    expect(first).to_be_visible()
    assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("width", [320, 720])
def test_nothing_is_cut_at_320_pixels_and_at_twice_the_size(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640 if width == 320 else 450})
    expect(page.locator(ROW).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # Where its words begin: the row's actions come over their end under a pointer.
    page.locator(ROW).nth(1).locator(".row-subject").click(position={"x": 5, "y": 5})
    expect(page.locator(".message-body")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
