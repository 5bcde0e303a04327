"""Attachments in a real browser: a line that is cut, many at once, cancelling, a folder that is dropped."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, expect

from casier.kernel.link_storage import attaching_folder
from journeys.jmap import Jmap
from journeys.running import RunningInstance
from journeys.webmail import signed_in
from waiting import wait_until

pytestmark = pytest.mark.journey
SENDER = "ines.van-den-broeck@ac-amiens.fr"
LARGE = 20_000_000
PIECE = 2 * 1024 * 1024
CHOOSE = ".composer-foot > input[type=file]"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, instance: RunningInstance) -> Page:
    return signed_in(context, instance, SENDER)


@pytest.fixture
def jmap(instance: RunningInstance) -> Jmap:
    return Jmap(instance, SENDER, instance.demo(address=SENDER)["mailboxKey"], instance.app_password(SENDER))


def line_of(page: Page, octets_a_second: int) -> CDPSession:
    """A line that takes no more than this upwards; 0: cut, as the radio of a train is."""
    cdp = page.context.new_cdp_session(page)
    set_line(cdp, octets_a_second)
    return cdp


def set_line(cdp: CDPSession, octets_a_second: int) -> None:
    more = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": octets_a_second or -1}
    cdp.send("Network.emulateNetworkConditions", {"offline": octets_a_second == 0, **more})


def compose(page: Page, subject: str, to: str = SENDER) -> None:
    page.keyboard.press("c")
    page.get_by_role("combobox", name="À", exact=True).fill(to)
    page.get_by_role("textbox", name="Objet").fill(subject)


def attach(page: Page, *files: Path) -> None:
    page.locator(CHOOSE).first.set_input_files([str(file) for file in files])


def random_file(folder: Path, name: str, size: int) -> Path:
    file = folder / name
    file.write_bytes(secrets.token_bytes(size))
    return file


def attached_to(jmap: Jmap, subject: str) -> list[dict[str, Any]]:
    """The attachments of the message called SUBJECT, once it has come."""

    def found() -> list[dict[str, Any]]:
        inbox = {"inMailbox": jmap.mailbox("inbox")}
        latest = [{"property": "receivedAt", "isAscending": False}]
        (ids,) = jmap.call(("Email/query", {"filter": inbox, "sort": latest, "limit": 5}))
        (mails,) = jmap.call(("Email/get", {"ids": ids["ids"], "properties": ["subject", "attachments"]}))
        return next((mail["attachments"] for mail in mails["list"] if mail["subject"] == subject), [])

    return wait_until(f"{subject} to arrive", found, 60)


def content_of(jmap: Jmap, part: dict[str, Any]) -> bytes:
    answer = jmap.http.get(f"/jmap/download/{jmap.key}/{part['blobId']}/fichier")
    assert answer.status_code == 200
    return answer.content


def under_way(instance: RunningInstance) -> list[Path]:
    return [file for file in attaching_folder(instance.layout).glob("*/*") if file.is_file()]


def test_a_large_file_goes_on_where_the_line_was_cut(
    page: Page, instance: RunningInstance, jmap: Jmap, tmp_path: Path
) -> None:
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH" and "/api/attachments/" in request.url:
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    subject = f"Enregistrement {secrets.token_hex(4)}"
    compose(page, subject)
    large = random_file(tmp_path, "oral.mp3", LARGE)
    cdp = line_of(page, 4_000_000)
    attach(page, large)
    coming = page.locator(".file", has_text="oral.mp3")
    wait_until("a part of it to be there", lambda: len(offsets) >= 4 or page.wait_for_timeout(50), 30)
    set_line(cdp, 0)
    page.locator(".editor-text").click()
    page.keyboard.type("Écrit pendant la coupure.")
    page.wait_for_timeout(1_500)
    expect(coming).to_be_visible()
    set_line(cdp, 40_000_000)
    expect(page.locator(".file:not(.file-coming):not(.file-failed)", has_text="oral.mp3")).to_be_visible(
        timeout=60_000
    )
    assert offsets.count(0) == 1
    again = len(offsets) - len(set(offsets))
    assert again <= 2  # the piece that was cut, and nothing before it
    assert sorted(set(offsets)) == list(range(0, LARGE, PIECE))
    expect(page.locator(".editor-text")).to_contain_text("Écrit pendant la coupure.")
    page.keyboard.press("Control+Enter")
    (part,) = attached_to(jmap, subject)
    assert hashlib.sha256(content_of(jmap, part)).digest() == hashlib.sha256(large.read_bytes()).digest()
    wait_until("what came in pieces to be forgotten", lambda: not under_way(instance), 30)


def test_many_at_once_and_one_of_them_cancelled(
    page: Page, instance: RunningInstance, jmap: Jmap, tmp_path: Path
) -> None:
    subject = f"Photos {secrets.token_hex(4)}"
    compose(page, subject)
    small = [random_file(tmp_path, f"photo {at}.jpg", 40_000) for at in range(6)]
    large = random_file(tmp_path, "film.mp4", 12_000_000)
    line_of(page, 3_000_000)
    attach(page, *small, large)
    expect(page.locator(".file")).to_have_count(7)
    film = page.locator(".file-coming", has_text="film.mp4")
    wait_until("some of the film to be there", lambda: under_way(instance) or page.wait_for_timeout(50), 20)
    film.get_by_role("button", name="Annuler l’envoi de film.mp4").click()
    expect(page.locator(".file", has_text="film.mp4")).to_have_count(0)
    expect(page.locator(".file progress")).to_have_count(0, timeout=20_000)
    wait_until("what came of the film to be deleted", lambda: not under_way(instance), 30)
    page.keyboard.press("Control+Enter")
    assert sorted(part["name"] for part in attached_to(jmap, subject)) == [file.name for file in small]


# What a browser hands over for a folder of the desktop: no drag with a folder can be driven from outside.
DROP = """([there, folders]) => {
    const file = (name, text) => ({
        isFile: true, isDirectory: false, name,
        file: (done) => done(new File([text], name, { type: 'text/plain' })),
    });
    const folder = (name, inside) => ({
        isFile: false, isDirectory: true, name,
        createReader() {
            // In pieces, as Chromium reads a hundred at a time.
            const left = Object.entries(inside).map(([each, what]) => entry(each, what));
            return { readEntries: (done) => done(left.splice(0, 1)) };
        },
    });
    const entry = (name, what) => (typeof what === 'string' ? file(name, what) : folder(name, what));
    const entries = Object.entries(folders).map(([name, what]) => entry(name, what));
    const items = entries.map((each) => ({ webkitGetAsEntry: () => each }));
    for (const kind of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(kind, { bubbles: true, cancelable: true });
        const files = Object.keys(folders).map((name) => new File([''], name));
        Object.defineProperty(event, 'dataTransfer', { value: { items, files, types: ['Files'] } });
        document.querySelector(there).dispatchEvent(event);
    }
}"""


def test_a_folder_that_is_dropped_becomes_a_zip_beside_the_file_that_came_with_it(
    page: Page, jmap: Jmap
) -> None:
    photos = {"groupe": {"été.txt": "photo"}, "plage.txt": "photo"}
    folder = {"photos": photos, "plan.txt": "Gare, puis musée", "vide": {}}
    subject = f"Sortie {secrets.token_hex(4)}"
    compose(page, subject)
    page.evaluate(DROP, [".composer", {"Sortie au musée": folder, "note.txt": "À signer"}])
    expect(page.locator(".file", has_text="Sortie au musée.zip")).to_be_visible(timeout=15_000)
    expect(page.locator(".file", has_text="note.txt")).to_be_visible()
    expect(page.locator(".file progress")).to_have_count(0, timeout=15_000)
    page.keyboard.press("Control+Enter")
    parts = {part["name"]: part for part in attached_to(jmap, subject)}
    assert set(parts) == {"Sortie au musée.zip", "note.txt"}
    with zipfile.ZipFile(BytesIO(content_of(jmap, parts["Sortie au musée.zip"]))) as archive:
        assert archive.testzip() is None
        names = sorted(archive.namelist())
        assert names == [
            "Sortie au musée/photos/groupe/été.txt",
            "Sortie au musée/photos/plage.txt",
            "Sortie au musée/plan.txt",
        ]
        assert archive.read(names[2]).decode() == "Gare, puis musée"
