"""Two at one mailbox in two browsers: whose a message is, who was quicker; a delegation made by hand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import picture, press_once_still, signed_in

SCHOOL = {"mailboxKey": "ce.0149101s@ac-normandie.fr", "address": "ce.0149101s@ac-normandie.fr"}
SECRETARY, HEAD = "nathalie.quesnel@ac-normandie.fr", "thierry.dubosc@ac-normandie.fr"
OWNER, DELEGATE = "aicha.benali@ac-normandie.fr", "olivier.dharcourt@ac-normandie.fr"
LIVE = 15_000


@pytest.fixture
def contexts(chromium: Any) -> Iterator[list[BrowserContext]]:
    made = [
        chromium.new_context(
            ignore_https_errors=True, locale="fr-FR", timezone_id="Europe/Paris", bypass_csp=True
        )
        for _ in range(2)
    ]
    yield made
    for context in made:
        context.close()


@pytest.fixture
def closed(instance: RunningInstance) -> Iterator[None]:
    """Nobody opens the owner's mailbox, before and after."""

    def end() -> None:
        for row in instance.json("delegation", "list", "--person", OWNER):
            instance.casier("delegation", "end", row["id"], "--reason", "essai")

    end()
    yield
    end()


def opened(page: Page, subject: str) -> Locator:
    """The conversation SUBJECT of the school's inbox, open."""
    folders = page.get_by_role("navigation").get_by_text("Boîte de réception")
    expect(folders).to_have_count(2, timeout=LIVE)
    folders.nth(1).click()
    row = page.locator(".row[data-thread]", has_text=subject)
    expect(row).to_be_visible(timeout=LIVE)
    row.click()
    bar = page.get_by_role("region", name="Suivi à plusieurs")
    expect(bar).to_be_visible(timeout=LIVE)
    return bar


def no_faults(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == [], [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]


def test_two_dont_answer_twice(contexts: list[BrowserContext], instance: RunningInstance) -> None:
    subject = f"Demande de rendez-vous {time.time_ns()}"
    append(instance, SCHOOL, letter(subject, text="Bonjour, un rendez-vous est-il possible ?\n"))
    secretary, head = (
        signed_in(context, instance, who) for context, who in zip(contexts, (SECRETARY, HEAD), strict=True)
    )
    hers, his = opened(secretary, subject), opened(head, subject)
    expect(hers).to_contain_text("Personne ne s’en occupe encore.")
    secretary.get_by_role("button", name="Je m’en occupe").click()
    expect(hers).to_contain_text("Vous vous en occupez.")
    expect(his).to_contain_text("Attribué à Nathalie Quesnel", timeout=LIVE)
    row = head.locator(".row[data-thread]", has_text=subject)
    expect(row.get_by_role("img", name="Attribué à Nathalie Quesnel")).to_be_visible(timeout=LIVE)

    secretary.get_by_role("button", name="Répondre", exact=True).click()
    expect(his).to_contain_text("Nathalie Quesnel écrit une réponse…", timeout=LIVE)
    head.get_by_role("button", name="Répondre", exact=True).click()
    warning = head.locator(".composer").get_by_role("alert")
    expect(warning).to_contain_text("Nathalie Quesnel écrit aussi une réponse à ce message.", timeout=LIVE)
    no_faults(head)
    picture(head, "boites-partagees-reponse")

    write(secretary, "Oui, mardi à 14 h.")
    head.locator(".composer").get_by_role("textbox", name="Message").fill("Oui, lundi.")
    expect(warning).to_contain_text("Nathalie Quesnel a déjà répondu à ce message", timeout=40_000)
    expect(hers).to_contain_text("Vous avez répondu", timeout=LIVE)
    head.locator(".composer").get_by_role("button", name="Envoyer", exact=True).click()
    question = head.get_by_role("dialog", name="Déjà répondu")
    expect(question).to_contain_text("Envoyer aussi votre réponse ?")
    question.get_by_role("button", name="Revenir").or_(question.locator("[data-first]")).first.click()
    head.locator(".composer").get_by_role("button", name="Fermer").first.click()

    hers.get_by_role("button", name="Marquer comme traité").click()
    expect(hers).to_contain_text("Traité par Nathalie Quesnel")
    expect(his).to_contain_text("Traité par Nathalie Quesnel", timeout=LIVE)
    expect(row.get_by_role("img", name="Traité")).to_be_visible(timeout=LIVE)
    no_faults(secretary)
    picture(secretary, "boites-partagees")
    his.get_by_role("button", name="Rouvrir").click()
    expect(hers).to_contain_text("Vous vous en occupez.", timeout=LIVE)


def write(page: Page, text: str) -> None:
    composer = page.locator(".composer")
    composer.get_by_role("textbox", name="Message").fill(text)
    composer.get_by_role("button", name="Envoyer", exact=True).click()
    expect(composer).to_have_count(0)


def settings(page: Page, panel: str) -> Locator:
    page.get_by_role("button", name="Réglages").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name=panel).or_(dialog.get_by_role("button", name=panel)).first.click()
    return dialog


