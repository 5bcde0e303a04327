"""The mail page for who listens to it: what the browser tells a screen reader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

WHO = "olivier.dharcourt@ac-normandie.fr"
# Each text that a live region was given, in order.
LISTEN = """() => {
    window.said = [];
    const note = (region) => {
        const words = region.innerText.trim();
        if (words !== '') window.said.push(words.replace(/\\s+/g, ' '));
    };
    new MutationObserver((changes) => {
        const regions = new Set();
        for (const { target } of changes) {
            const element = target.nodeType === 1 ? target : target.parentElement;
            const region = element?.closest('[role=status], [role=alert], [aria-live]');
            if (region !== null && region !== undefined) regions.add(region);
        }
        regions.forEach(note);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def page(chromium: Any, instance: RunningInstance) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True, bypass_csp=True
    )
    yield signed_in(context, instance, WHO)
    context.close()


def tree(page: Page) -> list[dict[str, Any]]:
    """What the browser gives to assistive technology."""
    return page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]


def told(node: dict[str, Any]) -> dict[str, Any]:
    """Role, name and properties, plainly."""
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return {
        "role": node.get("role", {}).get("value"),
        "name": node.get("name", {}).get("value", ""),
        **properties,
    }


def with_role(page: Page, role: str) -> list[dict[str, Any]]:
    found = [told(node) for node in tree(page) if not node.get("ignored")]
    return [node for node in found if node["role"] == role]


def test_a_row_says_who_what_and_how_it_is_and_nothing_else(page: Page, instance: RunningInstance) -> None:
    subject = f"Conseil {time.time_ns()}"
    append(instance, instance.demo(address=WHO), letter(subject, text="Ordre du jour.\n"))
    expect(page.locator(ROW, has_text=subject)).to_be_visible(timeout=15_000)
    grids = [node for node in with_role(page, "grid") if node["name"] == "Conversations"]
    assert len(grids) == 1
    row = next(node for node in with_role(page, "row") if subject in node["name"])
    assert row["name"].startswith("Non lu")
    assert "Une correspondante" in row["name"]
    for act in ("Archiver", "Supprimer", "Marquer comme", "Sélectionner"):
        assert act not in row["name"]
    # Rows that aren't drawn count: the list says how many there are, and each row which it is.
    assert (
        int(page.locator("#conversations").get_attribute("aria-rowcount") or 0) >= page.locator(ROW).count()
    )
    assert page.locator(ROW).first.get_attribute("aria-rowindex") == "1"


def test_what_happens_is_said(page: Page, instance: RunningInstance) -> None:
    page.evaluate(LISTEN)
    subject = f"Annonce {time.time_ns()}"
    append(instance, instance.demo(address=WHO), letter(subject, text="Bonjour.\n"))
    row = page.locator(ROW, has_text=subject)
    expect(row).to_be_visible(timeout=15_000)
    page.wait_for_function("window.said.some((words) => words.includes('nouveau message'))")
    row.locator(".row-subject").click()
    expect(page.locator(".message-body")).to_be_visible()
    page.keyboard.press("s")
    page.wait_for_function("window.said.some((words) => words.includes('suivie'))")
    page.keyboard.press("z")
    page.keyboard.press("/")
    page.keyboard.type("introuvablement")
    page.keyboard.press("Enter")
    page.wait_for_function("window.said.some((words) => words.includes('Aucun résultat'))")
    page.keyboard.press("Escape")


def test_a_message_that_leaves_is_said_once_not_each_second(page: Page) -> None:
    page.keyboard.press("c")
    page.get_by_role("combobox", name="À", exact=True).fill(WHO)
    page.get_by_role("textbox", name="Objet").fill("Une fois")
    page.locator(".editor-text").press_sequentially("Bonjour.")
    page.evaluate(LISTEN)
    page.keyboard.press("Control+Enter")
    toast = page.locator(".toast", has_text="Message envoyé dans")
    expect(toast).to_be_visible()
    page.wait_for_timeout(3_200)
    node = next(one for one in tree(page) if "Message envoyé dans" in one.get("name", {}).get("value", ""))
    assert node is not None
    heard = page.locator(".toasts", has=page.locator(".toast")).evaluate(
        "region => [...region.querySelectorAll('p')].filter((p) => p.getAttribute('aria-hidden') !== 'true')"
        ".map((p) => p.textContent)"
    )
    assert heard == ["Message envoyé dans 10\u00a0s"]
    page.keyboard.press("z")
    expect(page.locator(".composer")).to_be_visible()
