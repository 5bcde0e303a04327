"""Pictures of the web client in its main states, at three widths, light and dark, to be looked at by people.

    python web/tools/shots.py https://normandie.localhost:8443/ NAME PASSWORD FOLDER [state …]

Needs a running instance with its demonstration data, and Debian's chromium.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"1440": (1440, 900), "768": (768, 1024), "390": (390, 844)}
ROW = ".row[data-thread]"

State = Callable[[Page], None]


def sign_in(page: Page, web: str, name: str, password: str) -> None:
    page.goto(web)
    page.locator("input[autocomplete~=username]").fill(name)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)


def inbox(page: Page) -> None:
    expect(page.locator(ROW).first).to_be_visible()


def reading(page: Page) -> None:
    page.locator(ROW, has=page.locator(".row-count")).first.click()
    expect(page.locator(".message-body")).to_be_visible()


def html_mail(page: Page) -> None:
    page.locator(ROW).nth(1).click()
    expect(page.locator(".message-body")).to_be_visible()
    expect(page.locator(".mail-frame[data-measured=true]").first).to_be_visible()


def selection(page: Page) -> None:
    for at in range(3):
        page.locator(ROW).nth(at).locator("input").check(force=True)
    expect(page.locator(".selection-bar")).to_be_visible()


def compose(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator(".editor-text")).to_be_visible()
    page.keyboard.type("mar")
    expect(page.locator(".suggestion").first).to_be_visible()


def reply(page: Page) -> None:
    reading(page)
    page.keyboard.press("r")
    expect(page.locator(".editor-text")).to_be_visible()
    page.locator(".editor-text").click()
    page.keyboard.type("Bonjour,\n\nMerci pour ces précisions, je vous réponds demain.")


def search(page: Page) -> None:
    page.locator("#search").fill("réunion")
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_be_visible()
    expect(page.locator(ROW).first).to_be_visible()


def nothing_found(page: Page) -> None:
    page.locator("#search").fill("introuvable-zzz")
    page.keyboard.press("Enter")
    expect(page.locator(".empty-title").first).to_be_visible()


def empty_folder(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.locator(".segments .button").nth(2).click()
    expect(page.locator(".list-pane .empty-title")).to_be_visible()


def settings(page: Page) -> None:
    page.locator(".account-button").click()
    page.locator(".menu-line", has_text="Réglages").click()
    expect(page.locator(".dialog")).to_be_visible()


def keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator(".dialog")).to_be_visible()


def folders(page: Page) -> None:
    page.locator(".topbar-start .button").click()


def offline(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator(".status-line")).to_be_visible(timeout=20_000)


STATES: dict[str, State] = {
    state.__name__: state
    for state in (
        inbox, reading, html_mail, selection, compose, reply, search, nothing_found, empty_folder,
        settings, keys, folders, offline,
    )
}  # fmt: skip


def take(browser: Browser, web: str, who: tuple[str, str], folder: Path, wanted: list[str]) -> None:
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                has_touch=width < 700,
                locale="fr-FR",
                timezone_id="Europe/Paris",
                ignore_https_errors=True,
            )
            page = context.new_page()
            sign_in(page, web, *who)
            for name in wanted:
                context.set_offline(False)
                page.goto(web + "courrier/")
                inbox(page)
                STATES[name](page)
                page.wait_for_timeout(250)  # pictures and fonts settle
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")
            context.close()


def main() -> None:
    web, name, password, folder, *wanted = sys.argv[1:]
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(browser, web, (name, password), target, wanted or list(STATES))
        browser.close()


if __name__ == "__main__":
    main()
