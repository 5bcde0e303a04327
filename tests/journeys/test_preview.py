"""Files of a message are looked at without a download, and nothing of them runs; messages go on paper."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from journeys import preview_files as files
from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import picture, signed_in

HOSTILE = (
    (files.pdf(2, files.ALARM), "piege.pdf", "application/pdf"),
    (files.SVG, "logo.svg", "image/svg+xml"),
    (files.PAGE, "bilan.html", "text/html"),
    (files.PAGE, "page.pdf", "application/pdf"),
    (files.SVG, "photo.png", "image/png"),
    (files.XML, "donnees.xml", "application/xml"),
    (files.png(8, 8, claimed=(40_000, 40_000)), "bombe.png", "image/png"),
    (b"facture", "facture\u202efdp.exe", "application/octet-stream"),
    (files.HOSTILE_TABLE, "notes.csv", "text/csv"),
    (files.HOSTILE_TEXT, "lisez.txt", "text/plain"),
    (files.HOSTILE_CODE, "donnees.json", "application/json"),
    (files.HOSTILE_CALENDAR, "conseil.ics", "text/calendar"),
    (files.HOSTILE_CARD, "jeanne.vcf", "text/vcard"),
    (files.hostile_archive(), "photos.zip", "application/zip"),
    (files.hostile_message(), "transfert.eml", "application/octet-stream"),
)
# What stands on the screen once a file is shown, so that it had its time to run.
SHOWN = {
    "piege.pdf": ".textLayer",
    "logo.svg": "iframe.drawing[sandbox='']",
    "bilan.html": ".viewer .mail-frame",
    "donnees.xml": ".code",
    "notes.csv": ".sheet",
    "lisez.txt": ".code",
    "donnees.json": ".code",
    "conseil.ics": ".card",
    "jeanne.vcf": ".card",
    "photos.zip": ".archive",
    "transfert.eml": ".inside-head",
}


@pytest.fixture
def teacher(instance: RunningInstance) -> dict[str, Any]:
    return instance.demo(address="claire.lefevre@ac-normandie.fr")


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        ignore_https_errors=True, locale="fr-FR", timezone_id="Europe/Paris", accept_downloads=True
    )
    yield context
    context.close()


def attach(message: EmailMessage, content: bytes, name: str, kind: str) -> None:
    main, sub = kind.split("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)


def opened(context: BrowserContext, instance: RunningInstance, subject: str) -> Page:
    page = signed_in(context, instance, "claire.lefevre@ac-normandie.fr")
    page.get_by_text(subject).first.click()
    expect(page.locator(".attachments")).to_be_visible()
    return page


def seen(page: Page, name: str) -> None:
    """The viewer shows the file called NAME."""
    expect(page.locator(".viewer-title h2")).to_have_text(name)


def test_every_kind_is_shown_by_keyboard_alone(
    instance: RunningInstance, teacher: dict[str, Any], context: BrowserContext
) -> None:
    message = letter("Pièces de toutes sortes", "<p>Voici.</p>")
    attach(message, files.pdf(), "rapport.pdf", "application/pdf")
    attach(message, files.png(60, 40), "photo.png", "image/png")
    attach(message, files.TABLE, "notes.csv", "text/csv")
    attach(message, files.PROGRAM, "moyenne.py", "text/x-python")
    attach(message, files.CALENDAR, "conseil.ics", "application/octet-stream")
    attach(message, files.CARD, "jeanne.vcf", "text/vcard")
    attach(message, files.archive(), "sorties.zip", "application/zip")
    message.add_attachment(files.inside())
    append(instance, teacher, message)
    page = opened(context, instance, "Pièces de toutes sortes")
    first = page.locator("button.attachment-open").first
    expect(first).to_be_visible()
    first.focus()
    page.keyboard.press("Enter")
    seen(page, "rapport.pdf")
    expect(page.locator(".textLayer").first).to_contain_text("Page 1 du compte rendu")
    expect(page.locator(".pdf-page")).to_have_count(3)
    picture(page, "preview")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".picture img")).to_have_js_property("naturalWidth", 60)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sheet td").first).to_have_text("Martin")
    expect(page.locator(".sheet th").nth(1)).to_have_text("Prénom")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".code .hljs-keyword").first).to_have_text("def")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card")).to_contain_text("jeudi 26 novembre 2026, 17\u00a0h\u00a000")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card")).to_contain_text("+33 6 12 34 56 78")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".archive")).to_contain_text("Sorties/autorisation Élodie.txt")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".inside-head")).to_contain_text("Message transféré comme fichier")
    page.locator(".inside-file").click()
    expect(page.locator(".code")).to_have_text("Note au fond.\n")
    page.keyboard.press("Escape")
    expect(page.locator(".inside-head")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    expect(first).to_be_focused()


def test_nothing_of_a_hostile_file_runs_or_is_fetched(
    instance: RunningInstance, teacher: dict[str, Any], context: BrowserContext
) -> None:
    message = letter("Pièces piégées", "<p>Voici.</p>")
    for content, name, kind in HOSTILE:
        attach(message, content, name, kind)
    append(instance, teacher, message)
    page = opened(context, instance, "Pièces piégées")
    asked: list[str] = []

    def note(request: Request) -> None:
        if "piege.example" in request.url:
            asked.append(request.url)

    page.on("request", note)
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.locator("button.attachment-open").first.click()
    for at, (_, name, _) in enumerate(HOSTILE):
        seen(page, re.sub("\u202e", "", name))
        if name in SHOWN:
            expect(page.locator(SHOWN[name]).first).to_be_visible()
        else:
            expect(page.locator(".viewer-note")).to_be_visible()
            expect(page.locator(".viewer-note .viewer-turning")).to_have_count(0)
        links = page.locator(".viewer a[href]").evaluate_all("all => all.map((each) => each.href)")
        assert not [link for link in links if link.startswith("javascript:")]
        if at + 1 < len(HOSTILE):
            page.keyboard.press("ArrowRight")
    assert page.evaluate("window.atteint") is None
    assert asked == []


def test_what_is_downloaded_can_not_run_on_our_origin(
    instance: RunningInstance, teacher: dict[str, Any], context: BrowserContext
) -> None:
    message = letter("Pièce en page", "<p>Voici.</p>")
    attach(message, files.PAGE, "page.html", "text/html")
    append(instance, teacher, message)
    page = opened(context, instance, "Pièce en page")
    address = page.locator(".attachment-get").first.get_attribute("href")
    found = page.evaluate(
        """async (address) => {
            const whole = await fetch(address);
            const part = await fetch(address, { headers: { Range: 'bytes=0-9' } });
            return { ...Object.fromEntries(whole.headers), status: whole.status, part: part.status };
        }""",
        address,
    )
    assert found["status"] == 200
    assert found["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert found["x-content-type-options"] == "nosniff"
    assert found["content-disposition"].startswith("attachment")
    assert found["part"] in {200, 206}
    worker = page.evaluate(
        """async () => {
            const script = document.querySelector('script[src*="/assets/"]').src;
            return (await fetch(script)).headers.get('content-security-policy');
        }"""
    )
    assert worker == "default-src 'none'; script-src 'self'; connect-src 'self'"


def test_all_files_and_ticked_messages_come_as_one_file(
    instance: RunningInstance, teacher: dict[str, Any], context: BrowserContext, tmp_path: Path
) -> None:
    message = letter("Deux notes", "<p>Voici.</p>")
    attach(message, b"un", "note.txt", "text/plain")
    attach(message, b"deux", "note.txt", "text/plain")
    append(instance, teacher, message)
    page = opened(context, instance, "Deux notes")
    with page.expect_download() as told:
        page.get_by_role("button", name="Tout télécharger").click()
    told.value.save_as(tmp_path / "all.zip")
    assert told.value.suggested_filename == "Deux notes.zip"
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "note.txt": b"un",
            "note (2).txt": b"deux",
        }
    with page.expect_download() as told:
        page.locator(".message-acts .menu-anchor button").first.click()
        page.get_by_role("menuitem", name="Enregistrer (.eml)").click()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\dh\d\d Deux notes\.eml", told.value.suggested_filename)
    told.value.save_as(tmp_path / "one.eml")
    assert b"Subject: Deux notes" in (tmp_path / "one.eml").read_bytes()


PRINTED = """() => {
    const inside = document.querySelector('.paper-frame').contentDocument;
    const hosts = [...inside.querySelectorAll('section > div')].flatMap((host) => host.shadowRoot ?? []);
    return JSON.stringify({
        title: inside.title, sandbox: document.querySelector('.paper-frame').getAttribute('sandbox'),
        text: inside.body.innerText + hosts.map((root) => root.querySelector('.mail').innerText).join(' '),
        html: inside.documentElement.getHTML({ shadowRoots: hosts }),
    });
}"""


def test_a_conversation_is_printed_whole(
    instance: RunningInstance, teacher: dict[str, Any], context: BrowserContext, tmp_path: Path
) -> None:
    lines = "".join(f"<p>Alinéa {at} du procès-verbal.</p>" for at in range(120))
    quoted = "<blockquote type='cite'><p>Le message auquel on répond.</p></blockquote>"
    said = f"<p>Le 3 novembre, Paul a écrit :</p>{quoted}<script>1</script>"
    html = f"<style>p {{ color: #123 }}</style>{lines}{said}"
    message = letter("Procès-verbal à imprimer", html)
    attach(message, b"un", "annexe.txt", "text/plain")
    append(instance, teacher, message)
    page = opened(context, instance, "Procès-verbal à imprimer")
    page.keyboard.press("Control+p")
    page.wait_for_function("document.querySelector('.paper-frame')?.contentDocument?.querySelector('footer')")
    printed = json.loads(page.evaluate(PRINTED))
    assert printed["sandbox"] == "allow-same-origin allow-modals"
    assert printed["title"] == "Procès-verbal à imprimer"
    for wanted in (
        "Alinéa 0 ",
        "Alinéa 119 ",
        "Le message auquel on répond.",
        "annexe.txt",
        "correspondante@exemple.fr",
    ):
        assert wanted in printed["text"]
    assert "<script" not in printed["html"]
    paper = context.new_page()
    paper.set_content(f"<!doctype html><html>{printed['html']}</html>")
    pages = paper.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) >= 3
