"""Somebody from outside: a head asks, the DSI agrees, they open their mailbox with a telephone and read."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from journeys import doors
from journeys.mailbox_filling import append, letter
from journeys.newcomers import Answering, Newcomer
from journeys.pages import BrowserOf, seemly, visitor
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
HEAD = "anne-sophie.delamare@ac-rouen.fr"
CHIEF = "pauline.lemoine@ac-rouen.fr"
TELEPHONE = {"width": 390, "height": 844}
ROOM = "/console/intervenants/"


@pytest.fixture(autouse=True)
def chief(instance: RunningInstance) -> Iterator[None]:
    """Pauline is the DSI, too, for as long as it takes."""
    office = (CHIEF, "--office", "dsi", *doors.BECAUSE)
    instance.casier("mandate", "give", *office)
    yield
    instance.casier("mandate", "end", *office)


def ask(page: Any, family: str, mail: str) -> None:
    page.get_by_role("link", name="Demander un intervenant").click()
    page.get_by_role("button", name="Voir ce qui sera demandé").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seemly(page)
    fields = {"prenom": "Inès", "nom": family, "naissance": "1991-06-03", "courriel": mail}
    last = f"{datetime.now(tz=UTC) + timedelta(days=40):%Y-%m-%d}"
    for name, value in {**fields, "role": "Atelier théâtre", "fin": last, "motif": "convention"}.items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Voir ce qui sera demandé").click()
    expect(page.locator("main")).to_contain_text("rien ne s’ouvre avant")
    seemly(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("status").first).to_contain_text("envoyée à la DSI")


def temporary_password(instance: RunningInstance, mail: str) -> str:
    def came() -> str:
        got = instance.json("demo", "phone", mail)
        found = re.search(r"Mot de passe temporaire\s*: (\S+)", got[0]["text"]) if got else None
        return found[1] if found else ""

    return wait_until("the way in by mail", came, 60)


def test_from_the_request_to_the_first_message(
    instance: RunningInstance, chromium: Any, browser_of: BrowserOf
) -> None:
    family = f"Delmas{secrets.token_hex(4).translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    mail = f"{family.lower()}@laposte.example"
    head = browser_of(HEAD, ROOM)
    seemly(head)
    ask(head, family, mail)
    seemly(head)

    chief = browser_of(CHIEF, ROOM)
    chief.get_by_role("link", name=f"Répondre Inès {family}").click()
    expect(chief.get_by_role("button", name="Accepter et créer le compte")).to_be_visible()
    seemly(chief)
    chief.get_by_role("button", name="Accepter et créer le compte").click()
    expect(chief.get_by_role("status").first).to_contain_text("acceptée")
    address = f"ines.{family.lower()}@ac-rouen.fr"
    wait_until("the mailbox", lambda: instance.json("account", "show", address)["provisioned"], 60)
    append(instance, {"address": address}, letter("Répétition mardi", text="Rendez-vous à 14 heures."))

    telephone = visitor(instance, chromium, "rouen", viewport=TELEPHONE)
    who = Newcomer("rouen", "", address, temporary_password(instance, mail), family)
    walk = Answering(telephone, instance, who)
    telephone.goto("/connexion/")
    for _ in range(16):
        path = urlsplit(telephone.url).path
        if path == "/courrier/":
            break
        walk.answer(path)
        telephone.wait_for_load_state()
    telephone.get_by_text("Répétition mardi").first.click()
    expect(telephone.get_by_text("Rendez-vous à 14 heures.").first).to_be_visible()

    head.goto(ROOM)
    head.get_by_role("link", name=f"Inès {family}").first.click()
    expect(head.locator("main")).to_contain_text("La boîte est ouverte")
    seemly(head)
    head.get_by_role("link", name="Prolonger").click()
    expect(head.locator("#fin")).to_be_visible()
    seemly(head)
    head.fill("#fin", f"{datetime.now(tz=UTC) + timedelta(days=80):%Y-%m-%d}")
    head.fill("#motif", "suite du projet")
    head.get_by_role("button", name="Prolonger").click()
    expect(head.get_by_role("status").first).to_contain_text("prolongé")
    head.get_by_role("link", name="Mettre fin dès aujourd’hui").click()
    expect(head.locator("#motif")).to_be_visible()
    seemly(head)
    head.fill("#motif", "projet abandonné")
    head.get_by_role("button", name="Mettre fin").click()
    expect(head.get_by_role("status").first).to_contain_text("terminée")
    assert instance.json("account", "show", address)["state"] == "leaving"


def test_somebody_of_another_academy_keeps_their_account(
    instance: RunningInstance, browser_of: BrowserOf
) -> None:
    last = f"{datetime.now(tz=UTC) + timedelta(days=40):%d/%m/%Y}"
    asked = instance.json(
        "contributor", "ask", "--school", "0769201N", "--sponsor", HEAD, "--given-name", "Claire",
        "--family-name", "Lefèvre", "--birth-date", "12/03/1984", "--role", "Jury", "--until", last,
        *doors.BECAUSE,
    )  # fmt: skip
    chief = browser_of(CHIEF, ROOM)
    chief.goto(f"{ROOM}demandes/{uuid.UUID(asked['number'])}/")
    there = chief.get_by_label("Académie de Normandie")
    expect(there).to_be_visible()
    expect(chief.locator("main")).not_to_contain_text("@ac-normandie.fr")
    seemly(chief)
    there.check()
    chief.get_by_role("button", name="Accepter et créer le compte").click()
    expect(chief.get_by_role("status").first).to_contain_text("acceptée")
    chief.get_by_role("link", name="Claire Lefèvre").first.click()
    expect(chief.locator("main")).to_contain_text("qui l’ouvre et le ferme")
    seemly(chief)
    chief.get_by_role("link", name="Mettre fin dès aujourd’hui").click()
    chief.fill("#motif", "jury terminé")
    chief.get_by_role("button", name="Mettre fin").click()
    expect(chief.get_by_role("status").first).to_contain_text("terminée")
    assert instance.json("account", "show", "claire.lefevre@ac-normandie.fr")["state"] == "active"