@pytest.mark.usefixtures("closed")
def test_a_mailbox_is_opened_by_hand_and_closed_at_once(
    contexts: list[BrowserContext], instance: RunningInstance
) -> None:
    owner, delegate = (
        signed_in(context, instance, who) for context, who in zip(contexts, (OWNER, DELEGATE), strict=True)
    )
    pane = delegate.get_by_role("navigation").first
    expect(pane.get_by_text("Aïcha Benali")).to_have_count(0)
    dialog = settings(owner, "Délégation")
    expect(dialog).to_contain_text("Personne d’autre n’ouvre votre boîte.")
    form = dialog.get_by_role("form", name="Ouvrir ma boîte à quelqu’un")
    form.get_by_role("button", name="Ouvrir ma boîte").click()
    expect(form).to_contain_text("Choisissez une personne dans la liste.")
    form.get_by_label("À qui").fill(DELEGATE)
    form.get_by_label("Écrire en mon nom").check()
    expect(form.get_by_label("À qui")).to_have_attribute("aria-invalid", "false")
    no_faults(owner)
    picture(owner, "delegation")
    form.get_by_role("button", name="Ouvrir ma boîte").click()
    expect(dialog.get_by_role("region", name="Qui ouvre votre boîte")).to_contain_text("Olivier d'Harcourt")

    expect(pane.get_by_text("Aïcha Benali")).to_be_visible(timeout=LIVE)
    expect(delegate.get_by_role("button", name=re.compile("Notifications : [0-9]+ nouvelle"))).to_be_visible(
        timeout=LIVE
    )
    folders = pane.get_by_text("Boîte de réception")
    folders.nth(1).click()
    expect(delegate.locator(".row[data-thread]").first).to_be_visible(timeout=LIVE)
    delegate.locator(".row[data-thread]").first.click()
    # What comes above the buttons has come: they stand still.
    expect(delegate.get_by_role("region", name="Suivi à plusieurs")).to_be_visible(timeout=LIVE)
    press_once_still(delegate.get_by_role("button", name="Répondre", exact=True))
    sender = delegate.locator(".composer").get_by_label("De", exact=True)
    expect(sender.locator("option:checked")).to_contain_text("au nom de Aïcha Benali")
    write(delegate, "Bien reçu, je lui transmets.")
    pane.get_by_text("Envoyés").nth(1).click()
    sent = delegate.locator(".row[data-thread]", has_text="Bien reçu, je lui transmets.")
    expect(sent.first).to_be_visible(timeout=45_000)
    sent.first.click()
    named = delegate.get_by_text("Envoyé par Olivier d'Harcourt au nom de Aïcha Benali")
    expect(named.first).to_be_visible(timeout=LIVE)

    dialog.get_by_role("button", name="Mettre fin à l’ouverture").click()
    expect(dialog).to_contain_text("n’est plus ouverte à Olivier")
    expect(pane.get_by_text("Aïcha Benali")).to_have_count(0, timeout=LIVE)
    expect(pane.get_by_text("Boîte de réception")).to_have_count(1)
    expect(delegate.locator(".row[data-thread]").first).to_be_visible()
