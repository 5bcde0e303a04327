"""A group is written in the console: whom it means shows while it is typed, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys import doors
from journeys.pages import fits, sign_in, violations, visitor
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DSI = "sebastien.hamel@ac-normandie.fr"
ACADEMY = "normandie"
SLUG = "essai-enseignants"


@pytest.fixture(autouse=True)
def nothing_before(instance: RunningInstance) -> Iterator[None]:
    yield
    if any(one["slug"] == SLUG for one in instance.json("group", "list", "--academy", ACADEMY)):
        instance.casier("group", "remove", SLUG, "--academy", ACADEMY, *doors.BECAUSE)


def opened(instance: RunningInstance, chromium: Any, **setup: Any) -> Any:
    person = instance.demo(address=DSI)
    page = visitor(instance, chromium, ACADEMY, **setup)
    sign_in(page, person["signInName"], person["password"], "/console/groupes/")
    page.wait_for_url(f"**/console/groupes/{ACADEMY}/")
    return page


def test_whom_a_rule_means_shows_while_it_is_written(instance: RunningInstance, chromium: Any) -> None:
    page = opened(instance, chromium)
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
    fits(page)
    assert violations(page) == []
    page.fill("#nom", "Essai")
    page.fill("#court", SLUG)
    page.fill("#motif", "Rentrée")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Essai")
    expect(page.locator(".group-number")).to_have_text(counted)
    page.fill("#personne", DSI)
    page.get_by_role("button", name="Voir pourquoi").click()
    expect(page.get_by_role("status").last).to_contain_text("ne fait pas partie du groupe")
    assert violations(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tout exporter").click()
    assert saved.value.suggested_filename == f"{SLUG}.csv"


def test_without_a_script_a_button_shows_the_members(instance: RunningInstance, chromium: Any) -> None:
    page = opened(instance, chromium, bypass_csp=False, java_script_enabled=False)
    page.get_by_role("link", name="Créer un groupe").click()
    page.fill("#regle", "fonction = ENS")
    page.get_by_role("button", name="Voir les membres").click()
    expect(page.locator(".group-number")).to_be_visible()
    expect(page.locator("#regle")).to_have_value("fonction = ENS")
