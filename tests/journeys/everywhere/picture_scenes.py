"""What each picture of the help shows: the demonstration's own mail, and what a person would write there."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urljoin

from playwright.sync_api import Locator, expect

from journeys import preview_files as files
from journeys.everywhere import content
from journeys.everywhere.bar_screens import palette
from journeys.everywhere.folder_screens import shared_mailbox
from journeys.everywhere.settings_screens import FILTERS, settings_part
from journeys.everywhere.visit import Opening, Visit, by_palette
from journeys.everywhere.writing_screens import address, subject_of
from journeys.webmail import ROW

COLLEAGUE, PARENT = "claire.lefevre@ac-normandie.fr", "parent.martin@famille.example"


def _read(row: Locator, v: Visit) -> None:
    expect(row).to_be_visible(timeout=15_000)
    row.locator(".row-subject").click(position={"x": 4, "y": 4})
    expect(v.page.locator(".message-body").first).to_be_visible(timeout=15_000)
    v.page.mouse.move(500, 5)  # nothing under the pointer


def a_talk(v: Visit) -> None:
    """A conversation of several."""
    _read(v.page.locator(ROW).filter(has=v.page.locator(".row-count")).first, v)


def _search(v: Visit, text: str) -> Locator:
    v.page.keyboard.press("/")
    v.page.keyboard.type(text)
    v.page.keyboard.press("Enter")
    expect(v.page.locator(".chips")).to_be_visible()
    found = v.page.locator(ROW).first
    expect(found).to_be_visible(timeout=15_000)
    return found


def _letter(v: Visit) -> Locator:
    """The beginning of a message to two people, one of them outside."""
    composer = v.compose()
    address(composer, COLLEAGUE)
    address(composer, PARENT)
    subject_of(composer).fill(v.say("Sortie du 4 décembre", "Outing on 4 December"))
    words = v.say(
        "Bonjour,\nLe départ est fixé à 8 h devant le collège. Merci de prévoir un pique-nique.",
        "Hello,\nWe leave at 8 in front of the school. Please bring a packed lunch.",
    )
    composer.locator(".editor-text").press_sequentially(words)
    return composer


def writing(v: Visit) -> None:
    _letter(v)
    expect(v.page.locator(".save-state")).to_contain_text(v.say("enregistré", "saved"), timeout=15_000)


def link_terms(v: Visit) -> None:
    composer = _letter(v)
    name = v.say("Envoyer un fichier par lien sécurisé", "Send a file by secured link")
    composer.locator(f'input[type=file][aria-label="{name}"]').set_input_files(
        {"name": "bulletins-3B.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    expect(composer.locator('.editor-text a[href*="/lien/"]').first).to_be_visible(timeout=60_000)
    v.button("Autres façons de joindre", "Other ways to attach", composer).click()
    v.page.locator(":popover-open [role^=menuitem]").last.click()
    expect(v.sheet().locator(".links-terms")).to_be_visible(timeout=15_000)


def results(v: Visit) -> None:
    found = _search(v, v.say("pièce:oui conseil", "attachment:yes conseil"))
    _read(found, v)


def typed(v: Visit) -> None:
    palette(v)
    v.page.keyboard.type("arch")
    expect(v.page.locator(".palette-line").first).to_be_visible()


def a_file(v: Visit) -> None:
    _search(v, v.say("pièce:pdf", "attachment:pdf"))
    alone = v.page.locator(ROW).filter(has_not=v.page.locator(".row-count"))
    _read(alone.first, v)
    v.page.locator("button.attachment-open").filter(has_text=".pdf").first.click()
    expect(v.page.locator(".viewer-title h2")).to_contain_text(".pdf")
    expect(v.page.locator(".viewer-turning")).to_have_count(0, timeout=15_000)
    v.page.wait_for_timeout(800)


def labels(v: Visit) -> None:
    a_talk(v)
    v.page.keyboard.press("l")
    v.sheet()


def a_rule(v: Visit) -> None:
    FILTERS(v)
    v.button("Nouvelle règle", "New rule", v.sheet()).first.click()
    sheet = v.sheet()
    sheet.get_by_label(v.say("Nom de la règle", "Name of the rule")).fill(v.say("Notes de service", "Memos"))
    sheet.locator("select").filter(has_text=v.say("L’expéditeur", "The sender")).first.select_option(
        label=v.say("L’objet", "The subject")
    )
    sheet.get_by_label(v.say("Valeur", "Value")).first.fill("Note de service")


def far_images(v: Visit) -> None:
    _read(_search(v, v.say("La lettre du numérique", "La lettre du numérique")), v)
    expect(v.page.locator(".banner").first).to_be_visible()


def room(v: Visit) -> None:
    v.do("Faire de la place", "Make room")
    expect(v.sheet().locator(".cleaning-line").first).to_be_visible(timeout=30_000)
    for line in range(2):
        v.sheet().locator(".cleaning-line input").nth(line + 1).check()


def deleted(v: Visit) -> None:
    """Some letters deleted for good; one of them is read, another chosen."""
    by_palette("Retrouver des messages supprimés", "Find deleted messages")(v)
    sheet = v.sheet()
    expect(sheet.locator(".restore-line").first).to_be_visible(timeout=20_000)
    sheet.locator(".restore-line button").nth(1).click()
    sheet.locator(".restore-choice input").first.check()
    expect(sheet.locator(".restore-text")).to_be_visible()


def taking_away(v: Visit) -> None:
    settings_part("Importer, exporter", "Import, export")(v)
    v.button("Certains dossiers", "Some folders", v.sheet()).click()


def announced(v: Visit) -> None:
    for made in content.announce(v.instance, v.person["academy"]):
        v.after.append(partial(v.instance.casier, "announce", "withdraw", made))
    expect(v.page.locator(".announcement")).to_have_count(3, timeout=15_000)
    a_talk(v)


def a_signature(v: Visit) -> None:
    settings_part("Rédaction et signatures", "Writing and signatures")(v)
    v.sheet().get_by_label(v.say("Celle de l’académie", "The academy’s")).check()
    expect(v.sheet().locator(".signature-preview")).to_be_visible()


def _back(v: Visit, mail: str) -> None:
    v.page.goto(mail)
    expect(v.page.locator(ROW).first).to_be_visible(timeout=15_000)


def at_the_portal(path: str) -> Opening:
    """A page of the portal, as it is for who is signed in."""

    def opening(v: Visit) -> None:
        mail = v.page.url
        v.after.append(lambda: _back(v, mail))
        v.page.goto(urljoin(mail, path))
        expect(v.page.locator("main h1")).to_be_visible(timeout=15_000)

    return opening


def together(v: Visit) -> None:
    shared_mailbox(v)
    a_talk(v)


def offline(v: Visit) -> None:
    a_talk(v)
    v.page.wait_for_timeout(3000)  # the copy is made
    v.page.context.set_offline(True)
    v.after.append(partial(v.page.context.set_offline, False))
    expect(v.page.locator(".status-line")).to_contain_text(
        re.compile("hors ligne|offline", re.IGNORECASE), timeout=30_000
    )


SCENES: dict[str, Opening] = {
    "premiers-pas": a_talk,
    "entrer": at_the_portal("/compte/memo/"),
    "proteger-son-compte": at_the_portal("/compte/"),
    "je-n-arrive-pas-a-entrer": at_the_portal("/depannage/"),
    "ecrire": writing,
    "hors-ligne": offline,
    "recherche-et-clavier": results,
    "clavier": typed,
    "apercu": a_file,
    "etiquettes-et-suivi": labels,
    "filtres-et-absence": a_rule,
    "liens": link_terms,
    "images-et-liens": far_images,
    "menage": room,
    "retrouver": deleted,
    "importer-exporter": taking_away,
    "annonces": announced,
    "notifications": settings_part("Notifications", "Notifications"),
    "accessibilite": by_palette("Réglages", "Settings"),
    "signatures": a_signature,
    "boites-partagees": together,
}
