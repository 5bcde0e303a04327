"""What a long day brings: many messages at once, a server that goes away, a lent mailbox, a chosen theme."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

HELP_DESK = {"address": "assistance@ac-rouen.fr"}
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme="light",
        locale="fr-FR",
        ignore_https_errors=True,
        bypass_csp=True,
    )
    yield context
    context.close()


def fill_inbox(instance: RunningInstance, address: str, subject: str, count: int) -> None:
    """Put COUNT messages into the inbox of ADDRESS, each a conversation of its own."""
    with tempfile.TemporaryDirectory(prefix="casier-t-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        for number in range(count):
            file = Path(folder) / f"{number:03}.eml"
            file.write_bytes(letter(f"{subject} n° {number:03}").as_bytes())
            file.chmod(0o644)
        instance.casier("mail", "import", address, folder)


def test_a_hundred_conversations_taken_with_shift_are_a_hundred(
    context: BrowserContext, instance: RunningInstance
) -> None:
    address = "zoe.schmitt-weber@ac-nancy-metz.fr"
    subject = f"Lot {time.time_ns()}"
    fill_inbox(instance, address, subject, 130)
    page = signed_in(context, instance, address)
    expect(page.locator(ROW).first).to_contain_text(subject)
    page.locator(ROW).first.locator("input").check(force=True)
    # One scrolls fast: the rows between never come on the screen.
    page.locator(".list-scroll").evaluate("list => list.scrollTop = 99 * 56 - 300")
    hundredth = page.locator(f'{ROW}[data-index="99"]')
    hundredth.locator("input").click(modifiers=["Shift"], force=True)
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("100 conversations archivées")
    page.get_by_role("button", name="Archives").click()
    expect(page.locator(".list-title")).to_have_text("Archives")
    page.get_by_role("button", name=re.compile("^Non lus")).click()
    expect(page.get_by_role("button", name=re.compile("^Non lus"))).to_have_attribute("aria-pressed", "true")
    expect(page.locator(ROW).first).to_contain_text(subject)
    page.locator(ROW).first.locator("input").check(force=True)
    page.get_by_role("button", name="Tout sélectionner").click()
    expect(page.locator(".selection-count")).to_have_text(re.compile(r"^[1-9]00 sélectionnées$"))


def away(route: Route) -> None:
    """What nginx answers while a part starts again."""
    body = '{"type":"unavailable","title":"Casier redémarre…","detail":"","status":503,"reference":"R-0"}'
    route.fulfill(status=503, content_type="application/problem+json", body=body)


def test_what_was_asked_while_the_server_was_away_comes_by_itself(
    context: BrowserContext, instance: RunningInstance
) -> None:
    person = instance.demo(address="jean.martin@ac-normandie.fr")
    subject = f"Reprise {time.time_ns()}"
    append(instance, person, letter(subject, text="Le texte arrive plus tard.\n"))
    page = signed_in(context, instance, person["address"])
    expect(page.locator(ROW, has_text=subject)).to_be_visible()
    page.route("**/jmap/**", away)
    page.locator(ROW, has_text=subject).click()
    page.keyboard.press("s")
    expect(page.locator(".status-line")).to_contain_text("Reconnexion…", timeout=15_000)
    expect(page.locator(".status-line")).to_contain_text("en attente")
    assert Axe().run(page).response["violations"] == []
    page.unroute("**/jmap/**")
    expect(page.locator(".message-body")).to_contain_text("Le texte arrive plus tard.", timeout=40_000)
    expect(page.locator(".status-line")).to_have_count(0, timeout=40_000)
    page.reload()
    expect(page.locator(ROW, has_text=subject).get_by_role("img", name="Suivi")).to_be_visible(timeout=15_000)


def test_the_page_that_opens_while_the_server_is_away_opens_by_itself(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, "jean.martin@ac-normandie.fr")
    page.route("**/jmap/**", away)
    page.reload()
    expect(page.get_by_role("heading", name="Reconnexion…")).to_be_visible(timeout=15_000)
    page.unroute("**/jmap/**")
    expect(page.locator(ROW).first).to_be_visible(timeout=40_000)


def shared_row(page: Page, subject: str) -> Any:
    """The row of SUBJECT in the help desk's inbox, below the person's own folders."""
    folders = page.get_by_role("navigation").get_by_text("Boîte de réception")
    expect(folders).to_have_count(2, timeout=15_000)
    folders.nth(1).click()
    row = page.locator(ROW, has_text=subject)
    expect(row).to_be_visible(timeout=15_000)
    return row


def test_a_reader_of_a_shared_mailbox_leaves_its_mail_unread(
    chromium: Any, context: BrowserContext, instance: RunningInstance
) -> None:
    subject = f"Mot de passe oublié {time.time_ns()}"
    append(instance, HELP_DESK, letter(subject, text="Je n’entre plus.\n"))
    reader = signed_in(context, instance, "karim.haddad@ac-rouen.fr")
    read = shared_row(reader, subject)
    read.click()
    expect(reader.locator(".message-body")).to_contain_text("Je n’entre plus.")
    expect(read).to_contain_class("row-unread")
    expect(reader.locator(".list-head")).to_contain_text("Lecture seule")
    expect(reader.locator("[data-act=archive]")).to_have_count(0)
    expect(reader.locator(".toast")).to_have_count(0)
    assert Axe().run(reader).response["violations"] == []

    other = chromium.new_context(ignore_https_errors=True, locale="fr-FR")
    answering = signed_in(other, instance, "pauline.lemoine@ac-rouen.fr")
    theirs = shared_row(answering, subject)
    expect(theirs).to_contain_class("row-unread")
    theirs.click()
    expect(theirs).not_to_contain_class("row-unread")
    expect(read).not_to_contain_class("row-unread", timeout=15_000)
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_academys_accent_is_readable_everywhere(
    chromium: Any, instance: RunningInstance, scheme: str
) -> None:
    context = chromium.new_context(
        ignore_https_errors=True, locale="fr-FR", color_scheme=scheme, bypass_csp=True
    )
    page = signed_in(context, instance, "elodie.vasseur@ac-rouen.fr")
    found = Axe().run(page).response["violations"]
    page.locator(ROW).first.click()
    expect(page.locator(".message-body").first).to_be_visible(timeout=15_000)
    page.locator(ROW).nth(1).locator("input").check(force=True)
    found += Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator(".editor-text")).to_be_visible()
    found += Axe().run(page).response["violations"]
    page.locator(".composer-enlarge").click()
    found += Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found] == []
    context.close()


def test_the_chosen_theme_is_there_before_the_client_runs(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, "lucie.kieffer@ac-nancy-metz.fr")
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_role("radio", name="Claire").check()
    light = page.evaluate(BACKGROUND)
    page.get_by_role("radio", name="Sombre").check()
    page.wait_for_function("document.cookie.includes('__Host-casier-theme=dark')")
    dark = page.evaluate(BACKGROUND)
    assert dark != light
    page.route("**/assets/index-*.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate(BACKGROUND) == dark
    page.goto(instance.web_url("nancy-metz") + "/nulle-part/")
    assert page.evaluate(BACKGROUND) == dark  # Django's page
    page.goto(instance.web_url("nancy-metz") + "/courrier/assets/nulle-part.js")
    assert page.evaluate(BACKGROUND) == dark  # nginx's own
    assert page.get_by_role("heading", name="Page introuvable").is_visible()
