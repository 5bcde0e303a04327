"""Many people in sight, what is marked as answered, templates of a mailbox, a delegate's signature."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.composing import CHIPS, EDITOR, begin, mailbox_of, people, received, text_of
from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in
from waiting import wait_until

JEAN = "jean.martin@ac-normandie.fr"
OWNER, DELEGATE = "marie-helene.le-goff@ac-normandie.fr", "sebastien.hamel@ac-normandie.fr"
NATHALIE, THIERRY = "nathalie.quesnel@ac-normandie.fr", "thierry.dubosc@ac-normandie.fr"
BOX = "ce.0149101s@ac-normandie.fr"
FLOWING = (
    "From: Une correspondante <correspondante@exemple.fr>\nTo: jean.martin@ac-normandie.fr\nSubject: %s\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii; format=flowed\n\n"
    "La sortie est \npour jeudi.\n> Quand \n> partons-nous ?\n-- \nSophie\n"
)


def send_now(page: Page, subject: str) -> None:
    """Without the time to undo: scheduled, then let go from the drafts."""
    page.get_by_role("button", name="Envoyer plus tard").click()
    page.get_by_role("menuitem", name="Demain à 8 h").click()
    expect(page.locator(".composer")).to_have_count(0)
    let_go(page, subject)


def let_go(page: Page, subject: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.locator(ROW, has_text=subject).get_by_role("button", name="Partira").click()
    page.get_by_role("menuitem", name="Envoyer maintenant").click()


def test_many_addresses_are_hidden_by_one_key(new_context: Any, instance: RunningInstance) -> None:
    page = signed_in(new_context(), instance, JEAN)
    subject = f"Sortie {time.time_ns()}"
    page.keyboard.press("c")
    everyone = ", ".join(f"jean.martin+p{number}@ac-normandie.fr" for number in range(21))
    people(page).fill(f"{everyone},")
    expect(page.locator(CHIPS)).to_have_count(21)
    page.get_by_role("textbox", name="Objet").fill(subject)
    page.locator(EDITOR).press_sequentially("Bonjour à tous.")
    page.keyboard.press("Control+Enter")
    question = page.get_by_role("dialog", name="Montrer toutes les adresses ?")
    expect(question).to_contain_text("21 destinataires")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page.locator(CHIPS)).to_have_count(21)
    page.keyboard.press("Control+Enter")
    expect(question.get_by_role("button", name="Passer en Cci et envoyer")).to_be_focused()
    page.keyboard.press("Enter")
    mailbox = mailbox_of(instance, JEAN)
    copy = received(mailbox, subject, "sent")
    came = received(mailbox, subject)
    names = {header["name"].lower(): header["value"] for header in came["headers"]}
    assert "undisclosed-recipients" in names["to"]
    assert not {"bcc", "cc"} & set(names)
    blind = next(header["value"] for header in copy["headers"] if header["name"].lower() == "bcc")
    assert blind.count("@") == 21


def test_a_scheduled_answer_marks_what_it_answers_when_it_leaves(
    new_context: Any, instance: RunningInstance
) -> None:
    subject = f"Question {time.time_ns()}"
    append(instance, instance.demo(address=JEAN), letter(subject, text="Viendrez-vous ?\n"))
    page = signed_in(new_context(), instance, JEAN)
    page.locator(ROW, has_text=subject).locator(".row-subject").click(timeout=15_000)
    page.get_by_role("button", name="Répondre", exact=True).last.click()
    page.locator(EDITOR).press_sequentially("Oui.")
    # To oneself, not to the outside.
    page.get_by_role("button", name=re.compile("^Retirer")).first.click()
    people(page).press_sequentially(f"{JEAN},")
    page.get_by_role("button", name="Envoyer plus tard").click()
    page.get_by_role("menuitem", name="Demain à 8 h").click()
    expect(page.locator(".composer")).to_have_count(0)
    mailbox = mailbox_of(instance, JEAN)
    assert "$answered" not in received(mailbox, subject)["keywords"]
    let_go(page, f"Re: {subject}")
    received(mailbox, f"Re: {subject}", "sent")
    wait_until("marked", lambda: "$answered" in received(mailbox, subject)["keywords"])
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.locator(ROW, has_text=subject).last.locator(".row-subject").click()
    expect(page.locator(".folded-message, article.message").get_by_label("Répondu").first).to_be_visible()


def test_a_text_that_flows_is_read_and_quoted_with_its_own_lines(
    new_context: Any, instance: RunningInstance
) -> None:
    subject = f"Flot {time.time_ns()}"
    append(instance, instance.demo(address=JEAN), message_from_string(FLOWING % subject, policy=default))
    page = signed_in(new_context(), instance, JEAN)
    page.locator(ROW, has_text=subject).locator(".row-subject").click(timeout=15_000)
    body = page.locator(".text-body").last
    expect(body).to_contain_text("La sortie est pour jeudi.")
    expect(body.locator(".text-quote").first).to_have_text("Quand partons-nous ?")
    page.get_by_role("button", name="Répondre", exact=True).last.click()
    expect(page.locator("textarea.editor-text")).to_have_value(
        re.compile("^> La sortie est pour jeudi.$", re.M)
    )
    page.keyboard.press("Escape")


def choose_sender(page: Page, words: str) -> None:
    field = page.get_by_label("De", exact=True)
    option = field.locator("option").filter(has_text=words).first
    expect(option).to_be_attached()
    field.select_option(value=option.get_attribute("value"))


def test_a_template_of_a_mailbox_is_everyone_s_who_writes_from_it(
    new_context: Any, instance: RunningInstance
) -> None:
    name = f"Convocation {time.time_ns()}"
    page = signed_in(new_context(), instance, NATHALIE)
    begin(page, JEAN, name)
    page.keyboard.type("Vous êtes attendus.")
    choose_sender(page, BOX)
    page.get_by_role("button", name="Modèles").click()
    page.get_by_role("menuitem", name="Garder ce message comme modèle…").click()
    sheet = page.get_by_role("dialog", name="Nouveau modèle")
    sheet.get_by_label("Pour qui").select_option(index=1)
    sheet.get_by_role("button", name="Enregistrer").click()
    expect(sheet).to_have_count(0)

    other = signed_in(new_context(), instance, THIERRY)
    begin(other, JEAN, "Réunion")
    menu = other.get_by_role("button", name="Modèles")
    line = other.get_by_role("menuitem", name=name)
    menu.click()
    expect(other.get_by_role("menuitem", name="Garder ce message")).to_be_visible()
    expect(line).to_have_count(0)
    other.keyboard.press("Escape")
    choose_sender(other, BOX)
    menu.click()
    line.click()
    expect(other.locator(EDITOR)).to_contain_text("Vous êtes attendus.")


@pytest.fixture
def imposed(instance: RunningInstance) -> Iterator[None]:
    """Normandie imposes its signature, and OWNER's mailbox is open to DELEGATE, who may write as her."""
    before = instance.json("writing", "signature", "normandie")["mode"]
    instance.casier("writing", "rule", "normandie", "--signature", "imposed", "--reason", "essai")
    until = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    row = instance.json(
        "delegation", "grant", OWNER, DELEGATE, "--right", "as", "--until", until, "--reason", "essai"
    )
    yield
    instance.casier("delegation", "end", row["id"], "--reason", "fin d’essai")
    instance.casier("writing", "rule", "normandie", "--signature", before, "--reason", "essai")


@pytest.mark.usefixtures("imposed")
def test_a_delegate_signs_as_the_owner_or_as_themselves(new_context: Any, instance: RunningInstance) -> None:
    page = signed_in(new_context(), instance, DELEGATE)
    mailbox = mailbox_of(instance, DELEGATE)
    signature = page.get_by_role("region", name="Signature de l’académie")
    ways = (("en son nom", "Le Goff –", "Le Goff", "Hamel"), ("au nom de", "au nom de", "Hamel", "Le Goff"))
    for how, option, signed, other in ways:
        subject = f"{how} {time.time_ns()}"
        begin(page, DELEGATE, subject)
        choose_sender(page, option)
        expect(signature).to_contain_text(signed)
        expect(signature).not_to_contain_text(other)
        page.locator(EDITOR).press_sequentially("Bonjour.")
        send_now(page, subject)
        text = text_of(received(mailbox, subject), "textBody")
        assert signed in text
        assert other not in text
