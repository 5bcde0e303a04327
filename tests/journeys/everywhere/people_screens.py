"""The console's rooms about people's lives: groups, the feed, departures, offices, messages followed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from journeys.everywhere.console_screens import REASON, empty, of_person, page_at
from journeys.everywhere.visit import Screen, Visit

ACADEMY = "normandie"
IN_ACADEMY = ("--academy", ACADEMY)
GROUP = "tournee-enseignants"
RULE = "fonction = enseignant sauf état = suspendu"
# By instance: what was made for these screens is made once.
RUNS: dict[str, int] = {}
REVIEWS: dict[str, int] = {}


def a_group(path: str = "") -> Screen:
    """A screen of the one group."""

    def open_it(v: Visit) -> None:
        if all(one["slug"] != GROUP for one in v.instance.json("group", "list", *IN_ACADEMY)):
            words = (GROUP, "--name", "Tous les enseignants", "--rule", RULE)
            v.instance.casier("group", "create", *words, *IN_ACADEMY, *REASON)
        page_at(f"/groupes/{ACADEMY}/{GROUP}/{path}")(v)

    return Screen(f"console-group{'-' + path.strip('/') if path else ''}", open_it, over_mail=False)


def preview(v: Visit) -> None:
    """Whom a rule means, while it is typed; a word that isn't known is shown."""
    page_at(f"/groupes/{ACADEMY}/nouveau/")(v)
    v.page.fill("#regle", "fonction = enseignant et fonctoin = DIR")
    expect(v.page.locator("#apercu mark")).to_be_visible()


def _run(v: Visit) -> int:
    """A table that was read: one person to make, one line that is refused."""
    if v.origin not in RUNS:
        uai = v.instance.json("school", "list", *IN_ACADEMY)[0]["uai"]
        rows = (
            "Prénom;Nom;Naissance;UAI;Fonction",
            f"Iphigénie;DUCHEMIN;17/05/1980;{uai};ENS",
            f"Luc;;;{uai};ENS",
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tournee.csv"
            path.write_text("\n".join(rows), encoding="utf-8")
            columns = (
                "given_name=Prénom",
                "family_name=Nom",
                "birth_date=Naissance",
                "school=UAI",
                "function=Fonction",
            )
            mapped = [part for column in columns for part in ("--mapping", column)]
            v.instance.casier("feed", "import", path, *IN_ACADEMY, *mapped, *REASON, check=False)
        RUNS[v.origin] = v.instance.json("feed", "runs", *IN_ACADEMY)[0]["run"]
    return RUNS[v.origin]


def a_run(path: str = "") -> Screen:
    """A screen of that one run."""

    def open_it(v: Visit) -> None:
        page_at(f"/imports/{_run(v)}/{path}")(v)

    return Screen(f"console-run{'-' + path.strip('/') if path else ''}", open_it, over_mail=False)


def review(v: Visit) -> None:
    """Who holds which right, to be confirmed."""
    if v.origin not in REVIEWS:
        v.instance.casier("rights", "review", "start", ACADEMY, check=False)  # one may be open
        REVIEWS[v.origin] = v.instance.json("rights", "review", "list", *IN_ACADEMY)[0]["id"]
    page_at(f"/revues/{REVIEWS[v.origin]}/")(v)


def lend(v: Visit) -> None:
    page_at("/mes-charges/")(v)
    v.page.locator("main a[href$='/preter/']").first.click()
    expect(v.page.locator("#motif")).to_be_visible()


def traced(v: Visit) -> None:
    """The last messages of the person, by a reason."""
    of_person("messages/")(v)
    v.page.fill("#motif", "essai")
    v.follow(v.page.locator("main form button.main"))
    expect(v.page.locator("main h1")).to_be_visible()


PEOPLE = (
    Screen("console-trace", of_person("messages/"), over_mail=False),
    Screen("console-trace-told", traced, over_mail=False),
    Screen("console-life", of_person("vie/"), over_mail=False),
    Screen("console-leave", of_person("vie/partir/"), over_mail=False),
    Screen("console-leave-empty", empty(of_person("vie/partir/")), over_mail=False),
    Screen("console-hold", of_person("vie/geler/"), over_mail=False),
    Screen("console-departures", page_at("/departs/"), over_mail=False),
    Screen("console-groups", page_at(f"/groupes/{ACADEMY}/"), over_mail=False),
    Screen("console-group-new", preview, over_mail=False),
    a_group(),
    a_group("modifier/"),
    a_group("supprimer/"),
    Screen("console-imports", page_at("/imports/"), over_mail=False),
    Screen("console-import", page_at("/imports/nouveau/"), over_mail=False),
    Screen("console-doubts", page_at("/imports/doutes/"), over_mail=False),
    a_run(),
    a_run("appliquer/"),
    Screen("console-my-charges", page_at("/mes-charges/"), over_mail=False),
    Screen("console-lend", lend, over_mail=False),
    Screen("console-reviews", page_at("/revues/"), over_mail=False),
    Screen("console-review", review, over_mail=False),
)
