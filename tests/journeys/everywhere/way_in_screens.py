"""The way in: from the invitation to the mailbox, then coming back; and who can't get in.

A screen of the way is reached by walking it. One newcomer walks in a window for as long as each screen lies
further on than the one before; a look at an earlier one begins anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import expect

from journeys.everywhere.visit import Opening, Screen, Visit
from journeys.newcomers import PASSWORD, Answering, newcomer

ACADEMY = "rouen"
# Every page exists: three questions, all ways back, a factor that is wanted.
POLICY = (
    'recovery.methods=["backup_link","temporary_code","letter","service_desk","secret_questions"]',
    "second_factor.requirement=required",
)
# Longer than any way.
MOST_PAGES = 24
ENROL = "/connexion/second-facteur/inscrire/"
SHOW = "/connexion/second-facteur/"
# The address of the door names what comes after it, too.
MAIL = re.compile(r"^https://[^/]+/courrier/")


@dataclass
class Walk:
    """Somebody who walks, and the session that they came to."""

    answers: Answering
    signed_in: bool = False

    @property
    def here(self) -> str:
        return str(urlsplit(self.answers.page.url).path)

    def until(self, there: str) -> bool:
        """Answer each page until THERE; whether it was on the way."""
        for _ in range(MOST_PAGES):
            self.signed_in = self.here == "/courrier/"
            if self.here == there or self.signed_in:
                break
            self.answers.answer(self.here)
            self.answers.page.wait_for_load_state()
        return self.here == there


# Who walks in which window.
WALKS: dict[int, Walk] = {}


def _begin(v: Visit) -> Walk:
    """Somebody new, in front of the first page."""
    v.page.goto("about:blank")
    v.page.context.clear_cookies()
    walk = Walk(Answering(v.page, v.instance, newcomer(v.instance, ACADEMY)))
    WALKS[id(v.page)] = walk
    v.page.goto(f"{v.origin}/activation/")
    return walk


def walked(v: Visit, there: str) -> Walk:
    """On the page THERE of the way in."""
    walk = WALKS.get(id(v.page))
    if walk is None or walk.signed_in or not walk.until(there):
        walk = _begin(v)
        assert walk.until(there), f"not on the way: {there}"
    return walk


def arrived(v: Visit) -> Walk:
    """In the mailbox, by whatever ways."""
    walk = WALKS.get(id(v.page)) or _begin(v)
    if not walk.signed_in:
        assert walk.until("/courrier/"), f"lost at {v.page.url}"
    return walk


def _on_the_way(there: str) -> Opening:
    def open_it(v: Visit) -> None:
        walked(v, there)

    return open_it


def _beside(there: str, beside: str) -> Opening:
    """A page that one comes to from THERE, and goes back."""

    def open_it(v: Visit) -> None:
        walked(v, there)
        v.page.goto(v.origin + beside)
        v.after.append(lambda: v.page.goto(v.origin + there))

    return open_it


def _wrongly(there: str, **typed: str) -> Opening:
    """What THERE says of a wrong answer."""

    def open_it(v: Visit) -> None:
        walked(v, there)
        for name, text in typed.items():
            v.page.fill(f"#{name}", text)
        v.page.click("main form button.main")
        expect(v.page.locator("[role=alert], .error").first).to_be_visible()

    return open_it


def weak_password(v: Visit) -> None:
    walked(v, "/connexion/mot-de-passe/")
    v.page.fill("#nouveau", "Rentree2026!")
    expect(v.page.locator(".strength-word")).not_to_be_empty(timeout=30_000)


def declined(v: Visit) -> None:
    walk = walked(v, "/connexion/charte/")
    v.follow(v.page.locator("button[value=refus]"))
    v.after.append(lambda: v.page.goto(f"{v.origin}/activation/"))
    assert walk.here == "/connexion/charte/"


def reported(v: Visit) -> None:
    """A correction was asked for; the way goes on from there."""
    walked(v, "/activation/coordonnees/")
    v.page.goto(f"{v.origin}/activation/coordonnees/signaler/")
    v.page.check("#inexact-school")
    v.page.fill("#precision", "Collège Jean-Moulin, Rouen")
    v.page.click("main form button.main")
    expect(v.page.locator("code").first).to_be_visible()
    v.after.append(lambda: v.page.goto(f"{v.origin}/activation/coordonnees/"))


def paper(v: Visit) -> None:
    walk = walked(v, f"{ENROL}")
    v.page.goto(f"{v.origin}{ENROL}application/")
    walk.answers.answer(f"{ENROL}application/")
    expect(v.page.locator(".factor-codes")).to_be_visible()


NEWCOMER = (
    Screen("activation", _on_the_way("/activation/"), over_mail=False),
    Screen("activation-wrong", _wrongly("/activation/", numen="12"), over_mail=False),
    Screen("birth-date", _on_the_way("/activation/naissance/"), over_mail=False),
    Screen("birth-date-wrong", _wrongly("/activation/naissance/", jour="31", mois="2"), over_mail=False),
    Screen("family-name", _on_the_way("/activation/nom/"), over_mail=False),
    Screen("charter-declined", declined, over_mail=False),
    Screen("details", _on_the_way("/activation/coordonnees/"), over_mail=False),
    Screen(
        "details-wrong",
        _beside("/activation/coordonnees/", "/activation/coordonnees/signaler/"),
        over_mail=False,
    ),
    Screen("details-reported", reported, over_mail=False),
    Screen("charter", _on_the_way("/connexion/charte/"), over_mail=False),
    Screen("first-password", _on_the_way("/connexion/mot-de-passe/"), over_mail=False),
    Screen("first-password-weak", weak_password, over_mail=False),
    Screen("way-back", _on_the_way("/connexion/secours/"), over_mail=False),
    Screen("way-back-wrong", _wrongly("/connexion/secours/", valeur="moi@ac-rouen.fr"), over_mail=False),
    Screen(
        "way-back-telephone",
        _beside("/connexion/secours/", "/connexion/secours/?par=telephone"),
        over_mail=False,
    ),
    Screen("way-back-code", _on_the_way("/connexion/secours/code/"), over_mail=False),
    Screen("way-back-code-wrong", _wrongly("/connexion/secours/code/", code="000000"), over_mail=False),
    Screen("factor", _on_the_way(ENROL), over_mail=False),
    Screen("factor-passkey", _beside(ENROL, f"{ENROL}cle/?genre=acces"), over_mail=False),
    Screen("factor-key", _beside(ENROL, f"{ENROL}cle/?genre=cle"), over_mail=False),
    Screen("factor-application", _beside(ENROL, f"{ENROL}application/"), over_mail=False),
    Screen("factor-codes", paper, over_mail=False),
    Screen("memo", _on_the_way("/activation/memo/"), over_mail=False),
)


# Coming back, with what the newcomer has. ------------------------------------------------------------
def _knock(v: Visit) -> Walk:
    """Signed out, the password typed."""
    walk = arrived(v)
    v.page.goto("about:blank")
    v.page.context.clear_cookies(name="__Host-casier")
    v.page.goto(f"{v.origin}/connexion/")
    v.page.fill("#identifiant", walk.answers.who.address)
    v.page.fill("#mot_de_passe", PASSWORD)
    v.page.locator("form button.main").click()
    return walk


def second_factor(v: Visit) -> None:
    if urlsplit(v.page.url).path != SHOW:
        _knock(v)
    expect(v.page.locator("#code")).to_be_visible()


def second_factor_wrong(v: Visit) -> None:
    second_factor(v)
    v.page.click("main form button.main")
    expect(v.page.locator("[role=alert]")).to_be_visible()


def second_factor_paper(v: Visit) -> None:
    second_factor(v)
    v.page.goto(f"{v.origin}{SHOW}?moyen=secours")
    expect(v.page.locator("#code")).to_be_visible()


def confirm(v: Visit) -> None:
    """A trusted device opens by the password alone; what is sensitive asks for more."""
    second_factor_paper(v)
    walk = WALKS[id(v.page)]
    v.page.fill("#code", walk.answers.paper.pop())
    v.page.check("#confiance")
    v.page.locator("main form button.main").click()
    v.page.wait_for_url(MAIL)
    _knock(v)
    v.page.wait_for_url(MAIL)
    v.page.goto(f"{v.origin}/compte/second-facteur/ajouter/")
    expect(v.page.locator("#code")).to_be_visible()


def confirm_wrong(v: Visit) -> None:
    if urlsplit(v.page.url).path != "/compte/confirmer/":
        confirm(v)
    v.page.click("main form button.main")
    expect(v.page.locator("[role=alert]")).to_be_visible()


COMING_BACK = (
    Screen("second-factor", second_factor, over_mail=False),
    Screen("second-factor-empty", second_factor_wrong, over_mail=False),
    Screen("second-factor-paper", second_factor_paper, over_mail=False),
    Screen("confirm", confirm, over_mail=False),
    Screen("confirm-empty", confirm_wrong, over_mail=False),
)
