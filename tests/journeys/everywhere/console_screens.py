"""The console, as the academy's administrator sees it; what the help desk of another academy decides."""

from __future__ import annotations

import uuid

from playwright.sync_api import expect

from journeys.everywhere.visit import Opening, Screen, Visit

WHO = "sebastien.hamel@ac-normandie.fr"
# The person whom they look at, and one who hasn't opened the account yet.
SEEN = "jean.martin1@ac-normandie.fr"
EXPECTED = "maelle.le-guen@ac-normandie.fr"
REASON = ("--reason", "journey")


def page_at(path: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.page.goto(f"{v.origin}/console{path}")
        expect(v.page.locator(".desk main h1").first).to_be_visible()

    return open_it


def _person(v: Visit, who: str) -> uuid.UUID:
    return uuid.UUID(v.instance.json("identity", "show", who)["id"])


# The addresses of people in the console, by instance.
KNOWN: dict[tuple[str, str], str] = {}


def of_person(path: str = "", who: str = SEEN) -> Opening:
    def open_it(v: Visit) -> None:
        if (v.origin, who) not in KNOWN:
            KNOWN[v.origin, who] = f"/personnes/{_person(v, who)}/"
        page_at(KNOWN[v.origin, who] + path)(v)

    return open_it


def empty(opening: Opening) -> Opening:
    """The form sent back without a reason."""

    def open_it(v: Visit) -> None:
        opening(v)
        v.page.locator("main form").last.evaluate("form => { form.noValidate = true }")
        v.page.locator("main form").last.locator("button").last.click()
        expect(v.page.locator("main [role=alert]").first).to_be_visible()

    return open_it


def policy_changes(v: Visit) -> None:
    """What a change would do, before it is in force."""
    page_at("/politique/normandie/lock/")(v)
    v.page.fill("[name='lock.minutes']", "30")
    v.page.locator("main form button.main").click()
    expect(v.page.locator("#motif")).to_be_visible()


def letter(v: Visit) -> None:
    """A letter that somebody asked for."""
    lines = ("--line", "12 rue des Tilleuls", "--line", "14000 CAEN")
    v.instance.casier("identity", "letter", SEEN, *lines, *REASON, check=False)  # one is enough
    page_at("/lettres/")(v)


def one_letter(v: Visit) -> None:
    page_at("/lettres/")(v)
    v.page.locator("main a[href^='/console/lettres/']").first.click()
    expect(v.page.locator("#motif")).to_be_visible()


def end_of_charge(v: Visit) -> None:
    page_at("/charges/")(v)
    v.page.locator("main a[href$='/fin/']").first.click()
    expect(v.page.locator("#motif")).to_be_visible()


CONSOLE = (
    Screen("console", page_at("/"), over_mail=False),
    Screen("console-found", page_at("/?q=benali"), over_mail=False),
    Screen("console-nobody", page_at("/?q=introuvable"), over_mail=False),
    Screen("console-numen", page_at("/?q=14E9900003DEM"), over_mail=False),
    Screen("console-person", of_person(), over_mail=False),
    Screen("console-suspend", of_person("suspendre/"), over_mail=False),
    Screen("console-suspend-empty", empty(of_person("suspendre/")), over_mail=False),
    Screen("console-reset", of_person("reinitialiser/"), over_mail=False),
    Screen("console-reset-factors", of_person("secondes-preuves/"), over_mail=False),
    Screen("console-letter", of_person("lettre/"), over_mail=False),
    Screen("console-sheet", of_person("feuille/", EXPECTED), over_mail=False),
    Screen("console-sheet-empty", empty(of_person("feuille/", EXPECTED)), over_mail=False),
    Screen("console-charge", of_person("charge/"), over_mail=False),
    Screen("console-requests", page_at("/demandes/"), over_mail=False),
    Screen("console-reference", page_at("/references/R-2222-2222/"), over_mail=False),
    Screen("console-letters", letter, over_mail=False),
    Screen("console-one-letter", one_letter, over_mail=False),
    Screen("console-blocks", page_at("/blocages/"), over_mail=False),
    Screen("console-policy", page_at("/politique/normandie/"), over_mail=False),
    Screen("console-policy-part", page_at("/politique/normandie/lock/"), over_mail=False),
    Screen("console-policy-whole", page_at("/politique/normandie/ensemble/"), over_mail=False),
    Screen("console-policy-changes", policy_changes, over_mail=False),
    Screen("console-charges", page_at("/charges/"), over_mail=False),
    Screen("console-end-of-charge", end_of_charge, over_mail=False),
)
