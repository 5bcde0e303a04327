"""The families of a class: a feed brings them, who teaches the class writes to them, a colleague of the same
school sees nothing of it; and nothing is left when the feed is undone and the policy says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys import doors
from journeys.pages import arrived
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
ACADEMY = "normandie"
UAI, SCHOOL, KEY = "0149101S", "Collège Marguerite-Aubry", "149101"
TEACHER = "claire.lefevre@ac-normandie.fr"
COLLEAGUE = "jean.martin@ac-normandie.fr"
CLASS = "6E B"
PAGE = f"/compte/classes/{UAI}/{CLASS.replace(' ', '%20')}/"
FEED: dict[str, tuple[str, dict[str, dict[str, str]]]] = {
    "EtabEducNat": (
        "categorieStructure",
        {
            KEY: {
                "ENTStructureJointure": KEY, "ENTStructureUAI": UAI, "ENTStructureNomCourant": SCHOOL,
                "ENTStructureTypeStruct": "Collège", "l": "Bayeux", "postalCode": "14400",
            }
        },
    ),
    "PersEducNat": (
        "categoriePersonne",
        {
            "demo-claire": {
                "ENTPersonJointure": "demo-claire", "sn": "LEFEVRE", "givenName": "CLAIRE",
                "ENTPersonDateNaissance": "12/03/1984", "ENTPersonStructRattach": KEY,
                "ENTPersonFonctions": f"{KEY}$ENS$ENSEIGNEMENT$$",
                "ENTAuxEnsClassesMatieres": f"{KEY}${CLASS}$",
            }
        },
    ),
    "Eleve": (
        "categoriePersonne",
        {
            "700001": {
                "ENTPersonJointure": "700001", "sn": "KERVADEC", "givenName": "ZOÉ",
                "ENTPersonStructRattach": KEY, "ENTEleveClasses": f"{KEY}${CLASS}",
                "ENTElevePersRelEleve": "800001$2$1$1$1$0",
            }
        },
    ),
    "PersRelEleve": (
        "categoriePersonne",
        {
            "800001": {
                "ENTPersonJointure": "800001", "sn": "KERVADEC", "givenName": "NADIA",
                "mail": "nadia.kervadec@famille.example",
            }
        },
    ),
}  # fmt: skip


def written(folder: Path) -> Path:
    """A delta, as the academy's directory gives it each night: four files of a day."""
    for kind, (category, records) in FEED.items():
        requests = "".join(
            f'<addRequest><operationalAttributes><attr name="{category}"><value>{kind}</value></attr>'
            f"</operationalAttributes><identifier><id>{key}</id></identifier><attributes>"
            + "".join(f'<attr name="{name}"><value>{value}</value></attr>' for name, value in values.items())
            + "</attributes></addRequest>"
            for key, values in records.items()
        )
        path = folder / f"ENTNormandie_Delta_20261123_{kind}_0000.xml"
        path.write_text(f"<ficAlimMENESR>{requests}</ficAlimMENESR>", "utf-8")
    return folder


@pytest.fixture
def shown(instance: RunningInstance, tmp_path: Path) -> Iterator[None]:
    """The policy shows parents, and the feed has brought them; afterwards all is as it was."""
    doors.open_wide(instance)
    before = instance.json("policy", "show", ACADEMY)["feed"]["contacts"]
    doors.change(instance, ACADEMY, "feed.contacts=parents")
    try:
        asked = ("feed", "import", str(written(tmp_path)), "--academy", ACADEMY, "--apply", *doors.BECAUSE)
        run = instance.json(*asked)
        try:
            yield
        finally:
            instance.casier("feed", "undo", str(run["run"]), *doors.BECAUSE)
    finally:
        doors.change(instance, ACADEMY, f"feed.contacts={before}")


def opened(instance: RunningInstance, chromium: Any, address: str) -> Any:
    who = instance.demo(address=address)
    origin = f"https://{ACADEMY}.localhost:{instance.port(Port.WEB)}"
    context = chromium.new_context(ignore_https_errors=True, base_url=origin, locale="fr-FR", bypass_csp=True)
    page = context.new_page()
    page.goto("/connexion/?suite=/compte/")
    page.fill("#identifiant", who["signInName"])
    page.fill("#mot_de_passe", who["password"])
    page.click("button.main")
    arrived(page, "/compte/")
    return page


def proposed(page: Any) -> list[str]:
    """What completion offers to whoever types the parent's name."""
    asked = "async () => (await (await fetch('/api/people?q=kervadec')).json()).map((one) => one.email)"
    return list(page.evaluate(asked))


def test_who_teaches_a_class_writes_to_its_families_and_nobody_else(
    instance: RunningInstance, chromium: Any, shown: None
) -> None:
    page = opened(instance, chromium, TEACHER)
    page.get_by_role("link", name="Mes classes").first.click()
    expect(page.locator("main")).to_contain_text(SCHOOL)
    page.get_by_role("link", name=CLASS).click()
    expect(page.locator("main")).to_contain_text("Nadia Kervadec")
    expect(page.locator("main")).to_contain_text("Responsable de Zoé Kervadec")
    link = page.get_by_role("link", name="Écrire à tous les responsables").get_attribute("href")
    assert "bcc=nadia.kervadec@famille.example" in unquote(unquote(link))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    found = Axe().run(page).response["violations"]
    assert [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found] == []
    assert proposed(page) == ["nadia.kervadec@famille.example"]
    other = opened(instance, chromium, COLLEAGUE)
    expect(other.get_by_role("link", name="Mes classes")).to_have_count(0)
    assert other.goto(PAGE).status == 404
    assert proposed(other) == []


def test_nothing_of_it_is_left(instance: RunningInstance, chromium: Any) -> None:
    doors.open_wide(instance)
    page = opened(instance, chromium, TEACHER)
    assert page.goto(PAGE).status == 404
    assert proposed(page) == []
