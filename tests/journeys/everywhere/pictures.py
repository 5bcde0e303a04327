"""The pictures of the help pages: each page's screen, in its language, made anew by `bench/help_pictures`."""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from journeys import webmail
from journeys.doors import open_wide
from journeys.everywhere import content, readme_pictures, visiting
from journeys.everywhere.picture_scenes import SCENES
from journeys.everywhere.visiting import Terms
from journeys.jmap import Jmap
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance

FOLDER = Path(__file__).resolve().parents[3] / "src/casier/portal/static/casier/help"
# A small window, so that words can be read beside the text.
SIZE = ViewportSize(width=1060, height=660)


def main() -> int:
    """Parse, open each screen in each language, keep what it shows."""
    parser = argparse.ArgumentParser(description="Make the pictures of the help pages anew.")
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--address", default="nathalie.quesnel@ac-normandie.fr")
    parser.add_argument("--only", nargs="*", help="pages, by name")
    parser.add_argument("--language", choices=("fr", "en"), help="one language; both without it")
    parser.add_argument("--readme", action="store_true", help="those of the project's first page instead")
    parser.add_argument("--out", type=Path, help="where they go; to their places without it")
    options = parser.parse_args()
    folder: Path = options.out or (readme_pictures.FOLDER if options.readme else FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    webmail.PICTURES = str(folder)
    instance = RunningInstance(options.instance)
    open_wide(instance)
    person = instance.demo(address=options.address)
    with instance.clients, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        if options.readme:
            readme_pictures.make(chromium, instance, options.address, folder)
        else:
            _help(chromium, instance, person, options)
        chromium.close()
    return 0


def _help(
    chromium: Browser, instance: RunningInstance, person: dict[str, Any], options: argparse.Namespace
) -> None:
    if not options.only or "retrouver" in options.only:
        _throw_away(instance, person)
    for language, topic in product(("fr", "en"), SCENES):
        if options.language in (None, language) and (not options.only or topic in options.only):
            _one(chromium, instance, options.address, language, topic)


def _one(chromium: Browser, instance: RunningInstance, address: str, language: str, topic: str) -> None:
    """The picture of TOPIC in LANGUAGE. A browser of its own: nothing left to go on with."""
    terms = Terms(french=language == "fr", width=SIZE["width"])
    with visiting.window(chromium, terms) as context:
        visit = visiting.arrive(context, instance, address, terms)
        visit.page.set_viewport_size(SIZE)
        content.choose(visit.page)
        visit.home()
        SCENES[topic](visit)
        visit.page.wait_for_timeout(400)
        webmail.picture(visit.page, f"{topic}.{language}")
        while visit.after:
            visit.after.pop()()
        visit.discard()
        visit.page.wait_for_timeout(500)
    print(f"{topic}.{language}", flush=True)


def _throw_away(instance: RunningInstance, person: dict[str, Any]) -> None:
    """Some older letters of PERSON are deleted for good: they can be found again."""
    jmap = Jmap(instance, person["address"], person["mailboxKey"], instance.app_password(person["address"]))
    inbox, trash = jmap.mailbox("inbox"), jmap.mailbox("trash")
    newest = {"property": "receivedAt", "isAscending": False}
    (found,) = jmap.call(
        ("Email/query", {"filter": {"inMailbox": inbox}, "sort": [newest], "position": 12, "limit": 4})
    )
    thrown = {one: {"mailboxIds": {trash: True}} for one in found["ids"]}
    jmap.call(("Email/set", {"update": thrown}))
    jmap.call(("Email/set", {"destroy": found["ids"]}))
