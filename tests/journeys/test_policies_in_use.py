"""Each academy behaves as its column of the table says, seen from a browser at its own door.

How an account is opened is walked in `test_activation.py`, from the invitation to the mailbox.
"""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.running import RunningInstance
from journeys.webmail import ROW, pass_the_second_factor

pytestmark = pytest.mark.journey
HERE = 'own_networks=["127.0.0.0/8", "::1/128"]'
CLAIRE = "claire.lefevre@ac-normandie.fr"
ELODIE = "elodie.vasseur@ac-rouen.fr"
LUCIE = "lucie.kieffer@ac-nancy-metz.fr"
INES = "ines.van-den-broeck@ac-amiens.fr"
FACTOR = "/connexion/second-facteur/"
ENROL = "/connexion/second-facteur/inscrire/"


@pytest.fixture
def at_the_door(instance: RunningInstance, new_context: Callable[[], Any]) -> Callable[..., Page]:
    """Types a name and the demo's password at an academy's door, in a browser of its own."""

    def knock(academy: str, name: str, password: str = "") -> Page:
        page: Page = new_context().new_page()
        page.goto(f"{instance.web_url(academy)}/connexion/")
        page.fill("#identifiant", name)
        page.fill("#mot_de_passe", password or instance.demo(academy=academy)["password"])
        page.press("#mot_de_passe", "Enter")
        return page

    return knock


def ending(path: str) -> re.Pattern[str]:
    """An address that ends so."""
    return re.compile(re.escape(path) + "$")


def refused(page: Page) -> None:
    """The one answer to what doesn't open."""
    expect(page.get_by_role("alert")).to_contain_text("Référence")


def later(page: Page) -> None:
    """Put off what is only advised."""
    expect(page).to_have_url(ending(ENROL))
    page.get_by_role("button", name="Plus tard").click()
    expect(page.locator(ROW).first).to_be_visible()


def limits_of(page: Page) -> dict[str, int]:
    """What the platform told this session about its limits."""
    limits: dict[str, int] = page.evaluate("() => fetch('/api/me').then(a => a.json()).then(me => me.limits)")
    return limits


