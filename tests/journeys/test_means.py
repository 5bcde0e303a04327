"""Who has no way back is asked for one before the mail, and keeps it in order from their account."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.doors import change
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
ACADEMY = "amiens"
# Not the door, whose address names the mail as what comes after it.
MAIL = re.compile(r"^https://[^/]+/courrier/")


@pytest.fixture
def page(chromium: Any) -> Iterator[Page]:
    """A browser without scripts: these pages need none."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", ignore_https_errors=True,
        java_script_enabled=False,
    )  # fmt: skip
    yield context.new_page()
    context.close()


@pytest.fixture
def mickael(instance: RunningInstance) -> Iterator[dict[str, Any]]:
    yield instance.demo(academy=ACADEMY, role="teacher")
    change(instance, ACADEMY, "activation.record_recovery=true")


def received(instance: RunningInstance, where: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = instance.json("demo", "phone", where)
    return found


def code_at(instance: RunningInstance, where: str) -> str:
    message = wait_until(f"a message at {where}", lambda: received(instance, where), 20)[0]
    found = re.search(r"\b(\d{4}) (\d{4})\b|\b(\d{6})\b", message["text"])
    assert found, message
    return "".join(part for part in found.groups() if part)


def sign_in(page: Page, instance: RunningInstance, account: dict[str, Any]) -> None:
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    page.fill("#identifiant", account["signInName"])
    page.fill("#mot_de_passe", account["password"])
    page.get_by_role("button", name="Se connecter").click()


def without_means(page: Page, instance: RunningInstance, account: dict[str, Any]) -> None:
    """Take away what the demonstration gave, as its owner may where the academy doesn't insist."""
    change(instance, ACADEMY, "activation.record_recovery=false")
    sign_in(page, instance, account)
    expect(page).to_have_url(MAIL)
    page.goto(f"{instance.web_url(ACADEMY)}/compte/secours/")
    while page.get_by_role("link", name="Retirer").count():
        page.get_by_role("link", name="Retirer").first.click()
        page.get_by_role("button", name="Retirer").click()
        expect(page.get_by_role("status")).to_be_visible()
        page.wait_for_load_state()
    expect(page.get_by_text("Aucun. Sans lui, seule l’assistance")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    change(instance, ACADEMY, "activation.record_recovery=true")


def test_a_way_back_is_recorded_before_the_mail_and_another_from_the_account(
    instance: RunningInstance, page: Page, mickael: dict[str, Any]
) -> None:
    without_means(page, instance, mickael)
    number = f"+336123{random.randrange(10**5):05}"
    address = f"mickael{random.randrange(10**8)}@boite-perso.example"

    sign_in(page, instance, mickael)
    expect(page.get_by_role("heading", name="Votre adresse de secours")).to_be_visible()
    page.get_by_label("Adresse personnelle").fill(mickael["address"])
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("alert")).to_contain_text("messagerie professionnelle")
    page.get_by_role("link", name="Donner plutôt un téléphone").click()
    page.get_by_label("Numéro de téléphone").fill(number)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("status")).to_contain_text("Un SMS part vers le 06")
    assert number[-8:] not in page.content()
    page.get_by_label("Code reçu").fill("000000")
    page.get_by_role("button", name="Valider le code").click()
    expect(page.get_by_role("alert")).to_contain_text("Il reste 4 essais")
    page.get_by_label("Code reçu").fill(code_at(instance, number))
    page.get_by_role("button", name="Valider le code").click()
    expect(page).to_have_url(MAIL)

    page.goto(f"{instance.web_url(ACADEMY)}/compte/secours/")
    page.get_by_role("link", name="Ajouter une adresse").click()
    page.get_by_label("Adresse personnelle").fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code reçu").fill(code_at(instance, address))
    page.get_by_role("button", name="Valider le code").click()
    expect(page.get_by_text("m•••••@boite-perso.example est vérifié.")).to_be_visible()
    wait_until("the telephone hears of the new address", lambda: len(received(instance, number)) >= 2, 20)
