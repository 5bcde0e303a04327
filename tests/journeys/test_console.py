"""The help desk at work: somebody calls with a reference, is found, unblocked, and told."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.pages import BrowserOf, arrived, fits, sign_in, violations, visitor
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DESK = "pauline.lemoine@ac-rouen.fr"
CALLER = "elodie.vasseur@ac-rouen.fr"
DSI = "sebastien.hamel@ac-normandie.fr"


@pytest.fixture
def caller(instance: RunningInstance) -> Iterator[dict[str, Any]]:
    """Someone of Rouen, with nothing in the way before and after."""
    instance.casier("identity", "unlock", CALLER, *doors.BECAUSE)
    yield instance.demo(address=CALLER)
    instance.casier("identity", "unlock", CALLER, *doors.BECAUSE)


@pytest.fixture
def desk(browser_of: BrowserOf) -> Any:
    """The help desk's browser, at the console."""
    return browser_of(DESK, "/console/")


def test_who_calls_with_a_reference_is_found_and_unblocked(
    instance: RunningInstance, chromium: Any, caller: dict[str, Any], desk: Any
) -> None:
    hers = visitor(instance, chromium, "rouen", bypass_csp=False)
    for _ in range(6):
        sign_in(hers, caller["signInName"], f"faux-{secrets.token_hex(4)}")
        expect(hers.get_by_role("alert")).to_be_visible()
    reference = re.search(r"R-\w{4}-\w{4}", hers.content())
    assert reference

    desk.fill("#q", reference[0].lower())
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(reference[0])
    desk.get_by_role("link", name="Ouvrir la fiche").click()
    expect(desk.locator("main")).to_contain_text("Ce qui empêche d’entrer")
    desk.get_by_role("link", name="Débloquer", exact=True).click()
    desk.get_by_role("button", name="Débloquer").click()
    expect(desk.get_by_role("alert")).to_contain_text("motif")
    desk.fill("#motif", "Appel, numéro connu")
    desk.get_by_role("button", name="Débloquer").click()
    expect(desk.get_by_role("status").first).to_contain_text("débloqué")
    expect(desk.locator("main")).to_contain_text("Appel, numéro connu")
    expect(desk.get_by_role("link", name="Débloquer", exact=True)).to_have_count(0)

    sign_in(hers, caller["signInName"], caller["password"])
    arrived(hers, "/compte/")
    hers.context.close()


def test_outside_the_perimeter_nothing_is_seen(instance: RunningInstance, desk: Any) -> None:
    other = instance.json("identity", "show", "mickael.caron@ac-amiens.fr")["id"]
    desk.fill("#q", "caron")
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("Personne de votre ressort")
    answer = desk.goto(f"/console/personnes/{uuid.UUID(other)}/")
    assert answer.status == 404
    assert "Caron" not in desk.content()
    assert desk.goto("/console/charges/").status == 403


def test_without_an_office_there_is_no_console(browser_of: BrowserOf, caller: dict[str, Any]) -> None:
    page = browser_of(caller["address"], bypass_csp=False)
    assert page.get_by_role("link", name="Console").count() == 0
    assert page.goto("/console/").status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(
    instance: RunningInstance, desk: Any, caller: dict[str, Any], scheme: str
) -> None:
    desk.emulate_media(color_scheme=scheme)
    person = uuid.UUID(instance.json("identity", "show", caller["address"])["id"])
    here = f"/console/personnes/{person}/"
    paths = ("/console/", "/console/?q=vasseur", here, f"{here}suspendre/", f"{here}reinitialiser/")
    paths += (f"{here}lettre/", "/console/demandes/", "/console/lettres/", "/console/blocages/")
    found = []
    for path in (*paths, "/console/politique/rouen/", "/console/references/R-2222-2222/"):
        desk.goto(path)
        found += violations(desk)
        fits(desk)
    assert found == []


def test_the_dsi_changes_a_rule_after_a_look_at_it(instance: RunningInstance, browser_of: BrowserOf) -> None:
    page = browser_of(DSI, "/console/politique/normandie/lock/", bypass_csp=False)
    page.fill("[name='lock.attempts']", "2")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("[name='lock.attempts']", "4")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.locator("main")).to_contain_text("Essais avant blocage")
    assert instance.json("policy", "show", "normandie")["lock"]["attempts"] == 3
    page.fill("#motif", "Essai")
    page.get_by_role("button", name="Mettre en vigueur").click()
    expect(page.get_by_role("status").first).to_contain_text("en vigueur")
    assert instance.json("policy", "show", "normandie")["lock"]["attempts"] == 4
    doors.change(instance, "normandie", "lock.attempts=3")


