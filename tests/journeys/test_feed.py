"""The feed in the console of a running instance: a table is sent, looked at, applied, found, undone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.pages import BrowserOf, fits, look_again, violations
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DSI = "sebastien.hamel@ac-normandie.fr"
ACADEMY = "normandie"
PATIENCE = 60.0


def sound(page: Any) -> None:
    """Nothing is cut off at any width, and nothing keeps anybody out."""
    fits(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert violations(page) == []


def press(page: Any, name: str) -> None:
    """Send the form: a look at what comes of it before it is there would go back on it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def until(page: Any, words: str) -> None:
    """Look again until the run is where WORDS say: the worker is at it."""
    end = time.monotonic() + PATIENCE
    while page.locator(".console-who .tag").inner_text() != words:
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.wait_for_timeout(300)
        look_again(page)


def until_found(page: Any, name: str) -> None:
    """Look again until NAME is there: who is new can be found once the worker has taken them up."""
    end = time.monotonic() + PATIENCE
    while name not in page.locator("main").inner_text():
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.wait_for_timeout(300)
        look_again(page)


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
    instance: RunningInstance, browser_of: BrowserOf, tmp_path: Path
) -> None:
    page = browser_of(DSI, "/console/imports/")
    page.get_by_role("link", name="Envoyer un fichier").click()
    page.set_input_files("#fichier", table(instance, tmp_path))
    page.fill("#motif", "Rentrée")
    sound(page)
    page.get_by_role("button", name="Envoyer et regarder").click()
    page.select_option("#function", "Emploi")
    page.select_option("#birth_date", "Né(e) le")
    sound(page)
    press(page, "Lire le fichier")
    until(page, "prêt à appliquer")
    expect(page.locator("#lignes")).to_contain_text("Iphigénie Duchemin")
    expect(page.locator("#lignes")).to_contain_text("refus")
    sound(page)
    page.get_by_role("link", name="Appliquer…").click()
    page.fill("#motif", "Rentrée")
    sound(page)
    press(page, "Appliquer")
    until(page, "appliqué")
    run = page.url
    page.goto("/console/?q=duchemin")
    until_found(page, "Iphigénie Duchemin")
    page.goto(run)
    page.get_by_role("link", name="Annuler cet import…").click()
    page.fill("#motif", "Mauvais fichier")
    press(page, "Annuler l’import")
    until(page, "annulé")
    sound(page)
