"""Somebody leaves: told, answered for, shut out, mail led on; back again; and in the end nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
STAYS = "karim.haddad@ac-rouen.fr"
COLLEAGUE = "elodie.vasseur@ac-rouen.fr"
PASSWORD = "Fenetre-Cartable-Tilleul-3071"


@pytest.fixture
def leaver(instance: RunningInstance) -> Iterator[str]:
    """Somebody of Rouen who is new, and has come in."""
    name = f"Depart{uuid4().hex[:6].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    made = ("account", "create", "--academy", "rouen", "--given-name", "Luc", "--family-name", name)
    address = instance.casier(*made, "--password-stdin", *doors.BECAUSE, input=f"{PASSWORD}\n").strip()
    wait_until("the mailbox", lambda: instance.json("account", "show", address)["provisioned"], 60)
    yield address
    instance.casier("life", "close", address, *doors.BECAUSE, check=False)


@pytest.fixture
def staying(instance: RunningInstance) -> Iterator[dict[str, Any]]:
    """Somebody of the demo, who stays after all."""
    yield instance.demo(address=STAYS)
    instance.casier("life", "stay", STAYS, *doors.BECAUSE, check=False)


def come_in(
    instance: RunningInstance, new_context: Callable[[], Any], name: str, password: str = PASSWORD
) -> Any:
    page = new_context().new_page()
    page.goto(f"https://rouen.localhost:{instance.port(Port.WEB)}/connexion/?suite=/compte/")
    page.fill("#identifiant", name)
    page.fill("#mot_de_passe", password)
    page.click("button.main")
    return page


def life(instance: RunningInstance, deed: str, address: str, *more: str) -> Any:
    why = () if deed == "show" else doors.BECAUSE
    return instance.json("life", deed, address, *more, *why)


def test_who_leaves_sees_what_will_happen_and_takes_a_copy(
    instance: RunningInstance, new_context: Callable[[], Any], staying: dict[str, Any]
) -> None:
    assert life(instance, "leave", STAYS)["state"] == "leaving"
    life(instance, "mailbox", STAYS, "--to", COLLEAGUE)
    page = come_in(instance, new_context, staying["signInName"], staying["password"])
    expect(page.locator(".banner.warn")).to_contain_text("Votre compte ferme le")
    page.get_by_role("link", name="Voir ce qui va se passer").click()
    expect(page.get_by_text(COLLEAGUE)).to_be_visible()
    page.get_by_role("button", name="Préparer une copie").click()
    expect(page.get_by_role("status")).to_contain_text("copie se prépare")
    assert STAYS in [row["address"] for row in instance.json("life", "calendar", "--academy", "rouen")]
    assert life(instance, "stay", STAYS)["state"] == "active"
    page.reload()
    expect(page.get_by_text("Aucun départ n’est prévu")).to_be_visible()


def test_from_the_closing_to_the_certificate(
    instance: RunningInstance, new_context: Callable[[], Any], leaver: str
) -> None:
    assert life(instance, "close", leaver)["state"] == "closed"
    out = come_in(instance, new_context, leaver)
    expect(out.locator(".banner.bad")).to_be_visible()

    assert life(instance, "reopen", leaver)["state"] == "active"
    back = come_in(instance, new_context, leaver)
    expect(
        back.get_by_role("heading", name="Charte d’usage de la messagerie professionnelle")
    ).to_be_visible()

    with doors.shipped(instance, "rouen", "leaving.purge_days=0", *doors.WIDE):
        life(instance, "close", leaver)
        wait_until("the certificate", lambda: life(instance, "show", leaver)["certificate"] is not None, 60)
    told = life(instance, "show", leaver)
    assert told["state"] == "purged"
    assert told["certificate"]["found"] == {"store": 0, "disk": 0, "rows": 0}
    assert told["certificate"]["removed"]["mail_folders"] > 1
