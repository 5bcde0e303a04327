"""The help desk lends its office before a leave; the review of rights ends what is no longer needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from journeys.pages import BrowserOf, seemly
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
DESK = "pauline.lemoine@ac-rouen.fr"
COLLEAGUE = "elodie.vasseur@ac-rouen.fr"
WHY = ("--reason", "essai")


@pytest.fixture
def chief(instance: RunningInstance) -> Iterator[None]:
    """Pauline is the DSI, too, for as long as it takes."""
    office = (DESK, "--office", "dsi", *WHY)
    instance.casier("mandate", "give", *office)
    yield
    instance.casier("mandate", "end", *office)


def test_an_office_is_lent_used_and_ended_by_the_review(
    instance: RunningInstance, browser_of: BrowserOf, chief: None
) -> None:
    mine, hers = (browser_of(one) for one in (DESK, COLLEAGUE))
    assert hers.goto("/console/").status == 404
    mine.goto("/console/mes-charges/")
    seemly(mine)
    mine.get_by_role("link", name="Prêter assistance").click()
    mine.fill("#collegue", COLLEAGUE)
    mine.fill("#motif", "Congé")
    mine.get_by_role("button", name="Prêter la charge").click()
    expect(mine.get_by_role("alert")).to_contain_text("dernier jour")
    seemly(mine)
    mine.fill("#fin", f"{datetime.now(tz=UTC) + timedelta(days=7):%Y-%m-%d}")
    mine.get_by_role("button", name="Prêter la charge").click()
    expect(mine.get_by_role("status").first).to_contain_text("prêtée")
    expect(mine.locator("main")).to_contain_text("Élodie")

    hers.goto("/console/")
    hers.fill("#q", "lemoine")
    hers.keyboard.press("Enter")
    hers.get_by_role("link", name="Pauline").first.click()
    expect(hers.get_by_role("heading", level=1)).to_contain_text("Pauline")
    assert hers.goto("/console/charges/").status == 403

    mine.goto("/console/revues/")
    mine.get_by_role("button", name="Ouvrir une revue").click()
    expect(mine.get_by_role("heading", level=1)).to_contain_text("Revue du")
    seemly(mine)
    expect(mine.locator("main")).to_contain_text("une autre personne répond pour vous")
    mine.get_by_role("link", name="Retirer assistance, Élodie Vasseur").click()
    seemly(mine)
    mine.fill("#motif", "Retour de congé")
    mine.get_by_role("button", name="Retirer").click()
    expect(mine.get_by_role("status").first).to_contain_text("retiré")
    assert hers.goto("/console/").status == 404

    number = mine.url.rstrip("/").rpartition("/")[2]
    answers = {
        row["name"]: row["answer"] for row in instance.json("rights", "review", "export", number)["rights"]
    }
    assert answers["Élodie Vasseur"] == "withdrawn"
    instance.casier("rights", "review", "close", number)
