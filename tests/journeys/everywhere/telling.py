"""`bench/every_screen`: the whole tour, told in a table, in pictures and in a file of results."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from journeys.doors import open_wide
from journeys.everywhere import checks, content, rooms, visiting
from journeys.everywhere.checks import Fault
from journeys.everywhere.mail_screens import MAIL
from journeys.everywhere.portal_screens import ACCOUNT, OUTSIDE
from journeys.everywhere.visit import Screen
from journeys.everywhere.visiting import Seen, Terms
from journeys.everywhere.writing_screens import WRITING
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance

PARTS: dict[str, tuple[Screen, ...]] = {
    "mail": MAIL,
    "writing": WRITING,
    "around": (*ACCOUNT, *OUTSIDE),
    "identity": rooms.SCREENS,
}
ALL: tuple[Screen, ...] = tuple(screen for part in PARTS.values() for screen in part)
WIDTHS = (1440, 768, 390)
GRAVE = ("serious", "critical")
DECLARED = Path(__file__).resolve().parents[3] / "src/casier/portal/accessibility/checked.json"


def terms_named(name: str) -> Terms:
    """`en-dark-390`."""
    language, scheme, width = name.split("-")
    return Terms(language == "fr", scheme == "dark", int(width), scheme == "forced")


def everything() -> list[Terms]:
    """Both languages, both schemes, three widths; then what only few use."""
    usual = [
        Terms(french, dark, width) for french, dark, width in product((True, False), (False, True), WIDTHS)
    ]
    return [*usual, Terms(width=320), Terms(width=720), Terms(forced=True)]


def main() -> int:
    """Parse, go around, tell. 1 when something serious was found."""
    parser = argparse.ArgumentParser(description="Open every screen and look at it.")
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--address", default="nathalie.quesnel@ac-normandie.fr")
    parser.add_argument("--terms", nargs="*", help="such as fr-light-1440; all without it")
    parser.add_argument("--part", choices=PARTS, help="one part of them; all without it")
    parser.add_argument("--only", nargs="*", help="screens, by name")
    parser.add_argument("--out", type=Path, required=True, help="where pictures and results go")
    parser.add_argument("--filled", action="store_true", help="the letters are there already")
    parser.add_argument("--declare", action="store_true", help="put what was found into the declaration")
    options = parser.parse_args()
    instance = RunningInstance(options.instance)
    open_wide(instance)
    person = instance.demo(address=options.address)
    with instance.clients, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        if not options.filled:
            content.fill(instance, person)
        service = content.notify(instance, person)
        try:
            seen = []
            wanted = [terms_named(name) for name in options.terms or ()] or everything()
            for terms in wanted:
                found = _tour(chromium, instance, options, terms)
                _write(options.out, found)  # at once: a tour is long
                seen += found
            seen += _through_rooms(chromium, instance, options, wanted)
        finally:
            instance.casier("service", "revoke", service)
        rules = _rules(chromium, instance)
        chromium.close()
    if options.declare:
        _declare(_all_in(options.out), rules)
    return 1 if any(fault.gravity in GRAVE for one in seen for fault in one.faults) else 0


def _tour(
    chromium: Browser, instance: RunningInstance, options: argparse.Namespace, terms: Terms
) -> list[Seen]:
    folder = options.out / terms.name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in ALL if one not in rooms.SCREENS and _is_wanted(one, options)]
    seen: list[Seen] = []
    if not wanted:
        return seen
    with visiting.window(chromium, terms) as context:
        visit = visiting.arrive(context, instance, options.address, terms)
        content.choose(visit.page)
        for one in visiting.go_around(visit, terms, wanted, visiting.thorough, folder):
            seen.append(_said(one))
    contact_sheets(chromium, folder)
    return seen


def _is_wanted(screen: Screen, options: argparse.Namespace) -> bool:
    part = PARTS[options.part] if options.part else ALL
    return screen in part and (not options.only or screen.name in options.only)


def _through_rooms(
    chromium: Browser, instance: RunningInstance, options: argparse.Namespace, wanted: list[Terms]
) -> list[Seen]:
    """The pages of identity and of the console, once in each language: they are turned around."""
    seen: list[Seen] = []
    for language, terms in groupby(sorted(wanted, key=_language), _language):
        del language
        found = list(_in_one_language(chromium, instance, options, list(terms)))
        if found:
            _write(options.out, found)
        seen += found
    return seen


def _language(terms: Terms) -> bool:
    return not terms.french


def _in_one_language(
    chromium: Browser, instance: RunningInstance, options: argparse.Namespace, terms: list[Terms]
) -> Iterator[Seen]:
    for room in rooms.ROOMS:
        screens = [one for one in room.screens if _is_wanted(one, options)]
        if not screens:
            continue
        for each in terms:
            (options.out / each.name).mkdir(parents=True, exist_ok=True)
        with rooms.every_page(instance), rooms.entered(chromium, instance, room, terms[0]) as visit:
            for one in visiting.go_around_once(visit, terms, screens, visiting.thorough, options.out):
                yield _said(one)
    for each in terms:
        contact_sheets(chromium, options.out / each.name)


def _said(one: Seen) -> Seen:
    print(f"{one.terms} {one.screen} {one.seconds} s", flush=True)
    for fault in one.faults:
        print(f"    {fault.gravity} {fault.check}: {fault.where}", flush=True)
    return one


SHEET = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; display: grid; grid-template-columns: repeat({across}, 1fr); gap: 6px; background: #888;
  font: 13px sans-serif }}
figure {{ margin: 0 }} img {{ width: 100%; display: block }} figcaption {{ color: #fff; padding: 2px }}
</style>{figures}"""


