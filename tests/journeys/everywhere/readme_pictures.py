"""The pictures of the project's first page, made anew by `bench/help_pictures --readme`."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from journeys.everywhere import content, visiting
from journeys.everywhere.picture_scenes import a_file, a_talk, at_the_portal, together, writing
from journeys.everywhere.portal_screens import door, first_time, strangers_link
from journeys.everywhere.visit import Opening, Visit
from journeys.everywhere.visiting import Terms
from journeys.running import RunningInstance
from journeys.webmail import ROW, keep

FOLDER = Path(__file__).resolve().parents[3] / "docs/images"


def the_list(v: Visit) -> None:
    expect(v.page.locator(ROW).first).to_be_visible()


DESK, PHONE = Terms(width=1280), Terms(width=390)
SHOWN: dict[str, tuple[Terms, Opening]] = {
    "webmail": (Terms(), a_talk),
    "phone": (PHONE, the_list),
    "compose-dark": (Terms(dark=True, width=1280), writing),
    "shared": (DESK, together),
    "preview": (DESK, a_file),
    "sign-in": (DESK, door),
    "activation": (PHONE, first_time),
    "account": (DESK, at_the_portal("/compte/")),
    "link": (DESK, strangers_link),
}


def make(chromium: Browser, instance: RunningInstance, address: str, folder: Path) -> None:
    """Each of SHOWN, in French."""
    for name, (terms, opening) in SHOWN.items():
        with visiting.window(chromium, terms) as context:
            visit = visiting.arrive(context, instance, address, terms)
            content.choose(visit.page)
            visit.home()
            opening(visit)
            visit.page.wait_for_timeout(400)
            keep(visit.page, folder / f"{name}.webp", largest=70_000, widest=1440)
            visit.discard()
        print(name, flush=True)
