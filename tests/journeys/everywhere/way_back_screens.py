"""Who forgot the password, who can't get in, what anyone may read: by nobody who is known."""

from __future__ import annotations

import secrets

from playwright.sync_api import expect

from journeys.everywhere.visit import Opening, Screen, Visit


def _page(path: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.page.goto(v.origin + path)

    return open_it


def _named(start: str) -> Opening:
    """Somebody of whom nothing is known: the pages are the same for everyone."""

    def open_it(v: Visit) -> None:
        v.page.goto(v.origin + start)
        v.page.fill("#identifiant", f"jeanne.personne-{secrets.token_hex(4)}")
        v.page.click("button.main")
        expect(v.page.locator("button[name=moyen]").first).to_be_visible()

    return open_it


def _empty(path: str) -> Opening:
    """The form sent back with nothing in it."""

    def open_it(v: Visit) -> None:
        v.page.goto(v.origin + path)
        v.page.locator("main form").first.evaluate("form => { form.noValidate = true }")
        v.page.locator("main form button").first.click()
        expect(v.page.locator("[role=alert]").first).to_be_visible()

    return open_it


def _by(start: str, way: str, then: str = "") -> Opening:
    """What comes after the choice of WAY; THEN: a code that isn't right."""

    def open_it(v: Visit) -> None:
        _named(start)(v)
        v.follow(v.page.locator(f"button[value={way}]"))
        if then:
            v.page.fill("#code", then)
            v.follow(v.page.locator("button.main"))
            expect(v.page.locator("[role=alert]")).to_be_visible()

    return open_it


def link_over(v: Visit) -> None:
    v.page.goto(f"{v.origin}/oubli/lien/{secrets.token_urlsafe(32)}/")
    v.follow(v.page.locator("main form button.main"))
    expect(v.page.locator("h1")).to_be_visible()


def reference(v: Visit) -> None:
    v.page.goto(f"{v.origin}/depannage/reference/")
    v.page.fill("#reference", "R-2345-6789")
    v.follow(v.page.locator("main form button"))
    expect(v.page.locator("h1")).to_be_visible()


FORGOTTEN = (
    Screen("forgotten", _page("/oubli/"), over_mail=False),
    Screen("forgotten-empty", _empty("/oubli/"), over_mail=False),
    Screen("forgotten-ways", _named("/oubli/"), over_mail=False),
    Screen("forgotten-link", _by("/oubli/", "lien"), over_mail=False),
    Screen("forgotten-code", _by("/oubli/", "courriel"), over_mail=False),
    Screen("forgotten-code-wrong", _by("/oubli/", "courriel", "000000"), over_mail=False),
    Screen("forgotten-letter", _by("/oubli/", "lettre"), over_mail=False),
    Screen("forgotten-help-desk", _by("/oubli/", "assistance"), over_mail=False),
    Screen("letter-code", _page("/oubli/lettre/"), over_mail=False),
    Screen("letter-code-empty", _empty("/oubli/lettre/"), over_mail=False),
    Screen("recovery-link", _page("/oubli/lien/x/"), over_mail=False),
    Screen("recovery-link-over", link_over, over_mail=False),
)
REPAIR = (
    Screen("repair", _page("/depannage/"), over_mail=False),
    Screen("repair-ways", _named("/depannage/"), over_mail=False),
    Screen("repair-code", _by("/depannage/", "courriel"), over_mail=False),
    Screen("repair-code-wrong", _by("/depannage/", "courriel", "000000"), over_mail=False),
    Screen("repair-reference", _page("/depannage/reference/"), over_mail=False),
    Screen("repair-reference-told", reference, over_mail=False),
    Screen("repair-checks", _page("/depannage/verifier/"), over_mail=False),
    Screen("notice-link-unknown", _page(f"/securite/{'A' * 43}/"), over_mail=False),
    Screen("charter-published", _page("/documents/charte/"), over_mail=False),
    Screen("privacy-published", _page("/documents/confidentialite/"), over_mail=False),
)
