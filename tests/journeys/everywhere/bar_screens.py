"""The bar above the mail: account, search, palette, keys, announcements, bell."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import expect

from journeys.everywhere.content import announce
from journeys.everywhere.visit import FOLDERS, Screen, Visit, by_palette
from journeys.webmail import ROW


def account_menu(v: Visit) -> None:
    v.page.locator(".account-button").click()
    expect(v.page.get_by_role("menu")).to_be_visible()


def drawer(v: Visit) -> None:
    v.page.locator(".topbar-start button").first.click()
    v.sheet()


def folders(v: Visit) -> None:
    """The column of folders: a narrow window keeps it in a drawer."""
    if not v.wide:
        drawer(v)


def suggestions(v: Visit) -> None:
    v.page.keyboard.press("/")
    v.page.keyboard.type(v.say("de:nath", "from:nath"))
    expect(v.page.locator(".suggestion").first).to_be_visible()


def _search(v: Visit, text: str) -> None:
    v.page.keyboard.press("/")
    v.page.keyboard.type(text)
    v.page.keyboard.press("Enter")
    expect(v.page.locator(".chips")).to_be_visible()


def results(v: Visit) -> None:
    _search(v, v.say("de:correspondante musée", "from:correspondante musée"))
    expect(v.page.locator(ROW).first).to_be_visible(timeout=15_000)


def no_result(v: Visit) -> None:
    _search(v, "introuvablement")
    expect(v.page.locator(".empty-title").first).to_be_visible(timeout=15_000)


def chip_edited(v: Visit) -> None:
    results(v)
    v.page.locator(".chip-word").first.click()
    expect(v.page.locator(".chip-field")).to_be_focused()


def keep_search(v: Visit) -> None:
    results(v)
    v.button("Garder cette recherche", "Save this search").click()
    v.sheet()


def kept_searches(v: Visit) -> None:
    v.button("Gérer les recherches gardées", "Manage saved searches").click()
    v.sheet()


def palette(v: Visit) -> None:
    v.page.keyboard.press("Control+k")
    v.sheet()


def palette_typed(v: Visit) -> None:
    palette(v)
    v.page.keyboard.type("mar")
    expect(v.page.locator(".palette-line").first).to_be_visible()


def keys(v: Visit) -> None:
    v.page.keyboard.press("?")
    v.sheet()


def announcements(v: Visit) -> None:
    for made in announce(v.instance, v.person["academy"]):
        v.after.append(partial(v.instance.casier, "announce", "withdraw", made))
    expect(v.page.locator(".announcement").first).to_be_visible()


def bell(v: Visit) -> None:
    v.page.get_by_role("button", name=re.compile("^Notifications")).first.click()
    expect(v.page.locator(".bell-panel")).to_be_visible()


BAR = (
    Screen("account-menu", account_menu),
    Screen("folders", drawer, ("screens/shell/Drawer.tsx",), below=FOLDERS, sheet=True),
    Screen("suggestions", suggestions),
    Screen("results", results),
    Screen("no-result", no_result),
    Screen("chip-edited", chip_edited),
    Screen(
        "search-form",
        by_palette("Recherche détaillée", "Detailed search"),
        ("features/search/SearchForm.tsx",),
        sheet=True,
    ),
    Screen("keep-search", keep_search, ("features/search/SaveSearch.tsx",), sheet=True),
    Screen("kept-searches", kept_searches, ("features/search/SavedSearches.tsx",), least=FOLDERS, sheet=True),
    Screen("palette", palette, ("features/palette/Palette.tsx",), sheet=True),
    Screen("palette-typed", palette_typed),
    Screen("keys", keys, ("screens/settings/HelpDialog.tsx",), sheet=True),
    Screen("announcements", announcements),
    Screen("bell", bell, ("features/notifications/Bell.tsx",), sheet=True),
)
