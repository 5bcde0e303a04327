"""The pictures of the help pages: each page's screen, in its language, made anew by `bench/help_pictures`."""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from journeys import webmail
from journeys.everywhere import content, visiting
from journeys.everywhere.telling import ALL
from journeys.everywhere.visiting import Terms
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance

FOLDER = Path(__file__).resolve().parents[3] / "src/casier/portal/static/casier/help"
# Which screen each page shows; the size of a small window, so that words can be read beside the text.
SHOWN = {
    "premiers-pas": "conversation",
    "ecrire": "composer-full",
    "recherche-et-clavier": "results",
    "clavier": "palette-typed",
    "apercu": "file-pdf",
    "etiquettes-et-suivi": "label",
    "filtres-et-absence": "new-rule",
    "liens": "link-terms",
    "images-et-liens": "html-message",
    "menage": "room",
    "retrouver": "restore",
    "importer-exporter": "transfer-part",
    "annonces": "announcements",
    "notifications": "alerts",
    "accessibilite": "settings",
    "signatures": "writing",
    "boites-partagees": "shared-mailbox",
}
SIZE = ViewportSize(width=1060, height=640)


def main() -> int:
    """Parse, open each screen in each language, keep what it shows."""
    parser = argparse.ArgumentParser(description="Make the pictures of the help pages anew.")
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--address", default="nathalie.quesnel@ac-normandie.fr")
    parser.add_argument("--only", nargs="*", help="pages, by name")
    parser.add_argument("--filled", action="store_true", help="the letters are there already")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    webmail.PICTURES = str(FOLDER)
    instance = RunningInstance(options.instance)
    person = instance.demo(address=options.address)
    if not options.filled:
        content.fill(instance, person)
    screens = {screen.name: screen for screen in ALL}
    with instance.clients, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        for french, (topic, name) in product((True, False), SHOWN.items()):
            if options.only and topic not in options.only:
                continue
            terms = Terms(french=french, width=SIZE["width"])
            with visiting.window(
                chromium, terms
            ) as context:  # a browser of its own: nothing left to go on with
                visit = visiting.arrive(context, instance, options.address, terms)
                visit.page.set_viewport_size(SIZE)
                content.choose(visit.page)
                visit.home()
                screens[name].open(visit)
                visit.page.wait_for_timeout(300)
                webmail.picture(visit.page, f"{topic}.{'fr' if french else 'en'}")
                while visit.after:
                    visit.after.pop()()
                visit.discard()
                visit.page.wait_for_timeout(500)
        chromium.close()
    return 0
