"""Files by secured link, in a real browser: from the composer to the download, with a line that breaks."""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from journeys.running import RunningInstance
from journeys.webmail import signed_in
from waiting import wait_until

# In two halves, so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGE = 27_000_000  # over the 25 MB of Amiens


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


def telephone(chromium: Browser) -> BrowserContext:
    size = {"width": 390, "height": 844}
    return chromium.new_context(locale="fr-FR", ignore_https_errors=True, viewport=size)  # type: ignore[arg-type]


def people(instance: RunningInstance) -> tuple[dict[str, Any], dict[str, Any]]:
    """A sender and a colleague of the academy with the smallest attachments."""
    instance.demo(academy="amiens")
    here = [person for person in instance.accounts if person["academy"] == "amiens"]
    return here[0], here[1]


def compose(page: Page, to: str, subject: str) -> None:
    page.keyboard.press("c")
    page.get_by_role("combobox", name="À", exact=True).fill(to)
    page.get_by_role("textbox", name="Objet").fill(subject)


def attach(page: Page, *files: dict[str, Any] | str) -> None:
    page.locator('.composer input[type=file][aria-label="Joindre"]').or_(
        page.locator(".composer-foot > input[type=file]").first
    ).first.set_input_files(list(files))  # type: ignore[arg-type]


def link_in(page: Page) -> str:
    """The address of the link that stands in the composer."""
    link = page.locator('.editor-text a[href*="/lien/"]').first
    expect(link).to_be_visible(timeout=60_000)
    return str(link.get_attribute("href"))


def send(page: Page) -> None:
    """Send, and answer the question about who is outside."""
    page.keyboard.press("Control+Enter")
    anyway = page.get_by_role("button", name="Envoyer quand même")
    left = page.locator(".toast", has_text=re.compile("Message envoyé"))
    expect(anyway.or_(left).first).to_be_visible(timeout=15_000)
    if anyway.count():
        anyway.click()
    expect(left).to_be_visible(timeout=15_000)


def in_settings(page: Page) -> Page:
    page.locator("body").click(position={"x": 5, "y": 895})
    page.get_by_role("button", name=re.compile("Réglages")).first.click()
    page.get_by_role("button", name="Mes liens").click()
    return page


