"""`bench/failing_screens`: the whole walk, told in lines, in pictures and in a file of results."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from journeys.doors import open_wide
from journeys.everywhere import content, visiting
from journeys.everywhere.failing import FAILURES, Failing, Told, kinds_in_turn, rounds
from journeys.everywhere.mail_screens import MAIL
from journeys.everywhere.telling import contact_sheets, terms_named
from journeys.everywhere.trouble_screens import TROUBLE
from journeys.everywhere.writing_screens import WRITING
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance

ALL = tuple(screen for screen in (*MAIL, *WRITING) if screen not in TROUBLE)


def main() -> int:
    """Parse, go around, tell. 1 when something was wrong."""
    parser = argparse.ArgumentParser(description="Open every screen of the mail while the platform fails.")
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--address", default="nathalie.quesnel@ac-normandie.fr")
    parser.add_argument("--terms", default="fr-light-1440")
    parser.add_argument("--only", nargs="*", help="screens, by name")
    parser.add_argument("--after", help="those after this one")
    parser.add_argument("--kinds", nargs="*", choices=FAILURES, help="all in turn without it")
    parser.add_argument("--minutes", type=float, default=60, help="begin no other screen after so many")
    parser.add_argument("--out", type=Path, required=True, help="where pictures and results go")
    parser.add_argument("--filled", action="store_true", help="the letters are there already")
    options = parser.parse_args()
    wanted = [one for one in ALL if not options.only or one.name in options.only]
    if options.after:
        wanted = wanted[[one.name for one in wanted].index(options.after) + 1 :]
    instance = RunningInstance(options.instance)
    open_wide(instance)
    terms = terms_named(options.terms)
    options.out.mkdir(parents=True, exist_ok=True)
    told: list[Told] = []
    until = time.monotonic() + options.minutes * 60
    with instance.clients, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        if not options.filled:
            content.fill(instance, instance.demo(address=options.address))
        with visiting.window(chromium, terms) as context:
            visit = visiting.arrive(context, instance, options.address, terms)
            content.choose(visit.page)
            failing, kinds = Failing(visit.page), kinds_in_turn(options.kinds or [])
            for screen in wanted:
                if not screen.least <= terms.width < screen.below:
                    continue
                if time.monotonic() > until:
                    print(f"time is over before {screen.name}")
                    break
                begun = time.monotonic()
                try:
                    for one in rounds(visit, screen, options.out, failing, kinds):
                        told.append(_said(one))
                except (BrowserError, AssertionError) as error:
                    told.append(_said(Told(screen.name, "none", "the walk", wrong=[str(error)[:300]])))
                print(f"{screen.name}: {time.monotonic() - begun:.1f} s", flush=True)
        contact_sheets(chromium, options.out)
        chromium.close()
    (options.out / f"told-{time.time_ns()}.json").write_text(
        json.dumps([one.as_data() for one in told], ensure_ascii=False, indent=1), "utf-8"
    )
    wrong = Counter(line.partition(":")[0] for one in told for line in one.wrong)
    print(f"{len(told)} failures on {len({one.screen for one in told})} screens: {dict(wrong)}")
    return 1 if wrong else 0


def _said(one: Told) -> Told:
    print(f"{one.screen} · {one.failure} · {one.asked}: {' | '.join(one.words)[:220] or '–'}", flush=True)
    for line in one.wrong:
        print(f"    WRONG {line}", flush=True)
    return one
