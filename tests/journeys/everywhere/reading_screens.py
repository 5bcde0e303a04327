"""The conversation: its messages, their menus, what is done with them."""

from __future__ import annotations

from playwright.sync_api import expect

from journeys.everywhere.content import ANSWERED, DOUBTFUL, SAFETY
from journeys.everywhere.visit import Opening, Screen, Visit, by_menu


def a_conversation(v: Visit) -> None:
    v.open(ANSWERED)


def all_its_details(v: Visit) -> None:
    v.open(ANSWERED)
    v.page.locator(".message-to").last.click()
    expect(v.page.locator(".message-details").first).to_be_visible()


def a_page_in_a_message(v: Visit) -> None:
    v.open(SAFETY)
    expect(v.page.locator(".banner").first).to_be_visible()


def a_doubtful_link(v: Visit) -> None:
    v.open(DOUBTFUL)


def _menu_of(acts: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.open(SAFETY)
        v.page.locator(f"{acts} .menu-anchor button").last.click()
        expect(v.page.get_by_role("menu")).to_be_visible()

    return open_it


def _by_key(key: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.open(SAFETY)
        v.page.keyboard.press(key)
        v.sheet()

    return open_it


def done(v: Visit) -> None:
    v.open(SAFETY)
    v.page.keyboard.press("s")
    v.page.keyboard.press("s")
    expect(v.page.locator(".toast").first).to_be_visible()


MESSAGE_MENU = _menu_of(".message-acts")

READING = (
    Screen("conversation", a_conversation),
    Screen("details", all_its_details),
    Screen("html-message", a_page_in_a_message),
    Screen("doubtful-message", a_doubtful_link),
    Screen("message-menu", MESSAGE_MENU),
    Screen(
        "source",
        by_menu(MESSAGE_MENU, "Afficher le texte d’origine", "Show the original text"),
        ("screens/reading/SourceDialog.tsx",),
        sheet=True,
    ),
    Screen(
        "rule-from-message",
        by_menu(MESSAGE_MENU, "Créer un filtre à partir", "Create a filter from"),
        ("features/filters/RuleSheet.tsx",),
        sheet=True,
    ),
    Screen("conversation-menu", _menu_of(".reading-acts")),
    Screen("move", _by_key("v"), ("screens/MoveButton.tsx",), sheet=True),
    Screen("label", _by_key("l"), ("features/labels/Picker.tsx",), sheet=True),
    Screen("put-off", _by_key("b"), ("features/followup/LaterSheet.tsx",), sheet=True),
    Screen("done", done),
)
