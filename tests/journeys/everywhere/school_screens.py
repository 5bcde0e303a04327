"""The pages of a head, of who answers for data protection, and what the DSI sees of many people at once."""

from __future__ import annotations

from playwright.sync_api import expect

from journeys.everywhere.console_screens import page_at
from journeys.everywhere.visit import Opening, Screen, Visit

HEAD = "thierry.dubosc@ac-normandie.fr"
OFFICER = "bernard.noel@ac-nancy-metz.fr"
SCHOOL = "/etablissements/0149101S/"
TEACHER = "claire.lefevre@ac-normandie.fr"
# By instance: whom the head's pages are about.
TEACHERS: dict[str, str] = {}


def _teacher(v: Visit) -> str:
    if v.origin not in TEACHERS:
        TEACHERS[v.origin] = str(v.instance.json("identity", "show", TEACHER)["id"])
    plain = TEACHERS[v.origin]
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def _of_teacher(before: str, after: str = "") -> Opening:
    def open_it(v: Visit) -> None:
        page_at(f"{before}{_teacher(v)}/{after}")(v)

    return open_it


def _first(path: str, start: str) -> Opening:
    """The first thing that a list leads to; START is how the addresses of what it lists begin."""

    def open_it(v: Visit) -> None:
        page_at(path)(v)
        v.follow(v.page.locator(f"main a[href^='/console{start}']").first)
        expect(v.page.locator(".desk main h1").first).to_be_visible()

    return open_it


def _account(path: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.page.goto(f"{v.origin}/compte{path}")
        expect(v.page.locator("main h1").first).to_be_visible()

    return open_it


def acts(v: Visit) -> None:
    """Whom an act on many means, line by line, before anything is done."""
    page_at("/listes/")(v)
    v.page.select_option("#acte", index=1)
    v.page.select_option("#portee", "tous")
    v.follow(v.page.locator("main form button.main").last)
    expect(v.page.locator(".desk main h1").first).to_be_visible()


def no_act(v: Visit) -> None:
    page_at("/listes/")(v)
    v.page.locator("main form button.main").last.click()
    expect(v.page.locator("main [role=alert]").first).to_be_visible()


def _screen(name: str, opening: Opening) -> Screen:
    return Screen(name, opening, over_mail=False)


MANY = (
    _screen("console-dashboard", page_at("/tableau/")),
    _screen("console-journal", page_at("/journal/")),
    _screen("console-journal-export", page_at("/journal/exporter/")),
    _screen("console-lists", page_at("/listes/")),
    _screen("console-lists-narrow", page_at("/listes/?q=personne-de-ce-nom")),
    _screen("console-acts", acts),
    _screen("console-acts-empty", no_act),
    _screen("console-operations", page_at("/operations/")),
    _screen("console-schools", page_at("/etablissements/")),
    _screen("console-box-requests", page_at("/boites/")),
    _screen("console-charges-brought", page_at("/charges/?d-office")),
    _screen("console-documents", page_at("/documents/")),
)
OF_THE_HEAD = (
    _screen("school", page_at(SCHOOL)),
    _screen("school-person", _of_teacher("/personnes/")),
    _screen("school-departure", _of_teacher(f"{SCHOOL}depart/")),
    _screen("school-box", _first(SCHOOL, f"{SCHOOL}boites/")),
    _screen("school-box-wanted", page_at(f"{SCHOOL}boite/")),
    _screen("contributors", page_at("/intervenants/")),
    _screen("contributor-wanted", page_at("/intervenants/demander/")),
    _screen("own-boxes", _account("/boites/")),
    _screen("own-data", _account("/donnees/")),
    _screen("own-classes", _account("/classes/")),
)
OF_THE_OFFICER = (
    _screen("register", page_at("/registre/")),
    _screen("register-completed", page_at("/registre/completer/")),
    _screen("data-of-people", page_at("/donnees/")),
    _screen("officer-journal", page_at("/journal/")),
)