@pytest.fixture
def chief(instance: RunningInstance, browser_of: BrowserOf) -> Iterator[Any]:
    """The browser of who is charged with the platform, for this once."""
    charged = (DSI, "--office", "platform", *doors.BECAUSE)
    instance.casier("mandate", "give", *charged)
    yield browser_of(DSI, "/console/academies/")
    instance.casier("mandate", "end", *charged)


def test_a_fifth_academy_is_made_and_given_a_mix_of_its_own(
    instance: RunningInstance, chromium: Any, chief: Any
) -> None:
    slug = f"manche-{secrets.token_hex(2)}"
    chief.get_by_role("link", name="Créer une académie").click()
    chief.fill("#nom", "Académie de la Manche")
    chief.fill("#court", slug)
    chief.fill("#hotes", f"{slug}.localhost")
    chief.fill("#domaines", "ac-rouen.fr")
    chief.select_option("#depart", "amiens")
    chief.get_by_role("button", name="Voir ce qui sera créé").click()
    expect(chief.get_by_role("alert")).to_contain_text("déjà pris")
    chief.fill("#domaines", f"ac-{slug}.fr")
    assert violations(chief) == []
    chief.get_by_role("button", name="Voir ce qui sera créé").click()
    expect(chief.locator("main")).to_contain_text(f"liées à {slug}.localhost")
    assert violations(chief) == []
    chief.fill("#motif", "Ouverture")
    chief.get_by_role("button", name="Créer l’académie").click()
    expect(chief.get_by_role("status").first).to_contain_text("est créée")
    assert violations(chief) == []

    chief.get_by_role("link", name="Modifier la politique").click()
    expect(chief.locator("#p-second_factor summary")).to_be_visible()
    assert violations(chief) == []
    chief.locator("#p-second_factor summary").click()
    chief.select_option("[name='second_factor.requirement']", "required")
    for method in ("totp", "webauthn", "sms"):
        chief.uncheck(f"[name='second_factor.methods'][value='{method}']")
    chief.get_by_role("button", name="Voir ce qui change").click()
    expect(chief.get_by_role("alert")).to_contain_text("des codes de secours ne suffisent pas")
    expect(chief.locator("#p-second_factor")).to_have_attribute("open", "")
    assert violations(chief) == []
    chief.check("[name='second_factor.methods'][value='totp']")
    chief.check("[name='second_factor.methods'][value='webauthn']")
    chief.locator("#p-sessions summary").click()
    chief.fill("[name='sessions.idle_minutes']", "45")
    chief.get_by_role("button", name="Voir ce qui change").click()
    expect(chief.locator("main")).to_contain_text("Inactivité admise")
    assert instance.json("policy", "show", slug)["sessions"]["idle_minutes"] == 30
    chief.fill("#motif", "Mélange de la Manche")
    chief.get_by_role("button", name="Mettre en vigueur").click()
    expect(chief.get_by_role("status").first).to_contain_text("version 2 est en vigueur")
    shown = instance.json("policy", "show", slug)
    assert (shown["sessions"]["idle_minutes"], shown["second_factor"]["requirement"]) == (45, "required")
    assert violations(chief) == []

    # Root's part: the servers learn the new names.
    instance.casier("apply")
    door = chromium.new_context(ignore_https_errors=True, locale="fr-FR").new_page()
    door.goto(f"https://{slug}.localhost:{instance.port(Port.WEB)}/connexion/")
    expect(door.locator(".academy")).to_have_text("Académie de la Manche")
    door.context.close()

    chief.get_by_role("link", name="Ouvrir Version 1").click()
    chief.get_by_role("link", name="Revenir à cette version").click()
    chief.fill("#motif", "Retour")
    chief.get_by_role("button", name="Mettre en vigueur").click()
    expect(chief.get_by_role("status").first).to_contain_text("version 3 est en vigueur")
    assert instance.json("policy", "show", slug)["sessions"]["idle_minutes"] == 30
