"""Choosing a password and setting up a device, in a real browser, with and without script."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys.commands import CASIER
from journeys.pages import arrived, violations
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
WIDTHS = (1440, 768, 390, 320)
PAGES = ("/compte/mot-de-passe/", "/compte/mots-de-passe/", "/compte/mots-de-passe/nouveau/")


@pytest.fixture
def agent(instance: RunningInstance) -> dict[str, Any]:
    """Someone of Amiens."""
    return instance.demo(address="mickael.caron@ac-amiens.fr")


def command(instance: RunningInstance, *words: str) -> Any:
    """What the command line says."""
    called = [str(CASIER), *words, "--json", "--instance", str(instance.root)]
    return json.loads(subprocess.run(called, capture_output=True, check=True, text=True).stdout)


def open_page(chromium: Any, instance: RunningInstance, **options: Any) -> Any:
    origin = f"https://amiens.localhost:{instance.port(Port.WEB)}"
    context = chromium.new_context(ignore_https_errors=True, base_url=origin, locale="fr-FR", **options)
    return context.new_page()


def sign_in(page: Any, agent: dict[str, Any], suite: str) -> None:
    page.goto(f"/connexion/?suite={suite}")
    page.fill("#identifiant", agent["address"])
    page.fill("#mot_de_passe", agent["password"])
    page.click("form button.main")
    arrived(page, suite)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any], scheme: str
) -> None:
    page = open_page(chromium, instance, color_scheme=scheme, bypass_csp=True)
    sign_in(page, agent, PAGES[0])
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        found += violations(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (path, width)
    page.goto(PAGES[0])
    page.fill("#nouveau", "Rentree2026!")
    expect(page.locator(".strength-word")).to_have_text("Faible", timeout=30_000)
    found += violations(page)
    assert found == []
    page.context.close()


def test_one_is_told_as_one_types_and_takes_a_suggestion(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any]
) -> None:
    page = open_page(chromium, instance)
    sign_in(page, agent, PAGES[0])
    field = page.locator("#nouveau")
    field.fill("Academie-Lyon1")
    expect(page.locator("#nouveau-erreur")).to_contain_text("essaie d’abord", timeout=30_000)
    page.get_by_role("button", name="Afficher").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_text("Une idée").click()
    idea = page.locator("[data-suggestion]")
    before = idea.text_content()
    page.get_by_role("button", name="Une autre").click()
    expect(idea).not_to_have_text(before or "", timeout=30_000)
    page.get_by_role("button", name="Utiliser celle-ci").click()
    expect(page.locator("#nouveau-erreur")).to_have_text("Ce mot de passe convient.", timeout=30_000)
    expect(field).to_be_focused()
    assert field.input_value() == idea.text_content()
    page.context.close()


def test_a_wrong_present_password_is_told_at_its_field_without_script(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any]
) -> None:
    page = open_page(chromium, instance, java_script_enabled=False)
    sign_in(page, agent, PAGES[0])
    page.fill("#actuel", "pas-celui-ci")
    page.fill("#nouveau", "girafe-moulin-cerise-tambour-47")
    page.fill("#encore", "girafe-moulin-cerise-tambour-47")
    page.click("main form button.main")
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas votre mot de passe actuel")
    page.context.close()


def test_a_device_is_added_and_removed(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any]
) -> None:
    page = open_page(chromium, instance)
    sign_in(page, agent, PAGES[1])
    page.get_by_role("link", name="Ajouter un appareil").click()
    page.fill("#nom", "Téléphone d’essai")
    page.get_by_role("button", name="Créer le mot de passe").click()
    password = page.text_content("#passe")
    assert re.fullmatch(r"(?:[2-9a-z]{4}-){5}[2-9a-z]{4}", password or "")
    expect(page.get_by_role("button", name="Copier le mot de passe")).to_be_visible()
    expect(page.locator(".scan img")).to_be_visible()
    shown = command(instance, "app-password", "list", agent["address"])
    assert "Téléphone d’essai" in {one["name"] for one in shown}
    page.get_by_role("link", name="C’est fait").click()
    expect(page.locator("main")).not_to_contain_text(password or "-")
    page.get_by_role("link", name="Retirer Téléphone d’essai").first.click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_role("status")).to_contain_text("ne fonctionne plus")
    page.context.close()
