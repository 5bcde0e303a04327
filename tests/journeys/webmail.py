"""The way into the webmail that journeys share."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from journeys.running import RunningInstance

ROW = ".row[data-thread]"
# Where the pictures of the help pages go when they are made anew.
PICTURES = os.environ.get("CASIER_HELP_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Keep what PAGE shows for the help pages, as NAME.png; nothing unless pictures are wanted."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


def signed_in(context: BrowserContext, instance: RunningInstance, address: str) -> Page:
    """The demo person with ADDRESS, signed in, with the inbox in view."""
    person = instance.demo(address=address)
    page = context.new_page()
    page.goto(instance.web_url(person["academy"]))
    page.locator("input[autocomplete~=username]").fill(person["signInName"])
    page.locator("input[type=password]").fill(person["password"])
    page.locator("input[type=password]").press("Enter")
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)
    return page
