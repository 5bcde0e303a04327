"""What reaches an open page by itself: announcements, notifications of services, what mail programs do."""

from __future__ import annotations

import imaplib
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from casier.kernel.instance import Port
from journeys.mailbox_filling import letter
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in
from waiting import within

ACADEMY = "normandie"
WITHIN = 1.0  # seconds


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    size = {"width": 1440, "height": 900}
    # What tests wait for in the page are expressions, which the page's own policy would forbid.
    context = chromium.new_context(viewport=size, locale="fr-FR", ignore_https_errors=True, bypass_csp=True)
    yield context
    context.close()


@pytest.fixture
def address(instance: RunningInstance) -> str:
    return str(instance.demo(academy=ACADEMY)["address"])


@pytest.fixture
def bulletins(instance: RunningInstance) -> Iterator[str]:
    """The token of a service."""
    name, host = f"Bulletins {uuid.uuid4().hex[:6]}", "bulletins.ac-normandie.fr"
    made = instance.json("service", "create", name, "--academy", ACADEMY, "--host", host)
    yield made["token"]
    instance.casier("service", "revoke", made["id"])


def post(instance: RunningInstance, token: str, **body: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    with httpx.Client(verify=instance.tls) as client:
        url = f"https://localhost:{instance.port(Port.WEB)}/api/services/notifications"
        return client.post(url, json=body, headers=headers)


def seconds_until(page: Page, expression: str) -> float:
    """How long it takes until EXPRESSION holds in PAGE, looked at with each frame drawn."""
    begun = time.monotonic()
    page.wait_for_function(expression)
    return time.monotonic() - begun


def test_an_announcement_comes_stays_when_critical_and_is_put_aside_for_good(
    context: BrowserContext, instance: RunningInstance, address: str
) -> None:
    page = signed_in(context, instance, address)
    alert, news = f"Hameçonnage {uuid.uuid4().hex}", f"<b>Nouveau</b> {uuid.uuid4().hex}"
    made = []
    try:
        for level, text in (("critique", alert), ("information", news)):
            words = ("--academy", ACADEMY, "--level", level, "--fr", text, "--en", text)
            made.append(instance.json("announce", "create", *words)["id"])
        expect(page.get_by_role("alert").filter(has_text=alert)).to_be_visible()
        line = page.locator(".announcement", has_text=news)
        expect(line).to_be_visible()
        assert page.locator(".announcements b").count() == 0
        expect(page.locator(".announcement", has_text=alert).get_by_role("button")).to_have_count(0)
        with page.expect_response(re.compile("/api/announcements/")):  # a new page before that forgets it
            line.get_by_role("button", name="Masquer cette annonce").press("Enter")
        expect(line).to_have_count(0)
        page.reload()
        expect(page.locator(".announcement", has_text=alert)).to_be_visible()
        expect(line).to_have_count(0)
    finally:
        for one in made:
            instance.casier("announce", "withdraw", one)
    expect(page.locator(".announcement", has_text=alert)).to_have_count(0)


def in_language(page: Page, language: str) -> None:
    """Have the account in this language, and the page anew."""
    page.evaluate(
        """async (locale) => {
            const headers = { 'Content-Type': 'application/json' };
            const body = JSON.stringify({ locale });
            const answer = await fetch("/api/me", { method: "PATCH", headers, body });
            if (!answer.ok) throw new Error(answer.status);
        }""",
        language,
    )
    page.reload()
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)