def ways_back(page: Page, instance: RunningInstance, academy: str) -> str:
    """What the page of the forgotten password offers to anyone of the academy."""
    page.goto(f"{instance.web_url(academy)}/oubli/")
    page.fill("#identifiant", "personne.que-voici")
    page.press("#identifiant", "Enter")
    expect(page.locator("#identifiant")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def at_home(instance: RunningInstance, address: str) -> None:
    """No device is left open by a journey before this one: an academy may count them."""
    instance.casier("identity", "sign-out", address, *doors.BECAUSE)


def test_normandie(instance: RunningInstance, at_the_door: Callable[..., Page]) -> None:
    numen = instance.demo(address=CLAIRE)["signInName"]
    at_home(instance, CLAIRE)
    with doors.shipped(instance, "normandie"):
        refused(at_the_door("normandie", "claire.lefevre"))
        first = at_the_door("normandie", numen)
        expect(first).to_have_url(ending(FACTOR))
        first.goto(f"{instance.web_url('normandie')}/courrier/")
        expect(first).to_have_url(re.compile("/connexion/"))
        first.goto(f"{instance.web_url('normandie')}{FACTOR}")
        pass_the_second_factor(first, instance, CLAIRE)
        expect(first.locator(ROW).first).to_be_visible()
        limits = limits_of(first)
        assert (limits["idleSeconds"], limits["attachmentBytes"]) == (20 * 60, 25_000_000)
        second = at_the_door("normandie", numen)
        pass_the_second_factor_only(second, instance, CLAIRE)
        expect(second.locator("main h1")).to_have_text("Deux appareils à la fois")
        # The first one's page goes by itself, as it is told, and its browser is let in nowhere.
        expect(first.locator(ROW)).to_have_count(0)
        again = first.context.new_page()
        again.goto(f"{instance.web_url('normandie')}/courrier/")
        expect(again).to_have_url(re.compile("/connexion/"))
        expect(again.locator(ROW)).to_have_count(0)
        assert "assistance" in ways_back(second, instance, "normandie").lower()
    at_home(instance, CLAIRE)


def pass_the_second_factor_only(page: Page, instance: RunningInstance, address: str) -> None:
    """As the webmail's, where something else than the mail comes after it."""
    code = page.locator("input[autocomplete=one-time-code]")
    code.fill(instance.casier("demo", "code", address).strip())
    code.press("Enter")


def test_rouen(instance: RunningInstance, at_the_door: Callable[..., Page]) -> None:
    with doors.shipped(instance, "rouen", HERE):
        page = at_the_door("rouen", "elodie.vasseur")
        expect(page.locator(ROW).first).to_be_visible()
        limits = limits_of(page)
        assert (limits["idleSeconds"], limits["attachmentBytes"]) == (30 * 60, 100_000_000)
        # A second device is welcome here.
        other = at_the_door("rouen", "elodie.vasseur")
        expect(other.locator(ROW).first).to_be_visible()
        page.reload()
        expect(page.locator(ROW).first).to_be_visible()
        offered = ways_back(page, instance, "rouen").lower()
        assert "adresse de secours" in offered
        assert "lettre" in offered
    with doors.shipped(instance, "rouen"):
        # Outside the academy's networks a second factor is wanted.
        expect(at_the_door("rouen", "elodie.vasseur")).to_have_url(re.compile("second-facteur"))
    with doors.shipped(instance, "rouen", HERE):
        # Whoever holds an office shows one everywhere.
        helpdesk = at_the_door("rouen", "pauline.lemoine")
        expect(helpdesk).to_have_url(ending(FACTOR))


def test_nancy_metz(instance: RunningInstance, at_the_door: Callable[..., Page]) -> None:
    numen = numen_of("lucie")
    at_home(instance, LUCIE)
    with doors.shipped(instance, "nancy-metz"):
        # The NUMEN is for the first time only.
        refused(at_the_door("nancy-metz", numen))
        page = at_the_door("nancy-metz", "lucie.kieffer")
        later(page)
        limits = limits_of(page)
        assert (limits["idleSeconds"], limits["attachmentBytes"]) == (30 * 60, 25_000_000)
        # Advised at each session.
        later(at_the_door("nancy-metz", "lucie.kieffer"))
        assert "assistance" in ways_back(page, instance, "nancy-metz").lower()


def test_amiens(instance: RunningInstance, at_the_door: Callable[..., Page]) -> None:
    at_home(instance, INES)
    with doors.shipped(instance, "amiens"):
        refused(at_the_door("amiens", "ines.van-den-broeck"))
        page = at_the_door("amiens", INES)
        expect(page.locator("main")).to_contain_text("obligatoire à partir du")
        later(page)
        limits = limits_of(page)
        assert (limits["idleSeconds"], limits["attachmentBytes"]) == (30 * 60, 25_000_000)
        assert "code" in ways_back(page, instance, "amiens").lower()


def numen_of(key: str) -> str:
    """The NUMEN of someone of the cast."""
    cast = Path(__file__).resolve().parents[2] / "src/casier/demo/data/people.toml"
    people = tomllib.loads(cast.read_text("utf-8"))["person"]
    return str(next(person["numen"] for person in people if person["key"] == key))


def test_a_fifth_academy_has_a_mix_of_its_own(
    instance: RunningInstance, new_context: Callable[[], Any], tmp_path: Path
) -> None:
    """By a file; what contradicts itself is refused with its reason."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[second_factor]\nrequirement = "required"\nmethods = ["recovery_codes"]\n')
    said = instance.casier("policy", "check", str(wrong), check=False)
    assert "second_factor.methods" in said
    mix = tmp_path / "mix.toml"
    mix.write_text(
        '[sign_in]\nnames = ["local_name"]\n[lock]\nattempts = 4\n[sessions]\nidle_minutes = 45\n'
        '[recovery]\nmethods = ["backup_link", "letter"]\n'
    )
    slug = f"manche-{secrets.token_hex(2)}"
    names = ("--name", "Académie de la Manche", "--domain", f"ac-{slug}.fr", "--host", f"{slug}.localhost")
    instance.casier("academy", "create", slug, *names, "--policy-file", str(mix), *doors.BECAUSE)
    shown = instance.json("policy", "show", slug)
    assert shown["sessions"]["idle_minutes"] == 45
    page = new_context().new_page()
    page.goto(f"https://{slug}.localhost:{instance.port(Port.WEB)}/connexion/")
    expect(page.locator(".academy")).to_have_text("Académie de la Manche")
