"""A head looks at their school, lets somebody go and takes it back, names a member, asks for a mailbox; the
DSI agrees, and the mailbox is in the head's mail.
"""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.running import RunningInstance
from journeys.webmail import signed_in

pytestmark = pytest.mark.journey
HEAD = "thierry.dubosc@ac-normandie.fr"
TEACHER = "jean.martin@ac-normandie.fr"
OTHER = "claire.lefevre@ac-normandie.fr"
CHIEF = "sebastien.hamel@ac-normandie.fr"
UAI = "0149101S"
SCHOOL = f"/console/etablissements/{UAI}/"
# An address is given once: another each time, where the instance stays.
WANTED = f"erasmus-{secrets.token_hex(3)}"
NAME = f"Projets {WANTED}"
ADDRESS = f"{WANTED}.{UAI.lower()}@ac-normandie.fr"


@pytest.fixture(autouse=True)
def wide(instance: RunningInstance) -> None:
    doors.open_wide(instance)


def browser_of(instance: RunningInstance, chromium: Any, address: str) -> Any:
    who = instance.demo(address=address)
    base = f"https://normandie.localhost:{instance.port(Port.WEB)}"
    # The checker of accessibility is a script that no policy of contents lets in.
    page = chromium.new_context(
        ignore_https_errors=True, base_url=base, locale="fr-FR", bypass_csp=True
    ).new_page()
    page.goto("/connexion/?suite=/compte/")
    page.fill("#identifiant", who["signInName"])
    page.fill("#mot_de_passe", who["password"])
    page.click("button.main")
    page.wait_for_url("**/compte/")
    return page


def seemly(page: Any) -> None:
    """Nothing is wider than the window, nothing is out of reach."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page).response["violations"]
    assert not found, [f"{page.url} {fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def test_a_head_looks_after_their_school(instance: RunningInstance, chromium: Any, new_context: Any) -> None:
    head = browser_of(instance, chromium, HEAD)
    head.goto("/console/etablissements/")
    head.wait_for_url(f"**{SCHOOL}")
    expect(head.locator("h1")).to_contain_text("Marguerite-Aubry")
    seemly(head)
    _goes_and_comes_back(head)
    _names_a_member(head)
    _asks_for_a_mailbox(head)
    _agrees(browser_of(instance, chromium, CHIEF))
    mail = signed_in(new_context(), instance, HEAD)
    expect(mail.get_by_text(NAME).first).to_be_visible(timeout=30_000)
    instance.casier("functional", "request", UAI, "--close", ADDRESS, "--reason", "fin de l’essai")


def _goes_and_comes_back(head: Any) -> None:
    head.locator("li", has_text=TEACHER).get_by_role("link").click()
    expect(head.locator("main")).not_to_contain_text("Sessions")
    seemly(head)
    head.get_by_role("link", name="Dire son départ").click()
    expect(head.locator("main")).to_contain_text("le compte fermera le")
    head.get_by_role("button", name="Confirmer le départ").click()
    expect(head.get_by_role("alert")).to_contain_text("motif")
    seemly(head)
    head.fill("#motif", "Mutation à Nantes")
    head.get_by_role("button", name="Confirmer le départ").click()
    head.wait_for_url(f"**{SCHOOL}")
    expect(head.locator("main")).to_contain_text("Mutation à Nantes")
    seemly(head)
    head.get_by_role("link", name="Annuler le départ Jean Martin").click()
    head.fill("#motif", "Erreur de nom")
    seemly(head)
    head.get_by_role("button", name="Annuler le départ").click()
    expect(head.get_by_role("status").first).to_contain_text("annulé")
    expect(head.locator("main")).not_to_contain_text("Mutation à Nantes")


def _names_a_member(head: Any) -> None:
    head.get_by_role("link", name="Collège Marguerite-Aubry – secrétariat", exact=True).click()
    seemly(head)
    head.get_by_role("link", name="Ajouter un membre").click()
    head.fill("#membre", OTHER)
    head.select_option("#role", "answer")
    head.fill("#motif", "Absences des élèves")
    seemly(head)
    head.get_by_role("button", name="Ajouter").click()
    expect(head.get_by_role("status").first).to_contain_text("ouverte à Claire")
    head.get_by_role("link", name="Modifier Claire").click()
    seemly(head)
    head.fill("#motif", "Fin de l’essai")
    head.get_by_role("button", name="Retirer de la boîte").click()
    expect(head.locator("main")).not_to_contain_text(OTHER)


def _asks_for_a_mailbox(head: Any) -> None:
    head.goto(SCHOOL)
    head.get_by_role("link", name="Demander une boîte").click()
    head.fill("#nom", NAME)
    head.fill("#adresse", WANTED)
    head.fill("#motif", "Les échanges avec nos partenaires")
    seemly(head)
    head.get_by_role("button", name="Envoyer la demande").click()
    expect(head.locator("main")).to_contain_text(ADDRESS)


def _agrees(chief: Any) -> None:
    chief.goto("/console/boites/")
    seemly(chief)
    chief.get_by_role("link", name=NAME).click()
    expect(chief.locator("main")).to_contain_text("nos partenaires")
    seemly(chief)
    chief.get_by_role("button", name="Accepter").click()
    expect(chief.get_by_role("status").first).to_contain_text("averti")


def test_shared_mailboxes_on_one_s_own_pages(instance: RunningInstance, chromium: Any) -> None:
    page = browser_of(instance, chromium, HEAD)
    page.get_by_role("link", name="Boîtes partagées").first.click()
    seemly(page)
    page.get_by_role("link", name="Membres").first.click()
    seemly(page)
