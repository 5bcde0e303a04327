"""Coming back in, from the forgotten password to the mailbox: by link, letter, help desk; self-repair.

The browser has no script: none of these pages needs one.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from journeys.commands import CASIER
from journeys.doors import WIDE, change
from journeys.paper import texts
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
ACADEMY = "rouen"
NEW = "Falaise-Tilleul-Horloge-17"
BECAUSE = ("--reason", "journey")
MAIL = re.compile(r"/courrier/")


@pytest.fixture(scope="module", autouse=True)
def every_way(instance: RunningInstance) -> Iterator[None]:
    """Rouen has every way back for as long as these journeys last."""
    ways = 'recovery.methods=["backup_link","temporary_code","letter","service_desk"]'
    change(instance, ACADEMY, *WIDE, ways, "lock.minutes=15", "lock.attempts=3")
    yield
    change(instance, ACADEMY, 'recovery.methods=["backup_link","letter"]', "lock.attempts=5")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with plain_browser(chromium) as context:
        yield context.new_page()


def plain_browser(chromium: Browser) -> Any:
    return chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", ignore_https_errors=True,
        java_script_enabled=False,
    )  # fmt: skip


@pytest.fixture
def karim(instance: RunningInstance, chromium: Browser) -> Iterator[dict[str, Any]]:
    """A teacher without a second factor; afterwards the password is the demonstration's again."""
    account = instance.demo(address="karim.haddad@ac-rouen.fr")
    yield account
    done = instance.json("identity", "reset", account["address"], *CHECKED, *BECAUSE)
    with plain_browser(chromium) as context:
        page = context.new_page()
        sign_in(page, instance, account, done["password"])
        choose(page, account["password"])


CHECKED = ("--check", "called_back", "--check", "document")


def sign_in(page: Page, instance: RunningInstance, account: dict[str, Any], password: str) -> None:
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    page.fill("#identifiant", account["address"])
    page.fill("#mot_de_passe", password)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def choose(page: Page, password: str) -> None:
    """The new password, then the mailbox."""
    page.locator("#nouveau").fill(password)
    page.locator("#encore").fill(password)
    page.locator("form button.main").click()
    expect(page).to_have_url(MAIL)


def received(instance: RunningInstance, account: dict[str, Any]) -> list[str]:
    where = f"{account['address'].partition('@')[0]}@boite-perso.example"
    return [row["text"] for row in instance.json("demo", "phone", where)]


def newest(instance: RunningInstance, account: dict[str, Any], pattern: str) -> Callable[[], str]:
    """What PATTERN finds in the newest message that has it."""

    def look() -> str:
        found = [match[0] for text in received(instance, account) if (match := re.search(pattern, text))]
        return found[0] if found else ""

    return look


def forgotten(page: Page, instance: RunningInstance, account: dict[str, Any]) -> None:
    page.goto(f"{instance.web_url(ACADEMY)}/connexion/")
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.get_by_label("Identifiant").fill(account["address"])
    page.get_by_role("button", name="Continuer").click()


def test_a_link_at_the_backup_address_leads_back_to_the_mail(
    instance: RunningInstance, page: Page, karim: dict[str, Any]
) -> None:
    look = newest(instance, karim, r"https://\S+/oubli/lien/[\w-]+/")
    before = look()
    forgotten(page, instance, karim)
    page.get_by_role("button", name="Un lien à mon adresse de secours").click()
    expect(page.get_by_role("heading", name="Ouvrez votre adresse de secours")).to_be_visible()
    link = wait_until("the link", lambda: (now := look()) != before and now, 20)
    assert link.startswith(instance.web_url(ACADEMY))
    page.goto(link)
    expect(page.get_by_role("heading", name="Choisir un nouveau mot de passe")).to_be_visible()
    page.get_by_role("button", name="Continuer").click()
    choose(page, NEW)
    page.goto(link)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Ce lien n’est plus valable")).to_be_visible()


