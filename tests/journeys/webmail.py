"""The way into the webmail that journeys share."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from journeys.running import RunningInstance

ROW = ".row[data-thread]"


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
