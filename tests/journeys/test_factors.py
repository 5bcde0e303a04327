"""Second factors in a real browser: codes of an application, paper, trust, a passkey, a fresh proof."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from journeys.doors import WIDE, change
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
ACADEMY = "amiens"
PASSWORD = "Ardoise-Craie-Encre-2048"
APPLICATION = "genevieve.poulain@ac-amiens.fr"
PASSKEY = "ines.van-den-broeck@ac-amiens.fr"
SHOW = "/connexion/second-facteur/"
ENROL = "/connexion/second-facteur/inscrire/"
MANAGE = "/compte/second-facteur/"
ADD = "/compte/second-facteur/ajouter/"
TRUST = re.compile("__Host-casier$")
WIDTHS = (1440, 768, 390)
MAIL = re.compile(r"/courrier/")


@pytest.fixture(scope="module", autouse=True)
def required(instance: RunningInstance) -> Iterator[None]:
    """Amiens requires a second factor for as long as these journeys last."""
    change(instance, ACADEMY, *WIDE, "second_factor.requirement=required", "activation.record_recovery=false")
    yield
    change(instance, ACADEMY, *WIDE, "activation.record_recovery=true")


def type_password(page: Page, instance: RunningInstance, address: str) -> None:
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    page.get_by_label("Identifiant").fill(address)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def looked_at(page: Page) -> None:
    """Nothing that axe finds, nothing that spills over, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} at {width}"
        found = Axe().run(page).response["violations"]
        assert found == [], f"{page.url} at {width}: {[one['id'] for one in found]}"
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def give_all_up(page: Page, instance: RunningInstance) -> None:
    """As it was before: another run on the same instance enrols again."""
    change(instance, ACADEMY, "second_factor.requirement=offered")
    page.goto(instance.web_url(ACADEMY) + MANAGE)
    while page.get_by_role("link", name="Retirer").count():
        page.get_by_role("link", name="Retirer").first.click()
        page.get_by_role("button", name="Retirer").click()
        expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
        page.wait_for_load_state()
    change(instance, ACADEMY, "second_factor.requirement=required")


