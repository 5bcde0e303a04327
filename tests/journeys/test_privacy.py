"""People's rights: one's own data to take along; an officer hands over a copy, erases, prints."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from journeys.pages import BrowserOf, look_again, seemly
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
OFFICER = "pauline.lemoine@ac-rouen.fr"
TEACHER = "karim.haddad@ac-rouen.fr"
WHY = ("--reason", "essai")
PASSWORD = "Fenetre-Cartable-Tilleul-3071"


@pytest.fixture
def officer(instance: RunningInstance) -> Iterator[None]:
    """Pauline is the data protection officer of Rouen for as long as it takes."""
    office = (OFFICER, "--office", "dpo", *WHY)
    instance.casier("mandate", "give", *office)
    yield
    instance.casier("mandate", "end", *office)


@pytest.fixture
def gone(instance: RunningInstance) -> str:
    """Somebody of Rouen who has left, and whose account is closed."""
    name = f"Parti{uuid4().hex[:6].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    made = ("account", "create", "--academy", "rouen", "--given-name", "Zoé", "--family-name", name)
    address = instance.casier(*made, "--password-stdin", *WHY, input=f"{PASSWORD}\n").strip()
    wait_until("the mailbox", lambda: instance.json("account", "show", address)["provisioned"], 60)
    instance.casier("life", "leave", address, *WHY)
    instance.casier("life", "close", address, *WHY)
    return address


def downloaded(page: Any) -> zipfile.ZipFile:
    """The copy, once it is ready; each of its files is the one that was summed."""
    link = page.get_by_role("link", name="Télécharger").first
    # What was asked for has been taken: a look before that would go back on it.
    expect(page.get_by_role("status")).to_contain_text("copie se prépare")

    def ready() -> bool:
        look_again(page)
        return bool(link.count())

    wait_until("the copy", ready, 60)
    with page.expect_download() as download:
        link.click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, _gap, name = line.partition("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    return archive


def test_one_takes_ones_own_data_along_and_sees_who_looked(
    instance: RunningInstance, browser_of: BrowserOf
) -> None:
    desk = browser_of(OFFICER, "/console/")
    desk.fill("#q", "haddad")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Haddad").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Haddad")
    mine = browser_of(TEACHER, "/compte/donnees/")
    expect(mine.get_by_text("Fiche consultée").first).to_be_visible()
    expect(mine.get_by_text("Par : assistance").first).to_be_visible()
    seemly(mine)
    mine.get_by_role("button", name="Préparer une copie").click()
    archive = downloaded(mine)
    assert "Haddad" in archive.read("index.html").decode()
    identity = json.loads(archive.read("donnees/identite.json"))
    assert identity[0]["family_name"] == "Haddad"
    assert any(name.startswith("Courrier/INBOX/") for name in archive.namelist())
    assert {"Agendas/", "Contacts/"} <= {name.partition("/")[0] + "/" for name in archive.namelist()}
    # Another person's copy is nobody else's to fetch.
    address = mine.get_by_role("link", name="Télécharger").first.get_attribute("href")
    assert desk.goto(address).status == 200  # the page of one's own data, which says that it isn't there
    expect(desk.get_by_role("status")).to_contain_text("n’est plus disponible")


def test_an_officer_hands_over_a_copy_and_erases_who_has_left(
    instance: RunningInstance, browser_of: BrowserOf, officer: None, gone: str
) -> None:
    page = browser_of(OFFICER, "/console/donnees/")
    seemly(page)
    page.fill("#adresse", "personne@ac-rouen.fr")
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_role("alert")).to_contain_text("exactement cette adresse")
    page.fill("#adresse", gone)
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zoé")
    seemly(page)
    page.get_by_role("link", name="Préparer une copie").click()
    page.fill("#motif", "Demande d’accès du 12 mars")
    seemly(page)
    page.get_by_role("button", name="Préparer une copie").click()
    assert "Zoé" in downloaded(page).read("index.html").decode()
    page.get_by_role("link", name="Voir ce qui serait effacé").click()
    expect(page.get_by_text("Ce qui reste, et pourquoi")).to_be_visible()
    seemly(page)
    page.fill("#adresse", "quelqu-un.d-autre@ac-rouen.fr")
    page.fill("#motif", "Demande d’effacement du 12 mars")
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_role("alert")).to_contain_text("Recopiez exactement")
    page.fill("#adresse", gone)
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_role("status")).to_contain_text("en cours")

    def certified() -> bool:
        look_again(page)
        return bool(page.get_by_text("Certificat d’effacement").count())

    wait_until("the certificate", certified, 90)
    wait_until("the name", lambda: "Zoé" not in instance.casier("account", "show", gone), 60)
    expect(page.get_by_text("Préparer une copie")).to_be_visible()
    assert instance.json("journal", "verify")["sound"]


def test_the_register_is_completed_printed_and_taken_along(
    instance: RunningInstance, browser_of: BrowserOf, officer: None
) -> None:
    page = browser_of(OFFICER, "/console/registre/")
    seemly(page)
    page.get_by_role("link", name="Compléter").click()
    page.fill("#controller", "Rectrice de l’académie de Rouen")
    page.fill("#dpo", "Bureau de la protection des données")
    page.fill("#dpo_contact", "dpd@ac-rouen.fr\n25 rue de Fontenelle, Rouen")
    page.fill("#motif", "Prise de fonction")
    seemly(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("à jour")
    expect(page.get_by_text("Rectrice de l’académie de Rouen")).to_be_visible()
    page.emulate_media(media="print")
    assert (
        page.get_by_role("link", name="Compléter").count() == 0
        or not page.get_by_role("link", name="Compléter").is_visible()
    )
    assert len(page.pdf()) > 10_000
    with page.expect_download() as download:
        page.evaluate("location.href = document.querySelector('a[href*=\".json\"]').href")
    told = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert told["controller"] == "Rectrice de l’académie de Rouen"
    assert told == instance.json("privacy", "register", "--academy", "rouen")
    page.emulate_media(media="screen")
    mine = browser_of(TEACHER, "/compte/donnees/")
    expect(mine.get_by_text("dpd@ac-rouen.fr")).to_be_visible()
