"""A school's mailbox in the web client: beside one's own, read by one for all, answered from its address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import signed_in

SCHOOL = {"mailboxKey": "ce.0149101s@ac-normandie.fr", "address": "ce.0149101s@ac-normandie.fr"}


@pytest.fixture
def contexts(chromium: Any) -> Iterator[list[BrowserContext]]:
    made = [
        chromium.new_context(ignore_https_errors=True, locale="fr-FR", timezone_id="Europe/Paris")
        for _ in range(2)
    ]
    yield made
    for context in made:
        context.close()


def opened(page: Page, subject: str) -> Locator:
    """The row of SUBJECT in the school's inbox, below the person's own folders."""
    folders = page.get_by_role("navigation").get_by_text("Boîte de réception")
    expect(folders).to_have_count(2)
    folders.nth(1).click()
    row = page.locator(".row[data-thread]", has_text=subject)
    expect(row).to_be_visible(timeout=15_000)
    return row


def test_one_reads_and_answers_for_all(contexts: list[BrowserContext], instance: RunningInstance) -> None:
    subject = f"Certificat de scolarité {time.time_ns()}"
    append(instance, SCHOOL, letter(subject, text="Bonjour, pouvez-vous me l’envoyer ?\n"))
    secretary = signed_in(contexts[0], instance, "nathalie.quesnel@ac-normandie.fr")
    head = signed_in(contexts[1], instance, "thierry.dubosc@ac-normandie.fr")
    unread = "row-unread"
    theirs = opened(head, subject)
    expect(theirs).to_contain_class(unread)
    mine = opened(secretary, subject)
    expect(mine).to_contain_class(unread)

    mine.click()
    expect(secretary.locator(".message-body")).to_contain_text("pouvez-vous")
    expect(mine).not_to_contain_class(unread)
    expect(theirs).not_to_contain_class(unread, timeout=15_000)

    secretary.reload()
    expect(secretary.locator(".list-whose")).to_contain_text("Collège", timeout=15_000)
    expect(secretary.locator(".message-body")).to_contain_text("pouvez-vous", timeout=15_000)
    secretary.get_by_role("button", name="Répondre", exact=True).click()
    expect(secretary.locator(".composer")).to_contain_text(SCHOOL["address"])
