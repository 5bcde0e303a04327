"""Addressees: typed, pasted, mended, moved; nobody is forgotten, and who is outside the academy is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from journeys.composing import CHIPS, EDITOR, paste, people
from journeys.running import RunningInstance
from journeys.webmail import signed_in

JEAN = "jean.martin@ac-normandie.fr"
LIST = (
    "Claire Lefèvre <claire.lefevre@ac-normandie.fr>; paul.dupont@exemple.fr\n"
    '"Martin, Zoé" <zoe.martin@exemple.fr>, pas une adresse'
)


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True, bypass_csp=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Page:
    return signed_in(context, instance, JEAN)


def stand(page: Page, field: str, *names: str) -> None:
    """NAMES, and no others, stand in FIELD."""
    line = page.locator(".recipient-line", has=people(page, field))
    expect(line.locator(CHIPS)).to_have_text(names)


def test_a_pasted_list_becomes_people_and_what_is_none_keeps_the_message_here(page: Page) -> None:
    page.keyboard.press("c")
    paste(page, ".recipients input", LIST)
    expect(page.locator(CHIPS)).to_have_text(["Claire Lefèvre", "paul.dupont@exemple.fr", "Martin, Zoé"])
    expect(page.locator(".person-outside")).to_have_count(2)
    page.get_by_role("textbox", name="Objet").fill("Sortie")
    page.locator(EDITOR).press_sequentially("Bonjour.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("« pas une adresse » n’est pas une adresse complète.")).to_be_visible()
    expect(people(page)).to_be_focused()
    expect(page.locator(".composer")).to_be_visible()
    people(page).fill("")

    page.keyboard.press("Control+Enter")
    question = page.get_by_role("dialog", name="Envoyer hors de l’académie ?")
    expect(question).to_contain_text("zoe.martin@exemple.fr")
    expect(question).not_to_contain_text("claire.lefevre")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [violation["id"] for violation in found.response["violations"]] == []
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page.locator(EDITOR)).to_contain_text("Bonjour.")


def test_people_are_mended_and_moved_by_keys_and_by_hand(page: Page) -> None:
    page.keyboard.press("c")
    people(page).press_sequentially("anne@exemple.fr;bruno@exemple.fr claire@exemple.fr,")
    expect(page.locator(CHIPS)).to_have_count(3)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    stand(page, "À", "anne@exemple.fr", "claire@exemple.fr")
    stand(page, "Cci", "bruno@exemple.fr")
    expect(page.locator("[data-chip='bruno@exemple.fr']")).to_be_focused()

    cc = page.locator(".recipient-line", has=people(page, "Cc"))
    page.locator(".person-chip", has_text="anne").drag_to(cc)
    stand(page, "À", "claire@exemple.fr")
    stand(page, "Cc", "anne@exemple.fr")

    page.locator("[data-chip='claire@exemple.fr']").press("Enter")
    expect(people(page)).to_have_value("claire@exemple.fr")
    people(page).fill("claire.lefevre@ac-normandie.fr")
    page.keyboard.press("Enter")
    stand(page, "À", "claire.lefevre@ac-normandie.fr")
    expect(page.locator(".person-outside")).to_have_count(2)
    people(page).press("Backspace")
    stand(page, "À")
    page.get_by_role("button", name="Supprimer le brouillon").click()


def test_as_many_composers_as_fit_stand_open(page: Page) -> None:
    for number in range(3):
        page.keyboard.press("c")
        expect(page.locator(".composer")).to_have_count(number + 1)
        newest = page.locator(".composer").last
        newest.get_by_role("textbox", name="Objet").fill(f"Texte {number}")
        page.evaluate("document.activeElement.blur()")
    small = page.locator(".composer-small")
    expect(small).to_have_text(["Texte 0"])
    widths = page.locator(".composer:not(.composer-small)").evaluate_all(
        "all => all.map((each) => each.scrollWidth <= each.clientWidth)"
    )
    assert widths == [True, True]
    small.get_by_role("button", name="Texte 0").click()
    expect(page.locator(".composer-small")).to_have_text(["Texte 1"])
    page.set_viewport_size({"width": 768, "height": 1024})
    expect(page.locator(".composer-small")).to_have_count(2)
    expect(page.get_by_role("dialog", name="Texte 0")).to_be_visible()
