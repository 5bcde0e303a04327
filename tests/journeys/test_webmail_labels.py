"""Labels, what is pinned or put off, folders in folders, one message at a time; and what IMAP sees of it."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casier.edge.tokens import Tokens
from casier.kernel.instance import Port
from casier.mailbox.importing.appending import StoreConnection
from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in
from waiting import wait_until

CLAIRE = "claire.lefevre@ac-normandie.fr"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


def store_of(instance: RunningInstance) -> StoreConnection:
    """Claire's mailbox, as a mail program sees it."""
    password = Tokens(instance.layout.key("token")).make(CLAIRE, time.time())
    return StoreConnection(instance.port(Port.STORE_IMAP), CLAIRE, password)


@contextmanager
def mail_program(instance: RunningInstance) -> Iterator[imaplib.IMAP4_SSL]:
    """Another program of Claire's, by IMAPS and an application password of its own."""
    with imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls) as imap:
        imap.login(CLAIRE, instance.app_password(CLAIRE, "essais d’étiquettes"))
        yield imap


def flags_of(imap: imaplib.IMAP4_SSL, folder: str, subject: str) -> tuple[str, str]:
    """The UID of the message called SUBJECT in FOLDER and its flags; two empty texts where there is none."""
    imap.select(f'"{folder}"')
    uid = imap.uid("SEARCH", "SUBJECT", f'"{subject}"')[1][0].decode()
    if not uid:
        return "", ""
    return uid, str(imap.uid("FETCH", uid, "(FLAGS)")[1][0])


def new_letter(instance: RunningInstance, page: Page, subject: str, ago: timedelta = timedelta()) -> Any:
    """Its row, once it has arrived."""
    append(instance, instance.demo(address=CLAIRE), letter(subject, text="Bonjour.", ago=ago))
    row = page.locator(ROW, has_text=subject)
    expect(row).to_be_visible(timeout=15_000)
    return row


def open_row(page: Page, row: Any, subject: str) -> None:
    row.click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()


def test_a_label_is_a_keyword_that_every_mail_program_sees(
    instance: RunningInstance, context: BrowserContext
) -> None:
    page = signed_in(context, instance, CLAIRE)
    row = new_letter(instance, page, "Autorisation de sortie")
    open_row(page, row, "Autorisation de sortie")
    page.keyboard.press("l")
    page.get_by_label("Chercher ou créer une étiquette").fill("Élèves à voir")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(row.locator(".label-chip")).to_have_text("Élèves à voir")
    page.locator(".folder-button", has_text="Élèves à voir").click()
    expect(page.get_by_role("heading", name="Élèves à voir")).to_be_visible()
    expect(page.locator(ROW)).to_have_count(1)
    with store_of(instance) as store:
        store.run("EXAMINE INBOX").expect()

        def labelled() -> bool:
            found = store.run("SEARCH KEYWORD eleves_a_voir").expect().lines
            return re.search(rb"SEARCH \d+", b" ".join(found)) is not None

        wait_until("the store to be told of the label", labelled)


def test_what_is_put_off_waits_in_a_folder_and_comes_back_unread_on_top(
    instance: RunningInstance, context: BrowserContext
) -> None:
    page = signed_in(context, instance, CLAIRE)
    row = new_letter(instance, page, "Commande de manuels")
    open_row(page, row, "Commande de manuels")
    page.keyboard.press("b")
    page.get_by_role("dialog").locator(".menu-line", has_text="Demain matin").click()
    expect(row).to_have_count(0)
    with store_of(instance) as store:
        wait_until("the folder of what waits", lambda: "En attente" in store.folders())
    page.locator(".folder-button", has_text="En attente").click()
    waiting = page.locator(ROW, has_text="Commande de manuels")
    open_row(page, waiting, "Commande de manuels")
    expect(page.get_by_text(re.compile("Revient le"))).to_be_visible()
    page.get_by_role("button", name="Remettre maintenant dans la boîte").click()
    expect(waiting).to_have_count(0)
    page.locator(".folder-button", has_text="Boîte de réception").click()
    expect(page.locator(ROW, has_text="Commande de manuels")).to_be_visible()


def test_what_is_pinned_stays_on_top(instance: RunningInstance, context: BrowserContext) -> None:
    page = signed_in(context, instance, CLAIRE)
    # Of two messages of one second, either may stand first.
    older = new_letter(instance, page, "Code de la photocopieuse", ago=timedelta(minutes=5))
    new_letter(instance, page, "Autre chose encore")
    open_row(page, older, "Code de la photocopieuse")
    page.keyboard.press("p")
    expect(page.locator(ROW).first).to_contain_text("Code de la photocopieuse")
    page.keyboard.press("p")
    expect(page.locator(ROW).first).not_to_contain_text("Code de la photocopieuse")