def test_a_large_file_goes_by_link_and_is_taken_back(
    context: BrowserContext, chromium: Browser, instance: RunningInstance, tmp_path: Path
) -> None:
    sender, reader = people(instance)
    large = tmp_path / "captation.bin"
    large.write_bytes(b"casier" * (LARGE // 6))
    page = signed_in(context, instance, sender["address"])
    compose(page, reader["address"], "Captation du spectacle")
    attach(page, str(large))
    address = link_in(page)
    assert address.startswith(instance.web_url("amiens") + "/lien/")
    send(page)
    theirs = chromium.new_context(
        locale="fr-FR", ignore_https_errors=True, viewport={"width": 390, "height": 844}
    )
    with theirs:
        other = signed_in(theirs, instance, reader["address"])
        other.goto(address)
        expect(other.get_by_role("heading", name=re.compile("vous envoie un fichier"))).to_be_visible()
        with other.expect_download(timeout=60_000) as begun:
            other.get_by_role("button", name="Télécharger le fichier").click(timeout=60_000)
        assert begun.value.suggested_filename == "captation.bin"
        assert Path(begun.value.path()).stat().st_size == large.stat().st_size
        in_settings(page)
        line = page.locator(".links-item", has_text="captation.bin").first
        line.get_by_text("1 téléchargement").click()
        expect(line).to_contain_text(reader["address"])
        line.get_by_role("button", name="Révoquer captation.bin").click()
        page.get_by_role("dialog", name="Révoquer ce lien").get_by_role("button", name="Révoquer").click()
        expect(line).to_contain_text("Révoqué")
        other.goto(address)
        expect(other.get_by_role("heading", name="Ce fichier a été retiré")).to_be_visible()


def test_a_line_that_breaks_costs_a_piece_and_no_more(
    context: BrowserContext, instance: RunningInstance, tmp_path: Path
) -> None:
    sender, reader = people(instance)
    large = tmp_path / "reprise.bin"
    large.write_bytes(b"casier" * (LARGE // 6))
    page = signed_in(context, instance, sender["address"])
    offsets: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(request.headers["upload-offset"])

    page.on("request", note)
    compose(page, reader["address"], "Reprise")
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 3_000_000}
    line.send("Network.emulateNetworkConditions", slow)
    attach(page, str(large))
    wait_until("the first piece", lambda: offsets or page.wait_for_timeout(20), 30)
    # What passes by a route is slow: one piece is enough.
    page.route("**/api/links/uploads/*", lambda route: route.abort("connectionreset"), times=1)
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    link_in(page)
    piece = 8 * 1024 * 1024
    assert offsets == [str(offset) for offset in (0, piece, piece, 2 * piece, 3 * piece)]


def test_a_sensitive_message_sends_what_it_had_by_link(
    context: BrowserContext, instance: RunningInstance
) -> None:
    sender, reader = people(instance)
    page = signed_in(context, instance, sender["address"])
    compose(page, reader["address"], "Sensible")
    attach(page, {"name": "dossier.txt", "mimeType": "text/plain", "buffer": b"Dossier confidentiel"})
    expect(page.locator(".file", has_text="dossier.txt").locator("progress")).to_have_count(0)
    page.get_by_role("button", name="Autres façons de joindre").click()
    page.get_by_role("menuitem", name="Message sensible").click()
    expect(page.locator(".links-mark")).to_contain_text("jamais en pièce jointe")
    address = link_in(page)
    expect(page.locator(".files")).to_have_count(0)
    send(page)
    visitor = context.browser.new_context(locale="fr-FR", ignore_https_errors=True)  # type: ignore[union-attr]
    with visitor:
        other = visitor.new_page()
        other.goto(address)
        expect(other.get_by_text("Fichier confidentiel")).to_be_visible()
        expect(other.get_by_text("dossier.txt")).to_have_count(0)


def test_a_folder_becomes_a_zip(context: BrowserContext, instance: RunningInstance, tmp_path: Path) -> None:
    sender, reader = people(instance)
    folder = tmp_path / "Sortie"
    (folder / "photos").mkdir(parents=True)
    (folder / "plan.txt").write_text("Gare, puis musée")
    (folder / "photos" / "groupe.jpg").write_bytes(b"\xff\xd8\xff")
    page = signed_in(context, instance, sender["address"])
    compose(page, reader["address"], "Sortie")
    page.locator('input[type=file][aria-label="Joindre un dossier (zip)"]').set_input_files(str(folder))
    expect(page.locator(".file", has_text="Sortie.zip")).to_be_visible()
    expect(page.locator(".file progress")).to_have_count(0)


def code_in_queue(instance: RunningInstance, to: str) -> str:
    """The code in the letter to TO: mail for others waits in the queue of a demo."""
    etc = str(instance.layout.etc / "postfix")

    def found() -> str:
        listed = subprocess.run(["postqueue", "-c", etc, "-j"], capture_output=True, text=True, check=False)
        for line in listed.stdout.splitlines():
            if to in line:
                name = re.search(r'"queue_id": ?"([^"]+)"', line)
                assert name
                shown = subprocess.run(
                    ["postcat", "-c", etc, "-bq", name[1]], capture_output=True, text=True, check=False
                )
                if code := re.search(r"(\d{4}) (\d{4})\b", shown.stdout):
                    return code[0]
        return ""

    return wait_until(f"a code for {to}", found)


def test_someone_outside_shows_a_code(
    context: BrowserContext, chromium: Browser, instance: RunningInstance
) -> None:
    sender, _reader = people(instance)
    parent = f"parent.{secrets.token_hex(4)}@famille.example"
    page = signed_in(context, instance, sender["address"])
    compose(page, parent, "Bulletin")
    page.locator('input[type=file][aria-label="Envoyer un fichier par lien sécurisé"]').set_input_files(
        {"name": "bulletin.txt", "mimeType": "text/plain", "buffer": b"Bulletin du premier trimestre"}
    )
    address = link_in(page)
    send(page)
    outside = chromium.new_context(
        locale="fr-FR", ignore_https_errors=True, viewport={"width": 390, "height": 844}
    )
    with outside:
        visitor = outside.new_page()
        visitor.goto(address)
        visitor.get_by_label("Votre adresse de courriel").fill(parent)
        visitor.get_by_role("button", name="Continuer").click()
        visitor.get_by_label("Code reçu par courriel").fill(code_in_queue(instance, parent))
        visitor.get_by_role("button", name="Valider le code").click()
        with visitor.expect_download() as begun:
            visitor.get_by_role("button", name="Télécharger le fichier").click()
        assert Path(begun.value.path()).read_bytes() == b"Bulletin du premier trimestre"


def test_a_virus_reaches_nobody(context: BrowserContext, instance: RunningInstance) -> None:
    sender, reader = people(instance)
    page = signed_in(context, instance, sender["address"])
    compose(page, reader["address"], "Outil")
    page.locator('input[type=file][aria-label="Envoyer un fichier par lien sécurisé"]').set_input_files(
        {"name": "outil.exe", "mimeType": "application/octet-stream", "buffer": EICAR}
    )
    link_in(page)
    page.keyboard.press("Escape")
    in_settings(page)
    line = page.locator(".links-item", has_text="outil.exe").first

    def judged() -> bool:
        page.get_by_role("button", name="Général").click()
        page.get_by_role("button", name="Mes liens").click()
        page.wait_for_timeout(250)
        return "virus" in str(line.text_content())

    wait_until("the antivirus to have looked", judged, 60)
    expect(line).to_contain_text("Supprimé\u00a0: virus")
