"""A head looks at their school, lets somebody go and takes it back, names a member, asks for a mailbox; the
DSI agrees, with another address, and the mailbox is in the head's mail. A newcomer lost their arrival sheet.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.doors import BECAUSE
from journeys.pages import BrowserOf, seemly, visitor
from journeys.paper import texts
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
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
ADDRESS = f"{WANTED}.{UAI.lower()}@ac-normandie.fr"
GIVEN = f"partenaires.{WANTED}"


def test_a_head_looks_after_their_school(
    instance: RunningInstance, browser_of: BrowserOf, new_context: Any
) -> None:
    head = browser_of(HEAD)
    head.goto("/console/etablissements/")
    head.wait_for_url(f"**{SCHOOL}")
    expect(head.locator("h1")).to_contain_text("Marguerite-Aubry")
    seemly(head)
    _goes_and_comes_back(head)
    _names_a_member(head)
    _asks_for_a_mailbox(head)
    _agrees(browser_of(CHIEF))
    mail = signed_in(new_context(), instance, HEAD)
    expect(mail.get_by_text(NAME).first).to_be_visible(timeout=30_000)
    given = f"{GIVEN}@ac-normandie.fr"
    instance.casier("functional", "request", UAI, "--close", given, "--reason", "fin de l’essai")


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
    with head.expect_navigation():
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
    chief.fill("#local", "direction à part")
    chief.get_by_role("button", name="Accepter").click()
    expect(chief.get_by_role("alert")).to_contain_text("sans accent")
    seemly(chief)
    chief.fill("#local", GIVEN)
    chief.get_by_role("button", name="Accepter").click()
    expect(chief.get_by_role("status").first).to_contain_text("averti")


def test_shared_mailboxes_on_one_s_own_pages(instance: RunningInstance, browser_of: BrowserOf) -> None:
    page = browser_of(HEAD)
    page.get_by_role("link", name="Boîtes partagées").first.click()
    seemly(page)
    page.get_by_role("link", name="Membres").first.click()
    seemly(page)


def test_a_lost_arrival_sheet_is_made_anew(
    instance: RunningInstance, chromium: Any, browser_of: BrowserOf
) -> None:
    name = f"Nouvelle{secrets.token_hex(4).translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    instance.casier(
        "account", "create", "--academy", "normandie", "--given-name", "Lina", "--family-name", name,
        "--school", UAI, "--function", "ENS", *BECAUSE,
    )  # fmt: skip
    head = browser_of(HEAD)
    head.goto(f"{SCHOOL}?q={name}")
    head.locator("main").get_by_role("link", name=f"Lina {name}").click()
    seemly(head)
    head.get_by_role("link", name="Refaire la feuille d’arrivée").click()
    expect(head.locator("main")).to_contain_text("qui la tient peut ouvrir ce compte")
    head.get_by_role("button", name="Imprimer la feuille d’arrivée").click()
    expect(head.get_by_role("alert")).to_contain_text("motif")
    seemly(head)
    head.fill("#motif", "Feuille perdue")
    with head.expect_download() as paper:
        head.get_by_role("button", name="Imprimer la feuille d’arrivée").click()
    code, *_others = (one for one in texts(paper.value.path().read_bytes()) if CODE.fullmatch(one))
    newcomer = visitor(instance, chromium, "normandie")
    newcomer.goto("/activation/")
    newcomer.fill("#code", code)
    newcomer.click("main form button.main")
    newcomer.wait_for_url("**/activation/coordonnees/")
    expect(newcomer.locator("main")).to_contain_text(name)
    newcomer.context.close()