def contact_sheets(chromium: Browser, folder: Path) -> None:
    """The pictures of FOLDER side by side, so that one sees them all."""
    found = sorted(path for path in folder.glob("*.png") if not path.name.startswith("sheet-"))
    across, each = (8, 16) if folder.name.endswith(("390", "320")) else (4, 20)
    context = chromium.new_context(viewport={"width": 1960, "height": 800})
    page = context.new_page()
    for number, start in enumerate(range(0, len(found), each)):
        shown = found[start : start + each]
        figures = "".join(
            f"<figure><figcaption>{one.stem}</figcaption><img src='{one.name}'></figure>" for one in shown
        )
        index = folder / f"sheet-{number}.html"
        index.write_text(SHEET.format(across=across, figures=figures), "utf-8")
        page.goto(index.as_uri(), wait_until="load")
        page.screenshot(path=folder / f"sheet-{number}.png", full_page=True)
        index.unlink()
    context.close()


def _rules(chromium: Browser, instance: RunningInstance) -> list[str]:
    with visiting.window(chromium, Terms()) as context:
        page = context.new_page()
        page.goto(instance.web_url() + "/connexion/")
        return checks.axe_rules(page)


def _summed(seen: list[Seen]) -> Counter[str]:
    return Counter(fault.check for one in seen for fault in one.faults if fault.gravity in GRAVE)


def _write(folder: Path, seen: list[Seen]) -> None:
    told = {"faults": _summed(seen), "seen": [one.as_data() for one in seen]}
    (folder / f"results-{time.time_ns()}.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1), "utf-8"
    )
    print(f"{len(seen)} looks at {len({one.screen for one in seen})} screens: {dict(_summed(seen))}")


def _all_in(folder: Path) -> list[Seen]:
    """What the last tour found under each set of terms, in however many parts it was made."""
    latest: dict[tuple[str, str], Seen] = {}
    for path in sorted(folder.glob("results-*.json")):
        for one in json.loads(path.read_text("utf-8"))["seen"]:
            faults = [Fault(**fault) for fault in one["faults"]]
            latest[one["terms"], one["screen"]] = Seen(one["screen"], one["terms"], faults, one["seconds"])
    return list(latest.values())


def _declare(seen: list[Seen], rules: list[str]) -> None:
    """What the declaration of accessibility is made from."""
    told = {
        "date": datetime.now(UTC).date().isoformat(),
        "screens": len({one.screen for one in seen}),
        "looks": len(seen),
        "terms": sorted({one.terms for one in seen}),
        "checks": sorted({*checks.OWN, *rules}),
        "faults": dict(sorted(_summed(seen).items())),
    }
    DECLARED.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