def test_a_letter_leads_back_to_the_mail(
    instance: RunningInstance, page: Page, karim: dict[str, Any]
) -> None:
    lines = ("--line", "12 rue des Tilleuls", "--line", "76000 ROUEN")
    asked = instance.json("identity", "letter", karim["address"], *lines, *BECAUSE)
    letter = (asked[0] if isinstance(asked, list) else asked)["id"]
    command = [str(CASIER), "identity", "print-letters", letter, "--instance", str(instance.root)]
    pdf = subprocess.run(command, check=True, capture_output=True).stdout
    read = " ".join(texts(pdf))
    code = re.search(r"\b[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){3}\b", read)
    assert code, read
    assert f"{instance.web_url(ACADEMY)}/oubli/lettre/" in read
    instance.casier("identity", "posted", letter)
    page.goto(f"{instance.web_url(ACADEMY)}/oubli/lettre/")
    page.get_by_label("Identifiant").fill(karim["address"])
    page.get_by_label("Code imprimé dans la lettre").fill(code[0].lower().replace("-", " "))
    page.get_by_role("button", name="Continuer").click()
    choose(page, NEW)


def test_the_help_desk_leads_back_to_the_mail(
    instance: RunningInstance, page: Page, karim: dict[str, Any]
) -> None:
    done = instance.json("identity", "reset", karim["address"], *CHECKED, *BECAUSE)
    sign_in(page, instance, karim, karim["password"])
    expect(page.get_by_role("alert")).to_contain_text("ne correspondent pas")
    sign_in(page, instance, karim, done["password"])
    choose(page, NEW)


def test_somebody_locked_out_learns_why_and_lets_themselves_in(
    instance: RunningInstance, page: Page, karim: dict[str, Any]
) -> None:
    for number in range(4):
        sign_in(page, instance, karim, f"faux-mot-de-passe-{number}")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("Patientez|bloqu|essais"))
    code = newest(instance, karim, r"\b\d{4} \d{4}\b|\b\d{6}\b")
    before = code()
    page.goto(f"{instance.web_url(ACADEMY)}/depannage/")
    page.get_by_label("Identifiant").fill(karim["address"])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="À mon adresse de secours").click()
    page.get_by_label("Code reçu").fill(wait_until("the code", lambda: (now := code()) != before and now, 20))
    page.get_by_role("button", name="Valider le code").click()
    expect(page.get_by_role("heading", name="Trop de mots de passe faux")).to_be_visible()
    page.get_by_role("button", name="Débloquer maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("C’est débloqué")
    sign_in(page, instance, karim, karim["password"])
    expect(page).to_have_url(MAIL)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(instance: RunningInstance, chromium: Browser, scheme: Any) -> None:
    """Every page before a proof, at three widths: axe finds nothing, nothing spills over, none is heavy."""
    with chromium.new_context(
        ignore_https_errors=True, bypass_csp=True, color_scheme=scheme, locale="fr-FR"
    ) as context:
        page, found = context.new_page(), []
        base = instance.web_url(ACADEMY)
        for start, clicks in (
            (f"{base}/oubli/", ("lien", "courriel", "lettre", "assistance")),
            (f"{base}/depannage/", ()),
        ):
            page.goto(start)
            page.fill("#identifiant", "jeanne.personne")
            with page.expect_navigation():
                page.click("button.main")
            found += faults(page)
            for way in clicks:
                page.goto(f"{base}/oubli/moyen/")
                with page.expect_navigation():
                    page.click(f"button[value={way}]")
                found += faults(page)
        for path in (
            "/oubli/",
            "/oubli/lettre/",
            "/oubli/lien/x/",
            "/depannage/",
            "/depannage/verifier/",
            "/depannage/reference/",
        ):
            page.goto(base + path)
            found += faults(page)
        assert found == []


def faults(page: Page) -> list[str]:
    found = [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]
    for width in (1440, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url}: wider than {width}")
    return found
