"""A help desk chief in September: the dashboard, a list, an act on many with its way back, the journal."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.pages import BrowserOf, seemly_by_day_and_night
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DESK = "pauline.lemoine@ac-rouen.fr"
COLLEAGUE = "elodie.vasseur@ac-rouen.fr"
WHY = ("--reason", "essai")
PATIENCE = 60.0  # seconds


@pytest.fixture
def chief(instance: RunningInstance) -> Iterator[None]:
    """Pauline is the DSI, too, for as long as it takes."""
    office = (DESK, "--office", "dsi", *WHY)
    instance.casier("mandate", "give", *office)
    yield
    instance.casier("mandate", "end", *office)


@pytest.fixture
def mine(browser_of: BrowserOf, chief: None) -> Any:
    # Without motion: a colour that is still on its way to the dark one has no contrast yet.
    return browser_of(DESK, "/console/", reduced_motion="reduce")


def settled(page: Any, state: str) -> None:
    """Look again until the worker has done its part."""
    end = time.monotonic() + PATIENCE
    while page.locator(".console-who .tag").inner_text() != state:
        assert time.monotonic() < end, page.locator(".console-who").inner_text()
        page.wait_for_timeout(200)
        with page.expect_navigation():
            page.get_by_role("link", name="Actualiser").click()


def test_the_dashboard_leads_to_the_list_it_counts(instance: RunningInstance, mine: Any) -> None:
    instance.casier("figures", "keep", "--sizes")
    mine.goto("/console/tableau/")
    seemly_by_day_and_night(mine)
    panel = mine.locator(".board-etats")
    active = panel.locator("li", has_text="actif")
    count = int(active.locator(".board-count").inner_text())
    active.get_by_role("link").click()
    expect(mine.get_by_role("heading", name=f"{count} personnes")).to_be_visible()
    mine.goto("/console/tableau/")
    mine.locator(".board-place summary").click()
    with mine.expect_download() as download:
        mine.locator(".board-place").get_by_role("link", name="Télécharger (CSV)").click()
    assert download.value.suggested_filename == "place.csv"
    # On a telephone, rooms unfold without any script, the one that is open marked.
    mine.set_viewport_size({"width": 390, "height": 800})
    mine.locator(".fold summary").click()
    expect(mine.locator(".fold a[aria-current=page]")).to_have_text("Tableau de bord")
    seemly_by_day_and_night(mine)


def test_many_are_suspended_after_a_look_and_let_in_again(instance: RunningInstance, mine: Any) -> None:
    mine.goto("/console/listes/")
    seemly_by_day_and_night(mine)
    mine.fill("#q", "vasseur")
    mine.get_by_role("button", name="Afficher").click()
    expect(mine).to_have_url(re.compile("q=vasseur"))
    mine.get_by_role("checkbox", name="Vasseur Élodie").check()
    mine.get_by_role("button", name="Voir qui est concerné").click()
    expect(mine.get_by_role("alert")).to_contain_text("Choisissez ce qui doit être fait")
    mine.get_by_role("checkbox", name="Vasseur Élodie").check()
    mine.select_option("#acte", "suspend")
    mine.get_by_role("button", name="Voir qui est concerné").click()
    expect(mine.locator("main")).to_contain_text("Cela toucherait 1\u00a0personne".replace("\u00a0", " "))
    seemly_by_day_and_night(mine)
    mine.get_by_role("link", name="Lancer…").click()
    mine.get_by_role("button", name="Suspendre").click()
    expect(mine.get_by_role("alert")).to_contain_text("motif")
    seemly_by_day_and_night(mine)
    mine.fill("#motif", "Mot de passe affiché au tableau")
    mine.get_by_role("button", name="Suspendre").click()
    settled(mine, "terminé")
    assert instance.json("account", "show", COLLEAGUE)["state"] == "suspended"
    mine.get_by_role("link", name="Annuler cet acte…").click()
    mine.fill("#motif", "C’était une autre salle")
    mine.get_by_role("button", name="Annuler cet acte").click()
    settled(mine, "annulé")
    assert instance.json("account", "show", COLLEAGUE)["state"] == "active"


def test_what_was_done_and_read_stands_in_the_journal(instance: RunningInstance, mine: Any) -> None:
    mine.goto("/console/listes/?q=vasseur")
    mine.get_by_role("link", name="Exporter (CSV)").click()
    mine.fill("#motif", "Courrier de rentrée")
    with mine.expect_download() as download:
        mine.get_by_role("button", name="Télécharger").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Vasseur" in text
    assert "Lemoine" not in text
    mine.goto("/console/?q=vasseur")
    mine.get_by_role("link", name="Élodie").first.click()
    expect(mine.get_by_role("heading", name="Qui a consulté cette fiche")).to_be_visible()
    seemly_by_day_and_night(mine)
    mine.goto("/console/journal/")
    seemly_by_day_and_night(mine)
    mine.fill("#sur", COLLEAGUE)
    mine.select_option("#acte", "person.looked_at")
    mine.get_by_role("button", name="Chercher").click()
    expect(mine.locator(".journal-rows")).to_contain_text("Pauline Lemoine")
    mine.goto("/console/journal/?acte=people.exported")
    expect(mine.locator(".journal-rows")).to_contain_text("Courrier de rentrée")
    assert instance.json("journal", "verify")["sound"]


@pytest.fixture
def regional(instance: RunningInstance) -> Iterator[None]:
    """Pauline answers for Nancy-Metz as well."""
    office = (DESK, "--office", "dsi", "--elsewhere", "nancy-metz", *WHY)
    instance.casier("mandate", "give", *office)
    yield
    instance.casier("mandate", "end", *office)


def test_who_answers_for_two_academies_chooses_which(
    instance: RunningInstance, regional: None, mine: Any
) -> None:
    instance.casier("figures", "keep")
    mine.goto("/console/tableau/")
    mine.select_option("#academie", "nancy-metz")
    mine.get_by_role("button", name="Afficher").click()
    expect(mine).to_have_url(re.compile("academie=nancy-metz"))
    seemly_by_day_and_night(mine)
    active = mine.locator(".board-etats li", has_text="actif")
    count = int(active.locator(".board-count").inner_text())
    active.get_by_role("link").click()
    expect(mine.get_by_role("heading", name=f"{count} personne")).to_be_visible()
    expect(mine.locator("#academie")).to_have_value("nancy-metz")
    expect(mine.locator(".many-people")).not_to_contain_text("@ac-rouen.fr")
    seemly_by_day_and_night(mine)
    assert mine.goto("/console/listes/?academie=amiens").status == 404


def test_the_search_finds_one_and_leads_to_the_list_of_many(mine: Any) -> None:
    mine.goto("/console/")
    mine.fill("#q", "ac-rouen")
    mine.get_by_role("button", name="Chercher").click()
    expect(mine.get_by_role("link", name="Tous les résultats en liste")).to_be_visible()
    seemly_by_day_and_night(mine)
    mine.get_by_role("link", name="Tous les résultats en liste").click()
    expect(mine.locator("#q")).to_have_value("ac-rouen")
    expect(mine.get_by_role("link", name="Agir sur plusieurs")).to_be_visible()
    mine.get_by_role("link", name="Chercher une seule personne").click()
    expect(mine.get_by_role("heading", name="Trouver une personne")).to_be_visible()
    expect(mine.locator("#q")).to_have_value("ac-rouen")
