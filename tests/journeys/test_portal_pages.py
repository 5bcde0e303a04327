"""The portal in a real browser: signing in, the account, without script, in both schemes, for everyone."""

from __future__ import annotations

import imaplib
import ssl
from typing import Any

import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys.pages import arrived, violations
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
WIDTHS = (1440, 768, 390)
PAGES = ("/compte/", "/compte/mots-de-passe/", "/compte/logiciels/", "/nulle-part/", "/deconnexion/")


@pytest.fixture
def agent(instance: RunningInstance) -> dict[str, Any]:
    """Someone of Rouen."""
    return instance.demo(address="anne-sophie.delamare@ac-rouen.fr")


def open_page(chromium: Any, instance: RunningInstance, **options: Any) -> Any:
    origin = f"https://rouen.localhost:{instance.port(Port.WEB)}"
    context = chromium.new_context(ignore_https_errors=True, base_url=origin, locale="fr-FR", **options)
    return context.new_page()


def sign_in(page: Any, agent: dict[str, Any], suite: str = "/compte/") -> None:
    page.goto(f"/connexion/?suite={suite}")
    page.fill("#identifiant", agent["address"])
    page.fill("#mot_de_passe", agent["password"])
    page.click("button.main")
    arrived(page, suite)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any], scheme: str
) -> None:
    page = open_page(chromium, instance, color_scheme=scheme, bypass_csp=True)
    page.goto("/connexion/")
    page.click("button.main")
    expect(page.get_by_role("alert")).to_be_visible()
    found = violations(page)
    sign_in(page, agent)
    for path in PAGES:
        page.goto(path)
        found += violations(page)
        for width in (*WIDTHS, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (path, width)
    assert found == []
    page.context.close()


def test_the_focus_goes_to_what_is_wrong(chromium: Any, instance: RunningInstance) -> None:
    page = open_page(chromium, instance)
    page.goto("/connexion/")
    # A function that is waited for is lost when the page changes beneath it: its policy lets no text be run.
    expect(page.locator("#identifiant")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused(timeout=30_000)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#identifiant")).to_be_focused()
    page.context.close()


def test_the_sign_in_page_is_light(chromium: Any, instance: RunningInstance) -> None:
    page = open_page(chromium, instance)
    received: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: received.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto("/connexion/", wait_until="networkidle")
    assert 0 < sum(received.values()) < 60_000
    page.context.close()


def test_an_application_password_made_without_script_opens_imap_until_it_is_revoked(
    chromium: Any, instance: RunningInstance, agent: dict[str, Any]
) -> None:
    page = open_page(chromium, instance, java_script_enabled=False)
    sign_in(page, agent)
    page.goto("/compte/mots-de-passe/nouveau/")
    page.fill("#nom", "Essai")
    page.click("main button.main")
    password = page.text_content(".password code")
    trusted = ssl.create_default_context(cafile=str(instance.ca))

    def opens() -> bool:
        client = imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=trusted)
        try:
            return client.login(agent["address"], password)[0] == "OK"
        except imaplib.IMAP4.error:
            return False
        finally:
            client.shutdown()

    assert opens()
    page.goto("/compte/mots-de-passe/")
    page.click("li:has-text('Essai') a.button")
    page.click("button.danger")
    expect(page.get_by_role("status")).to_contain_text("ne fonctionne plus")
    # What is asked for after that is refused; how long a refusal takes is another matter.
    wait_until("the password to be refused", lambda: not opens(), 5)
    page.context.close()