def faults(page: Page) -> list[str]:
    """What axe finds, and where."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize(
    ("language", "hide"), [("fr", "Masquer cette annonce"), ("en", "Hide this announcement")]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_told_in_either_language(
    context: BrowserContext,
    instance: RunningInstance,
    address: str,
    bulletins: str,
    language: str,
    hide: str,
    scheme: Any,
) -> None:
    mark = uuid.uuid4().hex[:8]
    made = []
    page = signed_in(context, instance, address)
    page.emulate_media(color_scheme=scheme)
    try:
        for level in ("critique", "avertissement", "information"):
            words = ("--level", level, "--fr", f"Bonjour {level} {mark}", "--en", f"Hello {level} {mark}")
            made.append(instance.json("announce", "create", "--academy", ACADEMY, *words)["id"])
        assert post(instance, bulletins, to=address, title=f"À signer {mark}").status_code == 201
        in_language(page, language)
        told = page.locator(".announcement", has_text=mark)
        expect(told).to_have_count(3)
        expect(told.first).to_contain_text("Bonjour" if language == "fr" else "Hello")
        expect(told.last.get_by_role("button", name=hide)).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name=re.compile("^Notifications")).click()
        expect(
            page.get_by_role("dialog", name="Notifications").get_by_text(f"À signer {mark}")
        ).to_be_visible()
        assert faults(page) == []
    finally:
        for one in made:
            instance.casier("announce", "withdraw", one)
        in_language(page, "fr")


@pytest.mark.alone
def test_a_notification_is_in_the_bell_within_a_second_and_nothing_of_it_runs(
    context: BrowserContext, instance: RunningInstance, address: str, bulletins: str
) -> None:
    page = signed_in(context, instance, address)
    fired: list[str] = []
    page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    bell = page.get_by_role("button", name=re.compile("^Notifications"))
    expect(bell).to_be_visible()
    expect(page.locator(".bell-count")).to_have_count(0)
    panel = page.get_by_role("dialog", name="Notifications")

    def notify() -> float:
        link = "https://bulletins.ac-normandie.fr/3B"
        title = f"<img src=x onerror=alert(1)> {uuid.uuid4().hex}"
        answer = post(instance, bulletins, to=address, title=title, text="À signer", link=link)
        took = seconds_until(page, "document.querySelectorAll('.bell-count').length > 0")
        assert answer.status_code == 201, answer.text
        bell.press("Enter")
        expect(panel.get_by_text(title)).to_be_visible()
        mine = panel.locator(".bell-line", has_text=title)
        expect(mine.get_by_role("link", name=re.compile("Ouvrir bulletins"))).to_have_attribute("href", link)
        assert panel.locator("img").count() == 0
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(bell).to_be_focused()
        expect(page.locator(".bell-count")).to_have_count(0)
        bell.press("Enter")
        mine.get_by_role("button").click()
        expect(panel.get_by_text(title)).to_have_count(0)
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        return took

    within(WITHIN, notify)
    assert fired == []


def test_refusals_are_problems_through_nginx_too(
    instance: RunningInstance, address: str, bulletins: str
) -> None:
    stranger = str(instance.demo(academy="rouen")["address"])
    wanted = {
        "service_token_refused": post(instance, "nothing", to=address, title="x"),
        "not_your_academy": post(instance, bulletins, to=stranger, title="x"),
        "bad_notification": post(instance, bulletins, to=address, title="x", link="javascript:alert(1)"),
        "notification_too_large": post(instance, bulletins, to=address, title="x", text="x" * 20_000),
    }
    for code, answer in wanted.items():
        assert answer.headers["Content-Type"] == "application/problem+json", code
        assert answer.json()["type"] == code


@pytest.mark.alone
def test_what_a_mail_program_does_shows_within_a_second(
    context: BrowserContext, instance: RunningInstance, address: str
) -> None:
    page = signed_in(context, instance, address)
    expect(page.locator(".room-bar")).to_be_visible()  # the last thing that a page asks for by itself
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    password = instance.app_password(address)
    with imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls) as imap:
        imap.login(address, password)

        def change() -> float:
            subject = f"Dépôt {uuid.uuid4().hex}"
            imap.append("INBOX", "", None, letter(subject).as_bytes())
            shown = (
                f"[...document.querySelectorAll('{ROW}')].find(row => row.textContent.includes('{subject}'))"
            )
            appended = seconds_until(page, shown)
            imap.select("INBOX")
            # The last one: the index may not know it yet.
            _, found = imap.search(None, "ALL")
            number = found[0].split()[-1].decode()
            unread = page.locator(ROW, has_text=subject).get_attribute("class") or ""
            imap.store(number, "+FLAGS", r"(\Seen)")
            seen = seconds_until(page, f"{shown}?.className !== '{unread}'")
            imap.store(number, "+FLAGS", r"(\Deleted)")
            imap.expunge()
            gone = seconds_until(page, f"!{shown}")
            print(f"appended {appended:.3f} s, flag {seen:.3f} s, gone {gone:.3f} s")
            return max(appended, seen, gone)

        within(WITHIN, change)
    # Nobody asks while nothing happens: what follows a change ends soon, and then there is silence.
    assert any(silent(page, asked) for _ in range(4)), asked


def silent(page: Page, asked: list[str]) -> bool:
    """Whether PAGE asks nothing of the mail for three seconds; ASKED grows with each request."""
    asked.clear()
    page.wait_for_timeout(3_000)
    return not [url for url in asked if "/jmap/" in url or "/api/announcements" in url]


RECORDED = """
window.told = [];
window.Notification = class {
  static permission = 'default';
  static async requestPermission() {
    window.told.push('asked');
    return (window.Notification.permission = 'granted');
  }
  constructor(title, more) { window.told.push(title + ': ' + more.body); window.latest = this; }
  close() {}
};
"""


@pytest.mark.alone
def test_new_mail_is_told_by_choice_and_only_while_nobody_looks(
    context: BrowserContext, instance: RunningInstance, address: str
) -> None:
    context.add_init_script(RECORDED)
    page = signed_in(context, instance, address)
    page.get_by_role("button", name="Réglages").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Notifications").click()
    assert page.evaluate("window.told") == []
    page.get_by_label("Afficher une notification").check()
    assert page.evaluate("window.told") == ["asked"]
    page.keyboard.press("Escape")
    password = instance.app_password(address)
    with imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls) as imap:
        imap.login(address, password)
        looked = f"Vu {uuid.uuid4().hex}"
        imap.append("INBOX", "", None, letter(looked).as_bytes())
        expect(page.locator(ROW, has_text=looked)).to_be_visible()
        page.evaluate("document.hasFocus = () => false")
        told = ["asked"]

        def tell() -> float:
            # The store dates messages by the second.
            page.wait_for_timeout(1_100)
            away = f"Ailleurs {uuid.uuid4().hex}"
            imap.append("INBOX", "", None, letter(away).as_bytes())
            took = seconds_until(page, f"window.told.length > {len(told)}")
            told.append(f"Une correspondante: {away}")
            assert page.evaluate("window.told") == told
            return took

        within(WITHIN, tell)
        page.evaluate("window.latest.onclick()")
        expect(page.get_by_role("heading", name=told[-1].rpartition(" ")[2])).to_be_visible()
