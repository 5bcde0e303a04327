"""Rich text as people make it: typed, pasted, with pictures; what leaves is what was seen."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from journeys.composing import EDITOR, begin, mailbox_of, paste, put_picture, received, saved, text_of
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in

JEAN = "jean.martin@ac-normandie.fr"
# As word processors put it on the clipboard.
ITEM = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>{}<o:p></o:p></p>"
)
DOCUMENT = (
    "<html><head><style>p.MsoNormal {margin:0cm}</style></head><body><!--StartFragment-->"
    "<p class=MsoNormal style='color:red'>Bonjour <b>à toutes</b><o:p></o:p></p>"
    + ITEM.format("cahier")
    + ITEM.format("règle")
    + "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Léa</p></td><td>15</td></tr></table>"
    "<img src='file:///C:/x.png'><script>document.title = 'pris'</script><!--EndFragment--></body></html>"
)


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        ignore_https_errors=True,
    )
    yield context
    context.close()


def test_what_is_written_pasted_and_drawn_arrives_as_it_was_seen(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = signed_in(context, instance, JEAN)
    subject = f"Mise en forme {time.time_ns()}"
    editor = begin(page, JEAN, subject)
    page.keyboard.type("Avant 🎉")
    page.keyboard.press("Enter")
    paste(page, EDITOR, "x", DOCUMENT)
    expect(editor.locator("ul li")).to_have_text(["cahier", "règle"])
    expect(editor.locator("[style*=color], img")).to_have_count(0)

    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Voir le site")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Lien").click()
    page.get_by_label("Adresse du lien").fill("www.education.gouv.fr")
    page.keyboard.press("Enter")
    expect(editor.locator("a")).to_have_attribute("href", "https://www.education.gouv.fr")

    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    put_picture(page, "paste", 1800, 1200)
    told = page.locator(".inner-tools", has_text="Image allégée")
    expect(told).to_be_visible()
    drawn = editor.locator("img[data-cid]")
    lighter = drawn.get_attribute("src")
    told.get_by_role("button", name="Reprendre l’originale").click()
    expect(drawn).not_to_have_attribute("src", lighter or "")
    page.get_by_label("Description de l’image").press_sequentially("La cour")
    page.get_by_role("button", name="Moyenne").click()
    expect(drawn).to_have_attribute("alt", "La cour")
    put_picture(page, "drop", 60, 40)
    expect(drawn).to_have_count(2)
    expect(page.locator(".file-coming")).to_have_count(0)
    saved(page)

    # Scheduled, then sent at once from the list of drafts: no waiting for the time to undo.
    page.get_by_role("button", name="Envoyer plus tard").click()
    page.get_by_role("menuitem", name="Demain à 8 h").click()
    # Where one writes, keys are letters.
    expect(page.locator(".composer")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("b")
    row = page.locator(ROW, has_text=subject)
    row.get_by_role("button", name="Partira").click()
    page.get_by_role("menuitem", name="Envoyer maintenant").click()

    message = received(mailbox_of(instance, JEAN), subject)
    html, text = text_of(message, "htmlBody"), text_of(message, "textBody")
    assert [part for part in ("🎉", "border:1px solid", 'alt="La cour"') if part not in html] == []
    assert [part for part in ("<script", "Mso", "file:") if part in html] == []
    assert [part for part in ("- cahier\n- règle", "Léa | 15", "[La cour]") if part not in text] == []
    pictures = [part for part in message["attachments"] if part["type"] == "image/jpeg"]
    assert len(pictures) == 2
    assert all(f"cid:{part['cid']}" in html for part in pictures)


def test_a_plain_text_is_answered_in_plain_text_until_one_wants_form(
    context: BrowserContext, instance: RunningInstance
) -> None:
    jean = mailbox_of(instance, JEAN)
    subject = f"Texte brut {time.time_ns()}"
    jean.submit(jean.draft(JEAN, subject, "Bonjour,\n\nÀ quelle heure ?\n-- \nPaul"), JEAN)
    page = signed_in(context, instance, JEAN)
    page.locator(ROW, has_text=subject).locator(".row-subject").click(timeout=30_000)
    page.get_by_role("button", name="Répondre", exact=True).last.click()
    plain = page.locator(".plain-text")
    expect(plain).to_have_value(re.compile("À quelle heure"))
    quoted = plain.input_value()
    assert "> Bonjour,\n>\n> À quelle heure ?\n> --\n> Paul" in quoted
    assert quoted.startswith("\n\n")
    plain.press_sequentially("À dix heures.")
    page.get_by_role("button", name="Mettre en forme").click()
    editor = page.locator(EDITOR)
    expect(editor.locator("p").first).to_have_text("À dix heures.")
    expect(editor.locator("blockquote")).to_contain_text("À quelle heure ?")
    page.get_by_role("button", name="Options du message").click()
    page.get_by_role("menuitemradio", name="Texte brut").click()
    page.get_by_role("button", name="Passer en texte brut").click()
    expect(plain).to_have_value(re.compile(r"^À dix heures\.\n"))
    page.get_by_role("button", name="Supprimer le brouillon").click()