def test_a_folder_goes_into_another_by_mouse_and_comes_out_by_its_menu(
    instance: RunningInstance, context: BrowserContext
) -> None:
    page = signed_in(context, instance, CLAIRE)
    folder = page.locator(".folder", has=page.locator(".folder-button", has_text="Projets"))
    folder.locator(".folder-button").drag_to(page.locator(".folder-button", has_text="Circulaires"))
    expect(folder.locator(".folder-button")).to_have_css("padding-inline-start", "28px")
    with store_of(instance) as store:
        wait_until("the store to be told of the move", lambda: "Circulaires/Projets" in store.folders())
    folder.hover()
    folder.get_by_role("button", name="Actions sur le dossier Projets").click()
    page.get_by_role("menuitem", name="Déplacer le dossier").click()
    page.get_by_role("button", name="Premier niveau").click()
    expect(folder.locator(".folder-button")).to_have_css("padding-inline-start", "12px")


def test_messages_one_by_one_by_choice(instance: RunningInstance, context: BrowserContext) -> None:
    page = signed_in(context, instance, CLAIRE)
    grid = page.locator("#conversations")
    conversations = int(grid.get_attribute("aria-rowcount") or 0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_text("Un par un").click()
    page.keyboard.press("Escape")
    wait_until("more rows", lambda: int(grid.get_attribute("aria-rowcount") or 0) > conversations)
    page.locator(ROW).nth(6).click()
    expect(page.locator("article.message")).to_have_count(1)
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_text("Groupés en conversations").click()
    page.keyboard.press("Escape")
    expect(grid).to_have_attribute("aria-rowcount", str(conversations))


def test_marks_of_both_sides_are_one(instance: RunningInstance, context: BrowserContext) -> None:
    """Colour, label, pin, star and waiting: as keywords and folders for IMAP, and back at once."""
    page = signed_in(context, instance, CLAIRE)
    subject = "Inventaire du laboratoire"
    row = new_letter(instance, page, subject)
    open_row(page, row, subject)
    page.keyboard.press("l")
    page.get_by_label("Chercher ou créer une étiquette").fill("Matériel")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.press("s")
    page.get_by_role("button", name="Réglages", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Étiquettes", exact=True).click()
    line = page.locator(".label-editor li", has=page.locator("input[value='Matériel']"))
    line.get_by_label("Couleur").select_option(label="Orange")
    expect(line.locator(".label-dot")).to_have_attribute("data-color", "orange")
    page.keyboard.press("Escape")
    expect(row.locator(".label-chip")).to_have_attribute("data-color", "orange")
    with mail_program(instance) as imap:

        def marked() -> str:
            uid, flags = flags_of(imap, "INBOX", subject)
            return uid if all(one in flags.lower() for one in ("materiel", "$pinned", "\\flagged")) else ""

        uid = wait_until("the marks to be there", marked)
        imap.uid("STORE", uid, "-FLAGS", "(materiel $pinned)")
        expect(row.locator(".label-chip")).to_have_count(0)
        imap.uid("STORE", uid, "+FLAGS", "(materiel)")
        expect(row.locator(".label-chip")).to_have_text("Matériel")
        page.keyboard.press("b")
        page.get_by_role("dialog").locator(".menu-line", has_text="Demain matin").click()
        expect(row).to_have_count(0)
        assert wait_until("it to wait in its folder", lambda: flags_of(imap, "En attente", subject)[0])
        assert flags_of(imap, "INBOX", subject) == ("", "")


def test_a_folder_goes_into_another_by_keys_alone(instance: RunningInstance, context: BrowserContext) -> None:
    page = signed_in(context, instance, CLAIRE)
    with store_of(instance) as store:
        store.run('CREATE "Rangement"').expect()
    folder = page.locator(".folder", has=page.locator(".folder-button", has_text="Rangement"))
    expect(folder).to_be_visible()
    folder.locator(".folder-button").focus()
    page.keyboard.press("Tab")
    expect(folder.get_by_role("button", name="Actions sur le dossier Rangement")).to_be_focused()
    page.keyboard.press("Enter")
    move = page.get_by_role("menuitem", name="Déplacer le dossier")
    for _ in range(8):
        if move.evaluate("item => item === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    target = page.get_by_role("dialog").get_by_role("button", name="Circulaires", exact=True)
    for _ in range(30):
        if target.evaluate("line => line === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(folder.locator(".folder-button")).to_have_css("padding-inline-start", "28px")
    with store_of(instance) as store:
        wait_until("the store to know", lambda: "Circulaires/Rangement" in store.folders())
        store.run('DELETE "Circulaires/Rangement"').expect()
    expect(folder).to_have_count(0)
