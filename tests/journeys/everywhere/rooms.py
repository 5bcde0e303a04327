"""The rooms of identity and the console: who goes through which, and the rules that make every page exist."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser

from journeys.doors import BECAUSE, WIDE, change
from journeys.everywhere import console_screens, content, school_screens, visiting, way_in_screens
from journeys.everywhere.account_screens import NEWCOMERS
from journeys.everywhere.console_screens import CONSOLE
from journeys.everywhere.people_screens import PEOPLE
from journeys.everywhere.visit import Screen, Visit
from journeys.everywhere.visiting import Terms
from journeys.everywhere.way_back_screens import FORGOTTEN, REPAIR
from journeys.running import RunningInstance


@dataclass(frozen=True)
class Room:
    """Screens that one person sees one after another; ADDRESS: whom they are, if they come as anyone."""

    name: str
    academy: str
    screens: tuple[Screen, ...]
    address: str = ""


ROOMS = (
    Room("newcomer", way_in_screens.ACADEMY, NEWCOMERS),
    Room("way-back", way_in_screens.ACADEMY, (*FORGOTTEN, *REPAIR)),
    Room("console", "normandie", CONSOLE, console_screens.WHO),
    Room("people", "normandie", PEOPLE, console_screens.WHO),
    Room("many", "normandie", school_screens.MANY, console_screens.WHO),
    Room("school", "normandie", school_screens.OF_THE_HEAD, school_screens.HEAD),
    Room("officer", "nancy-metz", school_screens.OF_THE_OFFICER, school_screens.OFFICER),
)
SCREENS: tuple[Screen, ...] = tuple(screen for room in ROOMS for screen in room.screens)


@contextmanager
def every_page(instance: RunningInstance) -> Iterator[None]:
    """The academy of newcomers asks for all that can be asked, until the end."""
    academy = way_in_screens.ACADEMY
    change(instance, academy, *WIDE, *way_in_screens.POLICY)
    try:
        yield
    finally:
        instance.casier("policy", "apply", academy, "--set", academy, *BECAUSE)
        change(instance, academy, *WIDE)


@contextmanager
def entered(chromium: Browser, instance: RunningInstance, room: Room, terms: Terms) -> Iterator[Visit]:
    """A window in ROOM, in the language of TERMS."""
    with visiting.window(chromium, terms) as context:
        if not room.address:
            person = {"academy": room.academy}
            yield Visit(context.new_page(), instance, person, terms.french, terms.width)
            return
        visit = visiting.arrive(context, instance, room.address, terms)
        try:
            yield visit
        finally:
            visit.page.goto(f"{visit.origin}/compte/")
            content.ask(visit.page, "PATCH", "/api/me", {"locale": "fr", "theme": "auto"})
