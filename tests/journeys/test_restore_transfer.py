"""Deleted for good and found again; a mailbox taken out as a file, and that file taken in."""

from __future__ import annotations

import imaplib
import re
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from casier.engines.postfix.engine import queue
from casier.kernel.instance import Port
from casier.mailbox.transfer.dav import dav_of
from journeys.running import RunningInstance
from journeys.webmail import picture, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WHO = "jean.martin@ac-normandie.fr"
STAMP = time.time_ns()
LOST, MOVED, FOLDER = f"Perdu {STAMP}", f"Déplacé {STAMP}", f"Classe {STAMP}"
SLOW = 30_000


def mailbox(instance: RunningInstance) -> imaplib.IMAP4_SSL:
    port = instance.port(Port.IMAPS)
    client = imaplib.IMAP4_SSL("localhost", port, ssl_context=instance.tls)
    client.login(WHO, instance.app_password(WHO))
    return client


def message(subject: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Léa Petit <lea@college.example>", WHO, subject
    mail["Message-ID"] = f"<{subject.encode().hex()}@college.example>"
    mail.set_content("Le car part à huit heures.\n")
    return mail.as_bytes()


def put(client: imaplib.IMAP4_SSL, folder: str, subject: str, flags: str = "(\\Seen)") -> None:
    assert client.append(folder, flags, None, message(subject))[0] == "OK"


def end(client: imaplib.IMAP4_SSL, folder: str, subject: str) -> None:
    """Delete it for good, as a mail program does."""
    client.select(folder)
    _, (found,) = client.uid("SEARCH", "HEADER", "Message-ID", f"<{subject.encode().hex()}@college.example>")
    client.uid("STORE", found.decode().replace(" ", ","), "+FLAGS", "(\\Deleted)")
    assert client.expunge()[0] == "OK"


def subjects(client: imaplib.IMAP4_SSL, folder: str) -> str:
    client.select(folder, readonly=True)
    _, found = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
    return b"".join(b"".join(one) if isinstance(one, tuple) else one or b"" for one in found).decode()


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Iterator[Page]:
    page = signed_in(context, instance, WHO)
    yield page
    page.close()


def from_palette(page: Page, act: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    page.keyboard.type(act)
    expect(page.locator(".palette-line").first).to_contain_text(act)
    page.keyboard.press("Enter")


def test_what_was_deleted_comes_back_to_its_folder(page: Page, instance: RunningInstance) -> None:
    with mailbox(instance) as client:
        put(client, "INBOX", LOST, "(\\Seen \\Flagged)")
        put(client, "INBOX", MOVED)
        client.select("INBOX")
        _, (found,) = client.uid(
            "SEARCH", "HEADER", "Message-ID", f"<{MOVED.encode().hex()}@college.example>"
        )
        assert client.uid("MOVE", found.decode(), "Archive")[0] == "OK"
        end(client, "INBOX", LOST)
    from_palette(page, "Retrouver des messages")
    sheet = page.get_by_role("dialog", name="Retrouver des messages supprimés")
    line = sheet.get_by_role("listitem").filter(has_text=LOST)
    expect(line).to_contain_text("Léa Petit", timeout=SLOW)
    expect(line).to_contain_text("revient dans Boîte de réception")
    sheet.get_by_role("searchbox").fill(f"lea perdu {STAMP}")
    expect(sheet.get_by_role("listitem")).to_have_count(1, timeout=SLOW)
    line.get_by_role("button", name=re.compile("^Lire")).click()
    expect(line.get_by_role("document")).to_contain_text("Le car part à huit heures")
    line.get_by_role("checkbox").check()
    picture(page, "retrouver")
    sheet.get_by_role("button", name="Remettre à leur place").click()
    done = sheet.get_by_role("status").filter(has_text="1 message remis dans Boîte de réception")
    expect(done).to_be_visible(timeout=SLOW)
    with mailbox(instance) as client:
        there = subjects(client, "INBOX")
        assert LOST.encode().hex() in there
        assert re.search(rf"\\Flagged[^)]*\).*?{LOST.encode().hex()}", there, re.DOTALL)
    sheet.get_by_role("button", name="Annuler").click()
    expect(sheet.get_by_text("C’est annulé.")).to_be_visible(timeout=SLOW)
    expect(sheet.get_by_role("listitem").filter(has_text=LOST)).to_be_visible(timeout=SLOW)
    with mailbox(instance) as client:
        assert LOST.encode().hex() not in subjects(client, "INBOX")
    # what was only moved was never deleted
    sheet.get_by_role("searchbox").fill(MOVED)
    expect(sheet.get_by_text("Aucun message supprimé ne correspond.")).to_be_visible(timeout=SLOW)


def test_a_search_in_vain_and_the_trash_lead_there(page: Page) -> None:
    box = page.get_by_role("combobox", name=re.compile("Rechercher"))
    box.fill(f"introuvable{STAMP}")
    box.press("Enter")
    page.get_by_role("button", name="Retrouver des messages supprimés").click(timeout=SLOW)
    sheet = page.get_by_role("dialog", name="Retrouver des messages supprimés")
    expect(sheet.get_by_role("searchbox")).to_have_value(f"introuvable{STAMP}")
    sheet.get_by_role("button", name="Fermer").click()
    page.get_by_role("button", name="Corbeille", exact=True).click()
    page.get_by_role("button", name="Retrouver des messages supprimés").click()
    expect(sheet).to_be_visible()


def test_a_deleted_folder_comes_back_with_its_messages(page: Page, instance: RunningInstance) -> None:
    with mailbox(instance) as client:
        assert client.create(f'"{FOLDER}"')[0] == "OK"
        put(client, f'"{FOLDER}"', f"Dans {FOLDER}")
        assert client.delete(f'"{FOLDER}"')[0] == "OK"
    from_palette(page, "Retrouver des messages")
    sheet = page.get_by_role("dialog", name="Retrouver des messages supprimés")
    sheet.get_by_role("button", name=f"Remettre le dossier {FOLDER}").click(timeout=SLOW)
    expect(sheet.get_by_text(f"Le dossier {FOLDER} est revenu.")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=FOLDER, exact=True)).to_be_visible(timeout=SLOW)
    with mailbox(instance) as client:
        assert f"Dans {FOLDER}".encode().hex() in subjects(client, f'"{FOLDER}"')


def panel(page: Page) -> Locator:
    from_palette(page, "Importer, exporter")
    return page.get_by_role("dialog", name="Réglages")


def test_a_folder_goes_out_as_a_file_and_comes_in_again(
    page: Page, instance: RunningInstance, tmp_path: Path
) -> None:
    name = f"Export {STAMP}"
    with mailbox(instance) as client:
        assert client.create(f'"{name}"')[0] == "OK"
        put(client, f'"{name}"', f"Un {name}", "(\\Seen \\Flagged)")
        put(client, f'"{name}"', f"Deux {name}", "()")
    sheet = panel(page)
    expect(sheet.get_by_role("button", name="Préparer l’export")).to_be_visible(timeout=SLOW)
    while sheet.get_by_role("button", name="Supprimer").count():  # what was exported before
        many = sheet.get_by_role("button", name="Supprimer").count()
        sheet.get_by_role("button", name="Supprimer").first.click()
        expect(sheet.get_by_role("button", name="Supprimer")).to_have_count(many - 1)
    bringing = sheet.get_by_role("region", name="Importer")
    expect(bringing.get_by_role("button").first).to_be_visible()
    while bringing.get_by_role("button", name="Annuler").count():  # what nobody decided about
        bringing.get_by_role("button", name="Annuler").first.click()
        expect(bringing.get_by_role("button", name="Annuler")).to_have_count(0)
    sheet.get_by_role("button", name="Certains dossiers").click()
    sheet.get_by_role("checkbox", name=name).check(timeout=SLOW)
    picture(page, "exporter")
    sheet.get_by_role("button", name="Préparer l’export").click()
    expect(sheet.get_by_text("Prêt : 2 messages")).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        sheet.get_by_role("link", name="Télécharger").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        inside = [one for one in opened.namelist() if one.endswith(".eml")]
    assert len(inside) == 2
    assert all(one.startswith(f"Courrier/{name}/") for one in inside)
    expect(page.get_by_role("button", name=re.compile(r"Notifications")).first).to_be_visible()

    with mailbox(instance) as client:
        assert client.delete(f'"{name}"')[0] == "OK"
    sheet.locator("input[type=file]").set_input_files(file)
    expect(sheet.get_by_text("2 nouveaux messages")).to_be_visible(timeout=60_000)
    picture(page, "importer")
    sheet.get_by_role("button", name="Importer", exact=True).click()
    expect(sheet.get_by_text("2 messages importés")).to_be_visible(timeout=60_000)
    with mailbox(instance) as client:
        there = subjects(client, f'"{name}"')
        assert re.search(rf"\\Flagged[^)]*\).*?{f'Un {name}'.encode().hex()}", there, re.DOTALL)

    # once more: all is there already
    sheet.locator("input[type=file]").set_input_files(file)
    expect(sheet.get_by_text("2 messages déjà dans la boîte")).to_be_visible(timeout=60_000)
    expect(sheet.get_by_role("button", name="Importer", exact=True)).to_be_disabled()
    sheet.get_by_role("button", name="Annuler").first.click()

    sheet.get_by_role("button", name="Retirer ce qui a été importé").first.click(timeout=SLOW)
    expect(sheet.get_by_text("Ce qui avait été importé a été retiré.")).to_be_visible(timeout=60_000)
    with mailbox(instance) as client:
        assert client.select(f'"{name}"')[0] == "NO"


AGENDA = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:{stamp}
DTSTAMP:20260901T080000Z
DTSTART:20291204T130000Z
DTEND:20291204T140000Z
SUMMARY:Conseil {stamp}
ORGANIZER;SCHEDULE-AGENT=SERVER:mailto:{who}
ATTENDEE;SCHEDULE-AGENT=SERVER;PARTSTAT=NEEDS-ACTION:mailto:{colleague}
ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST;PARTSTAT=NEEDS-ACTION:mailto:{outside}
END:VEVENT
BEGIN:VEVENT
UID:coupe-{stamp}
SUMMARY:Coupé {stamp}
END:VCALENDAR
"""


def test_an_agenda_that_is_brought_invites_nobody(
    page: Page, instance: RunningInstance, tmp_path: Path
) -> None:
    colleague = instance.demo(address="claire.lefevre@ac-normandie.fr")
    outside = f"parent-{STAMP}@ailleurs.test"
    file = tmp_path / f"agenda-{STAMP}.ics"
    told = AGENDA.format(stamp=STAMP, who=WHO, colleague=colleague["address"], outside=outside)
    file.write_text(told.replace("\n", "\r\n"), "utf-8", newline="")
    before = seen(instance, colleague)
    sheet = panel(page)
    expect(sheet.get_by_role("button", name="Préparer l’export")).to_be_visible(timeout=SLOW)
    sheet.locator("input[type=file]").set_input_files(file)
    expect(sheet.get_by_text("1 événement", exact=True)).to_be_visible(timeout=60_000)
    sheet.get_by_role("button", name="Importer", exact=True).click()
    expect(sheet.get_by_text("1 événement importé.")).to_be_visible(timeout=60_000)
    left = sheet.get_by_role("listitem").filter(has_text=f"agenda-{STAMP}").locator("details").first
    left.locator("summary").click()
    expect(left).to_contain_text(f"Coupé {STAMP}")
    sheet.get_by_role("button", name="Retirer ce qui a été importé").first.click(timeout=SLOW)
    expect(sheet.get_by_text("Ce qui avait été importé a été retiré.").first).to_be_visible(timeout=60_000)
    waiting = [m for m in queue(instance.layout) if any(w.address == outside for w in m.recipients)]
    assert waiting == []
    assert seen(instance, colleague) == before


def seen(instance: RunningInstance, colleague: dict[str, Any]) -> tuple[list[bytes], int]:
    """How many messages somebody has ever had in the inbox, and how many events in their agendas."""
    with imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls) as client:
        client.login(colleague["address"], instance.app_password(colleague["address"]))
        _, mail = client.status("INBOX", "(MESSAGES UIDNEXT)")
    with dav_of(instance.layout, colleague["mailboxKey"]) as dav:
        events = sum(b"".join(dav.read(one.path)).count(b"BEGIN:VEVENT") for one in dav.agendas())
    return mail, events
