"""The list of messages, and what is ticked in it."""

from __future__ import annotations

from playwright.sync_api import expect

from journeys.everywhere.visit import Screen, Visit
from journeys.webmail import ROW


def the_list(v: Visit) -> None:
    expect(v.page.locator(ROW).first).to_be_visible()


def a_row(v: Visit) -> None:
    v.page.locator(f"{ROW}[tabindex='0']").first.focus()


def tick(v: Visit) -> None:
    """Rows are drawn anew when the server's answer comes: a press in between reaches nothing."""
    v.page.locator(f"{ROW} input").first.click(force=True)
    expect(v.page.locator(".selection-bar")).to_be_visible()


def selection_menu(v: Visit) -> None:
    tick(v)
    v.page.locator(".selection-bar .menu-anchor button").click()


def unread_only(v: Visit) -> None:
    v.button("Non lus", "Unread").first.click()
    expect(v.button("Non lus", "Unread").first).to_have_attribute("aria-pressed", "true")


LIST = (
    Screen("list", the_list),
    Screen("row", a_row),
    Screen("selection", tick),
    Screen("selection-menu", selection_menu),
    Screen("unread-only", unread_only),
)
