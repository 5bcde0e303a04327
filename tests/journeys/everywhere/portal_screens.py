"""The pages around the mail: the door, the account, help, errors, files by link."""

from __future__ import annotations

import secrets

from playwright.sync_api import expect

from casier.portal.help.pages import pages
from journeys.everywhere.content import DOUBTFUL
from journeys.everywhere.visit import Opening, Screen, Visit, begins
from journeys.everywhere.writing_screens import address, by_link, subject_of


def _page(path: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.page.goto(v.origin + path)

    return open_it


def _out(v: Visit, path: str, academy: bool = True) -> None:
    """As somebody who isn't signed in sees it; the window stays the same."""
    # The mail page, once it is signed out, goes to the door by itself: two ways at once end both.
    v.page.goto("about:blank")
    v.page.context.clear_cookies(name="__Host-casier")
    v.page.goto((v.origin if academy else v.instance.web_url()) + path)


def door(v: Visit) -> None:
    _out(v, "/connexion/")


def first_time(v: Visit) -> None:
    _out(v, "/activation/")


def door_of_all(v: Visit) -> None:
    _out(v, "/connexion/", academy=False)


def door_empty(v: Visit) -> None:
    door(v)
    v.page.locator("button.main").click()
    expect(v.page.locator("[role=alert]")).to_be_visible()


def _knock(v: Visit) -> None:
    """As somebody whom the directory doesn't know."""
    v.page.fill("#identifiant", "personne.inconnue")
    v.page.fill("#mot_de_passe", "pas le bon")
    v.follow(v.page.locator("button.main"))


def door_refused(v: Visit) -> None:
    door(v)
    _knock(v)
    expect(v.page.locator("[role=alert]")).to_be_visible()


def stale_form(v: Visit) -> None:
    door(v)
    v.page.context.clear_cookies()
    _knock(v)
    expect(v.page.locator("h1")).to_be_visible()


def new_password(v: Visit) -> None:
    v.page.goto(v.origin + "/compte/mots-de-passe/nouveau/")
    # One of its own each time: two of the same name can't be told apart.
    v.page.fill("#nom", f"{v.say('Téléphone', 'Telephone')} {secrets.token_hex(2)}")
    v.page.locator("main form button.main").click()
    expect(v.page.locator(".password")).to_be_visible()


def nameless_password(v: Visit) -> None:
    v.page.goto(v.origin + "/compte/mots-de-passe/nouveau/")
    v.page.locator("main form button.main").click()
    expect(v.page.locator("[role=alert]")).to_be_visible()


def revoke(v: Visit) -> None:
    new_password(v)
    v.page.goto(v.origin + "/compte/mots-de-passe/")
    v.follow(v.page.locator("a[href$='/revoquer/']").first)
    expect(v.page.locator("h1")).to_be_visible()


# The address of a file that was really sent, by instance: sending waits for the undo delay.
SENT: dict[str, str] = {}
PARENT = "parent@famille.example"


def _link(v: Visit) -> str:
    """A file sent by link to somebody outside."""
    if (known := SENT.get(v.origin)) is not None:
        return known
    v.home()
    composer = v.compose()
    address(composer, PARENT)
    subject_of(composer).fill("Bulletins")
    SENT[v.origin] = str(by_link(v, composer).get_attribute("href"))
    v.page.keyboard.press("Control+Enter")
    anyway = v.button("Envoyer quand même", "Send anyway")
    left = v.page.locator(".toast")
    expect(anyway.or_(left).first).to_be_visible(timeout=15_000)
    if anyway.count():
        anyway.click()
    expect(left.filter(has_text=begins(v.say("Message envoyé", "Message sent")))).to_be_visible(
        timeout=15_000
    )
    expect(left).to_have_count(0, timeout=40_000)
    return SENT[v.origin]


def own_link(v: Visit) -> None:
    v.page.goto(_link(v))
    expect(v.page.locator("h1")).to_be_visible()


def strangers_link(v: Visit) -> None:
    _out(v, _link(v).removeprefix(v.origin))
    expect(v.page.locator("#adresse")).to_be_visible()


def link_code(v: Visit) -> None:
    strangers_link(v)
    v.page.fill("#adresse", PARENT)
    v.page.locator("button.main").click()
    expect(v.page.locator("#code")).to_be_visible()


LINKS_INSIDE = """() => {
    const frames = [...document.querySelectorAll('.message-body iframe')];
    const pages = frames.map((frame) => frame.contentDocument).filter(Boolean);
    return pages.flatMap((page) => [...page.querySelectorAll('a')]).map((link) => link.href)[0];
}"""


def leaving(v: Visit) -> None:
    v.home()
    v.open(DOUBTFUL)
    href = v.page.evaluate(LINKS_INSIDE)
    v.page.goto(
        href
        if href and "/sortie/" in href
        else f"{v.origin}/sortie/?vers=https%3A%2F%2Fxn--c-rouen-lva.example%2F"
    )
    expect(v.page.locator("h1")).to_be_visible()


HELP = tuple(
    Screen(f"help-{one.topic}", _page(f"/aide/{one.topic}/"), over_mail=False) for one in pages("fr")
)
ACCOUNT = (
    Screen("account", _page("/compte/"), over_mail=False),
    Screen("passwords", _page("/compte/mots-de-passe/"), over_mail=False),
    Screen("password-made", new_password, over_mail=False),
    Screen("password-nameless", nameless_password, over_mail=False),
    Screen("password-revoke", revoke, over_mail=False),
    Screen("programs", _page("/compte/logiciels/"), over_mail=False),
    Screen("help", _page("/aide/"), over_mail=False),
    *HELP,
    Screen("accessibility", _page("/accessibilite/"), over_mail=False),
    Screen("sign-out", _page("/deconnexion/"), over_mail=False),
    Screen("error-404", _page("/nulle-part/"), over_mail=False),
    Screen("error-404-nginx", _page("/courrier/assets/nulle-part.js"), over_mail=False),
    Screen("error-400-nginx", _page("/aide/%2e%2e%2f"), over_mail=False),
    Screen("leaving", leaving, over_mail=False),
    Screen("link-own", own_link, over_mail=False),
)
# These sign out, one after another; the first still sends a file before.
OUTSIDE = (
    Screen("link-stranger", strangers_link, over_mail=False),
    Screen("link-code", link_code, over_mail=False),
    Screen("door", door, over_mail=False),
    Screen("door-of-all", door_of_all, over_mail=False),
    Screen("door-empty", door_empty, over_mail=False),
    Screen("door-refused", door_refused, over_mail=False),
    Screen("error-403", stale_form, over_mail=False),
)
