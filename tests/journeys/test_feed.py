"""The feed in the console of a running instance: a table is sent, looked at, applied, found, undone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DSI = "sebastien.hamel@ac-normandie.fr"
ACADEMY = "normandie"
WIDTHS = (1440, 768, 390, 320)
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def open_doors(instance: RunningInstance) -> None:
    doors.open_wide(instance)


def opened(instance: RunningInstance, chromium: Any) -> Any:
    person = instance.demo(address=DSI)
    origin = f"https://{ACADEMY}.localhost:{instance.port(Port.WEB)}"
    context = chromium.new_context(ignore_https_errors=True, base_url=origin, locale="fr-FR", bypass_csp=True)
    page = context.new_page()
    page.goto("/connexion/?suite=/console/imports/")
    page.fill("#identifiant", person["signInName"])
    page.fill("#mot_de_passe", person["password"])
    page.click("button.main")
    page.wait_for_url("**/console/imports/")
    return page


def sound(page: Any) -> None:
    """Nothing is cut off at any width, and nothing keeps anybody out."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)
    page.set_viewport_size({"width": 1440, "height": 900})
    found = Axe().run(page).response["violations"]
    assert [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found] == []


def until(page: Any, words: str) -> None:
    """Look again until the run is where WORDS say: the worker is at it."""
    end = time.monotonic() + PATIENCE
    while page.locator(".console-who .tag").inner_text() != words:
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.wait_for_timeout(300)
        page.reload()


def table(instance: RunningInstance, folder: Path) -> Path:
    uai = instance.json("school", "list", "--academy", ACADEMY)[0]["uai"]
    path = folder / "rentree.csv"
    rows = (
        "Prénom;NOM;Né(e) le;Établissement;Emploi",
        f"Iphigénie;DUCHEMIN;17/05/1980;{uai};ENS",
        f"Luc;;;{uai};ENS",
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_table_is_sent_looked_at_applied_found_and_undone(
    instance: RunningInstance, chromium: Any, tmp_path: Path
) -> None:
    page = opened(instance, chromium)
    page.get_by_role("link", name="Envoyer un fichier").click()
    page.set_input_files("#fichier", table(instance, tmp_path))
    page.fill("#motif", "Rentrée")
    sound(page)
    page.get_by_role("button", name="Envoyer et regarder").click()
    page.select_option("#function", "Emploi")
    page.select_option("#birth_date", "Né(e) le")
    sound(page)
    page.get_by_role("button", name="Lire le fichier").click()
    until(page, "prêt à appliquer")
    expect(page.locator("#lignes")).to_contain_text("Iphigénie Duchemin")
    expect(page.locator("#lignes")).to_contain_text("refus")
    sound(page)
    page.get_by_role("link", name="Appliquer…").click()
    page.fill("#motif", "Rentrée")
    sound(page)
    page.get_by_role("button", name="Appliquer").click()
    until(page, "appliqué")
    run = page.url
    page.goto("/console/?q=duchemin")
    expect(page.locator("main")).to_contain_text("Iphigénie Duchemin")
    page.goto(run)
    page.get_by_role("link", name="Annuler cet import…").click()
    page.fill("#motif", "Mauvais fichier")
    page.get_by_role("button", name="Annuler l’import").click()
    until(page, "annulé")
    sound(page)
