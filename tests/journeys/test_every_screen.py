"""The screens: axe finds nothing, nothing scrolls sideways, the keys are in what is on top and return.

Each sheet of the client once, and the screens that people spend their day with: every second one on a
telephone. The pages of the way in, of the account and of the console all, broad and narrow: they are quick.
With CASIER_EVERY_SCREEN=1 all of them; `bench/every_screen` looks longer, in both languages, both schemes and
at all widths.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journeys.everywhere import content, rooms, visiting
from journeys.everywhere.mail_screens import MAIL
from journeys.everywhere.portal_screens import ACCOUNT, OUTSIDE
from journeys.everywhere.rooms import Room
from journeys.everywhere.visit import Screen
from journeys.everywhere.visiting import Terms
from journeys.everywhere.writing_screens import WRITING
from journeys.running import RunningInstance

WHO = "nathalie.quesnel@ac-normandie.fr"
WEB = Path(__file__).resolve().parents[2] / "web/src"
DESK, PHONE = Terms(), Terms(french=False, dark=True, width=390)
# One page, turned around: as broad as a desk, then dark and as narrow as any.
ROUND = (Terms(), Terms(dark=True, width=320))
INSIDE = (*MAIL, *WRITING, *ACCOUNT)
DAILY = {
    "list", "results", "conversation", "html-message", "shared-mailbox", "announcements", "folder-menu",
    "filters", "new-rule", "absence", "labels", "alerts", "delegation", "device", "offline",
    "composer", "composer-full", "composers", "answer", "file-docx",
    "account", "passwords", "programs", "help", "accessibility",
}  # fmt: skip
# As many as one browser window takes without a test lasting for minutes.
AT_A_TIME = 12


def chosen() -> Iterator[Screen]:
    """The screens of DAILY, and the first to draw each sheet."""
    drawn: set[str] = set()
    for screen in INSIDE:
        if (
            os.environ.get("CASIER_EVERY_SCREEN")
            or screen.name in DAILY
            or not drawn.issuperset(screen.draws)
        ):
            drawn.update(screen.draws)
            yield screen


LOOKED_AT = tuple(chosen())
# Every second screen on a telephone, in the other language and scheme; what isn't there on a desk.
ON_PHONE = {screen for screen in LOOKED_AT[1::2] if screen.least <= PHONE.width < screen.below}


# Opened by what can't be had by pressing a button; their own journeys look at them.
OF_THEIR_OWN = {
    "ui/Dialog.tsx": "what the others are made of",
    "ui/FailedSheet.tsx": "there when something failed: the client's own tests",
    "features/preview/Saving.tsx": "there while files are fetched: test_preview",
    "features/offline/Watch.tsx": "there when the line was cut: test_offline",
    "features/offline/Leaving.tsx": "there when something still waits: test_offline",
}


def rounds() -> Iterator[Any]:
    """Terms, and the screens to be looked at under them, some at a time."""
    for terms in (DESK, PHONE):
        here = [screen for screen in LOOKED_AT if (screen in ON_PHONE) == (terms is PHONE)]
        for start in range(0, len(here), AT_A_TIME):
            yield pytest.param(terms, here[start : start + AT_A_TIME], id=f"{terms.name}-{here[start].name}")


def test_every_sheet_is_looked_at() -> None:
    drawn = {
        str(path.relative_to(WEB))
        for path in WEB.glob("**/*.tsx")
        if ".test." not in path.name and ("<Dialog" in (text := path.read_text("utf-8")) or "<dialog" in text)
    }
    known = {file for screen in (*INSIDE, *OUTSIDE) for file in screen.draws}
    assert drawn - known - set(OF_THEIR_OWN) == set(), "a sheet that no screen of journeys/everywhere opens"


@pytest.fixture(scope="module")
def filled(instance: RunningInstance) -> dict[str, Any]:
    """The person whose screens are looked at, with what they need to show."""
    person = instance.demo(address=WHO)
    content.fill(instance, person)
    return person


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("terms", "screens"), list(rounds()))
def test_nothing_stands_in_the_way(
    chromium: Any, instance: RunningInstance, terms: Terms, screens: list[Screen]
) -> None:
    with visiting.window(chromium, terms) as context:
        visit = visiting.arrive(context, instance, WHO, terms)
        try:
            content.choose(visit.page)
            around = visiting.go_around(visit, terms, screens, visiting.axe_alone)
            found = [
                (one.screen, fault) for one in around for fault in one.faults if fault.gravity != "minor"
            ]
        finally:
            visit.home()
            content.ask(visit.page, "PATCH", "/api/me", {"locale": "fr", "theme": "auto"})
    assert not found, "\n".join(map(str, found))


def test_nothing_stands_in_the_way_of_who_is_not_signed_in(chromium: Any, instance: RunningInstance) -> None:
    with visiting.window(chromium, DESK) as context:
        visit = visiting.arrive(context, instance, WHO, DESK)
        around = list(visiting.go_around(visit, DESK, OUTSIDE, visiting.axe_alone))
    assert [(one.screen, fault) for one in around for fault in one.faults if fault.gravity != "minor"] == []


@pytest.fixture(scope="module")
def every_page(instance: RunningInstance) -> Iterator[None]:
    with rooms.every_page(instance):
        yield


# A newcomer sees fifty pages in one window; on a machine that does much else that takes minutes.
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("every_page")
@pytest.mark.parametrize("room", rooms.ROOMS, ids=lambda room: room.name)
def test_nothing_stands_in_the_way_in(chromium: Any, instance: RunningInstance, room: Room) -> None:
    with rooms.entered(chromium, instance, room, ROUND[0]) as visit:
        around = list(visiting.go_around_once(visit, ROUND, room.screens, visiting.axe_alone))
    assert [(one.screen, fault) for one in around for fault in one.faults if fault.gravity != "minor"] == []
