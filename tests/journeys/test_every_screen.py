"""Every screen once: axe finds nothing, nothing scrolls sideways, the keys are in what is on top and return.

`bench/every_screen` looks longer, in both languages, both schemes and at all widths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journeys.everywhere import content, visiting
from journeys.everywhere.mail_screens import MAIL
from journeys.everywhere.portal_screens import ACCOUNT, OUTSIDE
from journeys.everywhere.visit import Screen
from journeys.everywhere.visiting import Terms
from journeys.everywhere.writing_screens import WRITING
from journeys.running import RunningInstance

WHO = "nathalie.quesnel@ac-normandie.fr"
WEB = Path(__file__).resolve().parents[2] / "web/src"
DESK, PHONE = Terms(), Terms(french=False, dark=True, width=390)
INSIDE = (*MAIL, *WRITING, *ACCOUNT)
# Every second screen on a telephone, in the other language and scheme; what isn't there on a desk.
ON_PHONE = {screen for screen in INSIDE[1::2] if screen.least <= PHONE.width < screen.below}


# Opened by what can't be had by pressing a button; their own journeys look at them.
OF_THEIR_OWN = {
    "ui/Dialog.tsx": "what the others are made of",
    "features/preview/Saving.tsx": "there while files are fetched: test_preview",
    "features/offline/Watch.tsx": "there when the line was cut: test_offline",
    "features/offline/Leaving.tsx": "there when something still waits: test_offline",
}


def seen_at(terms: Terms) -> list[Screen]:
    return [screen for screen in INSIDE if (screen in ON_PHONE) == (terms is PHONE)]


def test_every_sheet_is_looked_at() -> None:
    drawn = {
        str(path.relative_to(WEB))
        for path in WEB.glob("**/*.tsx")
        if ".test." not in path.name and ("<Dialog" in (text := path.read_text("utf-8")) or "<dialog" in text)
    }
    known = {file for screen in (*INSIDE, *OUTSIDE) for file in screen.draws}
    assert drawn - known - set(OF_THEIR_OWN) == set(), "a sheet that no screen of journeys/everywhere opens"


@pytest.mark.parametrize("terms", [DESK, PHONE], ids=lambda terms: terms.name)
def test_nothing_stands_in_the_way(chromium: Any, instance: RunningInstance, terms: Terms) -> None:
    person = instance.demo(address=WHO)
    if terms is DESK:
        content.fill(instance, person)
    with visiting.window(chromium, terms) as context:
        visit = visiting.arrive(context, instance, WHO, terms)
        try:
            content.choose(visit.page)
            around = visiting.go_around(visit, terms, seen_at(terms), visiting.axe_alone)
            found = [
                (one.screen, fault) for one in around for fault in one.faults if fault.gravity != "minor"
            ]
        finally:
            visit.home()
            content.ask(visit.page, "PATCH", "/api/me", {"locale": "fr", "theme": "auto"})
    assert found == []


@pytest.mark.parametrize("screen", OUTSIDE, ids=lambda screen: screen.name)
def test_nothing_stands_in_the_way_of_who_is_not_signed_in(
    chromium: Any, instance: RunningInstance, screen: Screen
) -> None:
    with visiting.window(chromium, DESK) as context:
        visit = visiting.arrive(context, instance, WHO, DESK)
        (seen,) = visiting.go_around(visit, DESK, [screen], visiting.axe_alone)
    assert [fault for fault in seen.faults if fault.gravity != "minor"] == []