def test_an_application_paper_and_a_trusted_device(
    instance: RunningInstance, new_context: Callable[[], BrowserContext]
) -> None:
    page = new_context().new_page()
    type_password(page, instance, APPLICATION)
    expect(page).to_have_url(instance.web_url(ACADEMY) + ENROL)
    looked_at(page)

    # Not round the duty: neither the mail nor its programs' interface.
    page.goto(f"{instance.web_url(ACADEMY)}/courrier/")
    expect(page).to_have_url(re.compile("/connexion/"))
    assert page.evaluate("fetch('/api/me').then((answer) => answer.status)") == 401

    page.goto(instance.web_url(ACADEMY) + ENROL)
    page.get_by_role("link", name="Application de codes").click()
    looked_at(page)
    page.get_by_text("Saisir à la main").click()
    device = pyotp.TOTP(page.locator(".factor-secret code").inner_text().replace(" ", ""))
    page.get_by_label("Code que l’application affiche").fill(device.now())
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    expect(page.locator(".factor-codes code")).to_have_count(10)
    codes = page.locator(".factor-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert codes[9] in download.value.path().read_text("utf-8")
    looked_at(page)
    page.get_by_role("button", name="Je les ai gardés, continuer").click()
    expect(page).to_have_url(MAIL)

    _trusts(instance, new_context, codes)
    give_all_up(page, instance)


def _trusts(instance: RunningInstance, new_context: Callable[[], BrowserContext], codes: list[str]) -> None:
    """Another browser: paper opens once, is trusted then, and asks for a proof where it matters."""
    context = new_context()
    page = context.new_page()
    type_password(page, instance, APPLICATION)
    expect(page.get_by_label("Code de l’application")).to_be_focused()
    looked_at(page)
    page.get_by_label("Code de l’application").fill("000000")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    expect(page.get_by_role("alert")).to_contain_text("R-")
    page.get_by_role("link", name="Code de secours").click()
    page.get_by_label("Code de secours").fill(codes[0].upper())
    page.get_by_label("Ne plus demander sur cet appareil").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(MAIL)

    # The page of mail would notice that its session is gone, and go to the door by itself.
    page.goto("about:blank")
    context.clear_cookies(name=TRUST)
    type_password(page, instance, APPLICATION)
    expect(page).to_have_url(MAIL)
    assert page.evaluate(REDIRECTS) == [428, "step_up", "/compte/confirmer/"]

    page.goto(instance.web_url(ACADEMY) + ADD)
    expect(page.get_by_role("heading", name="Confirmez que c’est vous")).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="Code de secours").click()
    page.get_by_label("Code de secours").fill(codes[0])
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("déjà servi")
    page.get_by_label("Code de secours").fill(codes[1])
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(instance.web_url(ACADEMY) + ADD)
    looked_at(page)

    page.goto(instance.web_url(ACADEMY) + MANAGE)
    expect(page.get_by_text("Il vous reste 8 codes")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Oublier").click()
    expect(page.get_by_role("heading", name="Appareils de confiance")).to_have_count(0)
    context.clear_cookies(name=TRUST)
    type_password(page, instance, APPLICATION)
    expect(page).to_have_url(instance.web_url(ACADEMY) + SHOW)


# A rule that sends mail elsewhere; what `/api/filters` answers to it.
REDIRECTS = """async () => {
    const { state } = await (await fetch('/api/filters')).json();
    const conditions = [{ field: 'from', how: 'words', value: 'a', negated: false }];
    const actions = { redirect: ['mickael.caron@ac-amiens.fr'] };
    const rule = { kind: 'rule', id: 'r1', name: '', conditions, actions };
    const answer = await fetch('/api/filters', {
        method: 'PUT', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ state, items: [rule], absence: {} }),
    });
    return [answer.status, (await answer.json()).type, answer.headers.get('location')];
}"""


@pytest.fixture
def authenticator(new_context: Callable[[], BrowserContext]) -> tuple[Page, CDPSession, str]:
    """A browser whose device holds passkeys and knows its owner by a finger."""
    page = new_context().new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page, devices, made["authenticatorId"]


def leave(page: Page, instance: RunningInstance) -> None:
    """Forget the session without a visit of the sign-in page, where the device would answer at once."""
    page.goto("about:blank")
    page.context.clear_cookies(name=TRUST)


def test_a_passkey_opens_by_itself_until_it_is_copied(
    instance: RunningInstance, authenticator: tuple[Page, CDPSession, str]
) -> None:
    page, devices, device = authenticator
    type_password(page, instance, PASSKEY)
    page.get_by_role("link", name="Clé d’accès").click()
    looked_at(page)
    page.get_by_role("button", name="Enregistrer une clé d’accès").click()
    page.get_by_role("button", name="Je les ai gardés, continuer").click()
    expect(page).to_have_url(MAIL)
    (key,) = devices.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert (key["rpId"], key["isResidentCredential"]) == (f"{ACADEMY}.localhost", True)

    # The field offers it by itself; a device that answers at once needs no press of the button.
    leave(page, instance)
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    expect(page).to_have_url(MAIL)

    # As the second factor after the password, too.
    devices.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    leave(page, instance)
    type_password(page, instance, PASSKEY)
    expect(page).to_have_url(instance.web_url(ACADEMY) + SHOW)
    looked_at(page)
    devices.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": True})
    page.get_by_role("button", name="Utiliser ma clé").click()
    expect(page).to_have_url(MAIL)

    # At another academy's door this device has none to show.
    page.goto(f"{instance.web_url('rouen')}/connexion/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.locator("[data-passkey] .error")).to_contain_text("Aucune clé d’accès n’a répondu")
    page.goto(instance.web_url(ACADEMY) + MANAGE)

    _add_an_application(page, instance)
    _copied(page, devices, device, instance)


def _add_an_application(page: Page, instance: RunningInstance) -> None:
    page.goto(f"{instance.web_url(ACADEMY)}{ADD}application/")
    page.get_by_text("Saisir à la main").click()
    secret = page.locator(".factor-secret code").inner_text().replace(" ", "")
    page.get_by_label("Code que l’application affiche").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")


def _copied(page: Page, devices: CDPSession, device: str, instance: RunningInstance) -> None:
    """A copy of the key, made earlier, is shown: its counter is behind, and the key opens nothing more."""
    (key,) = devices.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    key["signCount"] = 0
    devices.send(
        "WebAuthn.removeCredential", {"authenticatorId": device, "credentialId": key["credentialId"]}
    )
    devices.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": key})
    visitor = page.context
    session = next(cookie for cookie in visitor.cookies() if cookie["name"] == "__Host-casier")
    leave(page, instance)
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    expect(page.get_by_role("heading", name="Cette clé d’accès n’ouvre pas de compte ici")).to_be_visible()
    looked_at(page)
    page.goto("about:blank")
    visitor.add_cookies([session])
    page.goto(instance.web_url(ACADEMY) + MANAGE)
    expect(page.get_by_text("semble avoir été copiée")).to_be_visible()
    give_all_up(page, instance)


def test_the_sign_in_page_with_its_script_stays_light(
    instance: RunningInstance, new_context: Callable[[], Any]
) -> None:
    page = new_context().new_page()
    weights: list[int] = []
    page.on("requestfinished", lambda request: weights.append(request.sizes()["responseBodySize"]))
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/", wait_until="networkidle")
    assert sum(weights) < 60_000, weights
