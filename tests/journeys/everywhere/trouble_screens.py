"""The mail page when the mail doesn't answer, or the session is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from playwright.sync_api import expect

from journeys.everywhere.visit import Screen, Visit

if TYPE_CHECKING:  # not among the names that the library shows
    from playwright._impl._api_structures import SetCookieParam


def _refuse(v: Visit) -> None:
    """From here on the mail answers that it is unavailable."""
    v.page.route(
        "**/jmap/**",
        lambda route: route.fulfill(
            status=503,
            content_type="application/problem+json",
            body='{"type":"unavailable","title":"","detail":"","status":503,"reference":"R-0"}',
        ),
    )


def refused(v: Visit) -> None:
    _refuse(v)
    v.page.keyboard.press("j")
    v.page.keyboard.press("s")
    expect(v.page.locator(".status-line")).to_be_visible(timeout=15_000)


def cannot_open(v: Visit) -> None:
    _refuse(v)
    v.page.reload()
    expect(v.page.locator("h1")).to_be_visible(timeout=15_000)


def signed_out(v: Visit) -> None:
    """The session is over and the page doesn't know yet. The next screen signs in again."""
    # A browser takes what it gave; the library has a type for each.
    kept = cast("list[SetCookieParam]", v.page.context.cookies())
    v.after.append(lambda: v.page.context.add_cookies(kept))
    v.page.context.clear_cookies(name="__Host-casier")
    v.page.keyboard.press("j")
    v.page.keyboard.press("s")
    over = v.page.locator(".status-warning, .page-message, #identifiant")
    expect(over.first).to_be_visible(timeout=15_000)


TROUBLE = (
    Screen("refused", refused),
    Screen("cannot-open", cannot_open),
    Screen("signed-out", signed_out),
)
