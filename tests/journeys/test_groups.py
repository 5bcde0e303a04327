"""A group is written in the console: whom it means shows while it is typed, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DSI = "sebastien.hamel@ac-normandie.fr"
ACADEMY = "normandie"
SLUG = "essai-enseignants"
WIDTHS = (1440, 768, 390, 320)


@pytest.fixture(autouse=True)
def nothing_before(instance: RunningInstance) -> Iterator[None]:
    doors.open_wide(instance)
    yield
    if any(one["slug"] == SLUG for one in instance.json("group", "list", "--academy", ACADEMY)):
        instance.casier("group", "remove", SLUG, "--academy", ACADEMY, *doors.BECAUSE)


def opened(instance: RunningInstance, chromium: Any, **more: Any) -> Any:
    person = instance.demo(address=DSI)
    origin = f"https://{ACADEMY}.localhost:{instance.port(Port.WEB)}"
    context = chromium.new_context(ignore_https_errors=True, base_url=origin, locale="fr-FR", **more)
    page = context.new_page()
    page.goto("/connexion/?suite=/console/groupes/")
    page.fill("#identifiant", person["signInName"])
    page.fill("#mot_de_passe", person["password"])
    page.click("button.main")
    page.wait_for_url(f"**/console/groupes/{ACADEMY}/")
    return page


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def test_whom_a_rule_means_shows_while_it_is_written(instance: RunningInstance, chromium: Any) -> None:
    page = opened(instance, chromium, bypass_csp=True)
    page.get_by_role("link", name="Créer un groupe").click()
    page.fill("#regle", "fonction = enseignant et fonctoin = DIR")
    expect(page.locator("#apercu mark")).to_have_text("fonctoin")
    page.fill("#regle", "fonction = enseignant sauf état = suspendu")
    expect(page.locator("#apercu")).to_contain_text("Les personnes dont la fonction est enseignement (ENS)")
    counted = page.locator(".group-number").inner_text()
    assert counted == str(
        instance.json("group", "check", "fonction = ENS sauf état = suspendu", "--academy", ACADEMY)[
            "members"
        ]
    )
    assert int(counted) > 0
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert faults(page) == []
    page.fill("#nom", "Essai")
    page.fill("#court", SLUG)
    page.fill("#motif", "Rentrée")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Essai")
    expect(page.locator(".group-number")).to_have_text(counted)
    page.fill("#personne", DSI)
    page.get_by_role("button", name="Voir pourquoi").click()
    expect(page.get_by_role("status").last).to_contain_text("ne fait pas partie du groupe")
    assert faults(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tout exporter").click()
    assert saved.value.suggested_filename == f"{SLUG}.csv"


def test_without_a_script_a_button_shows_the_members(instance: RunningInstance, chromium: Any) -> None:
    page = opened(instance, chromium, java_script_enabled=False)
    page.get_by_role("link", name="Créer un groupe").click()
    page.fill("#regle", "fonction = ENS")
    page.get_by_role("button", name="Voir les membres").click()
    expect(page.locator(".group-number")).to_be_visible()
    expect(page.locator("#regle")).to_have_value("fonction = ENS")
