"""All about one's way in, once one is in: the pages of the account, as a newcomer sees them."""

from __future__ import annotations

import secrets

from playwright.sync_api import Locator, expect

from journeys.everywhere.visit import Opening, Screen, Visit
from journeys.everywhere.way_in_screens import COMING_BACK, NEWCOMER, arrived

FACTORS = "/compte/second-facteur/"
MEANS = "/compte/secours/"


def _heading(v: Visit) -> Locator:
    """What a page of the account begins with; an error has none beside its rooms."""
    return v.page.locator(".desk main h1")


def _page(path: str) -> Opening:
    def open_it(v: Visit) -> None:
        arrived(v)
        v.page.goto(v.origin + path)
        expect(_heading(v)).to_be_visible()

    return open_it


def _linked(path: str, link: str) -> Opening:
    """The first page that LINK leads to, from PATH."""

    def open_it(v: Visit) -> None:
        _page(path)(v)
        v.follow(v.page.locator(link).first)
        expect(_heading(v)).to_be_visible()

    return open_it


def _empty(path: str) -> Opening:
    """The form sent back with nothing in it."""

    def open_it(v: Visit) -> None:
        _page(path)(v)
        v.page.locator("main form").first.evaluate("form => { form.noValidate = true }")
        v.page.locator("main form button.main").first.click()
        expect(v.page.locator("main [role=alert]").first).to_be_visible()

    return open_it


def weak_password(v: Visit) -> None:
    _page("/compte/mot-de-passe/")(v)
    v.page.fill("#nouveau", "Rentree2026!")
    expect(v.page.locator(".strength-word")).not_to_be_empty(timeout=30_000)
    v.page.locator("main summary").first.click()


def means_code(v: Visit) -> None:
    """Another address, that doesn't look like the first; the code that went there."""
    _page(f"{MEANS}ajouter/")(v)
    v.page.fill("#valeur", f"{secrets.token_hex(4)}@exemple{secrets.token_hex(2)}.example")
    v.page.locator("main form button.main").click()
    expect(v.page.locator("#code")).to_be_visible()


def means_unverified(v: Visit) -> None:
    means_code(v)
    _page(MEANS)(v)


def device_made(v: Visit) -> None:
    _page("/compte/mots-de-passe/nouveau/")(v)
    v.page.fill("#nom", v.say("Téléphone", "Telephone"))
    v.page.locator("main form button.main").click()
    expect(v.page.locator(".password")).to_be_visible()


HOME = (
    Screen("own-overview", _page("/compte/"), over_mail=False),
    Screen("own-password", _page("/compte/mot-de-passe/"), over_mail=False),
    Screen("own-password-empty", _empty("/compte/mot-de-passe/"), over_mail=False),
    Screen("own-password-weak", weak_password, over_mail=False),
    Screen("own-factors", _page(FACTORS), over_mail=False),
    Screen("own-factor-kinds", _page(f"{FACTORS}ajouter/"), over_mail=False),
    Screen("own-factor-application", _page(f"{FACTORS}ajouter/application/"), over_mail=False),
    Screen("own-factor-application-empty", _empty(f"{FACTORS}ajouter/application/"), over_mail=False),
    Screen("own-factor-passkey", _page(f"{FACTORS}ajouter/cle/?genre=acces"), over_mail=False),
    Screen("own-factor-telephone", _page(f"{FACTORS}ajouter/telephone/"), over_mail=False),
    Screen("own-factor-removed", _linked(FACTORS, "main a[href$='/retirer/']"), over_mail=False),
    Screen("own-codes-anew", _page(f"{FACTORS}codes/"), over_mail=False),
    Screen("own-means", means_unverified, over_mail=False),
    Screen("own-means-new", _page(f"{MEANS}ajouter/"), over_mail=False),
    Screen("own-means-telephone", _page(f"{MEANS}ajouter/?par=telephone"), over_mail=False),
    Screen("own-means-code", means_code, over_mail=False),
    Screen("own-means-removed", _linked(MEANS, "main a[href$='/retirer/']"), over_mail=False),
    Screen("own-questions", _page("/compte/questions/"), over_mail=False),
    Screen("own-questions-empty", _empty("/compte/questions/"), over_mail=False),
    Screen("own-activity", _page("/compte/activite/"), over_mail=False),
    Screen("own-not-me", _linked("/compte/activite/", "main a[href*='/avis/']"), over_mail=False),
    Screen("own-memo", _page("/compte/memo/"), over_mail=False),
    Screen("own-programs", _page("/compte/logiciels/"), over_mail=False),
    Screen("own-device-made", device_made, over_mail=False),
    Screen("own-devices", _page("/compte/mots-de-passe/"), over_mail=False),
    Screen("own-confirmed", _page("/compte/confirmer/"), over_mail=False),
)
# In the order in which one person sees them.
NEWCOMERS = (*NEWCOMER, *HOME, *COMING_BACK)
