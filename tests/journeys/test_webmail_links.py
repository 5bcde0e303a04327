"""Links tell where they lead; those that aren't what they seem ask first, by mouse and by keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.test_webmail_html import open_message

LINKS = """<style>span, .casier-elsewhere, .casier-told {{ display: none !important; color: #fff !important }}
.casier-told::before {{ content: "ac-normandie.fr " !important }}</style>
<p><a id="masque" href="https://piege.example/vol?a=1&amp;b=2">https://ac-normandie.fr/compte</a></p>
<p><a id="imite" href="https://ac-norrnandie.fr/">La page de l’académie</a></p>
<p><a id="lettres" href="https://xn--80ak6aa92e.com/">La boutique</a></p>
<p><a id="sain" href="https://www.education.gouv.fr/page"><b title="ac-normandie.fr">Le ministère</b></a></p>
<p id="casier-to-0">Bonjour.</p>
<p>Référence {nonce}</p>"""


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(ignore_https_errors=True, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext, instance: RunningInstance) -> Page:
    teacher = instance.demo(address="claire.lefevre@ac-normandie.fr")
    subject = f"Liens {time.time_ns()}"
    text = "Voir https://ac-normandie.fr.piege.example/a et https://www.education.gouv.fr/b."
    append(instance, teacher, letter(subject, LINKS.format(nonce=subject), text=text))
    page = open_message(context, instance, teacher, subject)
    expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    return page


def inside(page: Page) -> Frame:
    frame = page.locator(".mail-frame iframe:not(.mail-twin)").element_handle().content_frame()
    assert frame is not None
    return frame


def told(mail: Frame, place: str | None) -> None:
    """What the bubble beside a link says; None where there is no bubble."""
    bubble = mail.locator(".casier-told:popover-open")
    if place is None:
        expect(bubble).to_have_count(0)
    else:
        expect(bubble).to_have_text(place)
        expect(bubble).to_be_visible()


def test_the_site_is_told_by_pointer_and_stays_as_long_as_one_wants(opened: Page) -> None:
    mail = inside(opened)
    told(mail, None)
    mail.hover("#masque")
    told(mail, "piege.example")
    bubble = mail.locator(".casier-told:popover-open")
    assert bubble.evaluate("one => getComputedStyle(one, '::before').content") == "none"
    bubble.hover()
    opened.wait_for_timeout(500)  # longer than it would take to go
    told(mail, "piege.example")
    mail.locator("p").last.hover()
    told(mail, None)
    mail.hover("#lettres")
    told(mail, "аррӏе.com (xn--80ak6aa92e.com)")
    mail.locator("p").last.hover()
    told(mail, None)
    expect(mail.locator("#sain [title]")).to_have_count(0)
    mark = mail.locator(".casier-elsewhere").first
    expect(mark).to_be_visible()
    expect(mark).to_have_text("mène à piege.example")


def test_the_site_is_told_by_keyboard_until_escape(opened: Page) -> None:
    mail = inside(opened)
    opened.mouse.move(1, 1)
    mail.locator("#imite").focus()
    opened.keyboard.press("Tab")
    told(mail, "аррӏе.com (xn--80ak6aa92e.com)")
    opened.keyboard.press("Tab")
    told(mail, "www.education.gouv.fr")
    opened.keyboard.press("Escape")
    told(mail, None)
    expect(mail.locator("#sain")).to_be_focused()
    mail.hover("#masque")
    told(mail, "piege.example")
    opened.keyboard.press("Escape")
    told(mail, None)


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_masked_link_asks_first(opened: Page, context: BrowserContext, way: str) -> None:
    mail = inside(opened)
    with context.expect_page() as opening:
        if way == "mouse":
            mail.click("#masque")
        else:
            mail.locator("#masque").focus()
            opened.keyboard.press("Enter")
    asked = opening.value
    expect(asked.get_by_role("heading", level=1)).to_have_text("Ouvrir ce lien ?")
    expect(asked.locator("strong")).to_have_text("piege.example")
    expect(asked.get_by_text("Le texte du lien nomme un autre site.")).to_be_visible()
    onward = asked.get_by_role("link", name="Ouvrir quand même")
    expect(onward).to_have_attribute("href", "https://piege.example/vol?a=1&b=2")
    expect(onward).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert asked.evaluate("opener") is None
    assert "/courrier/" in opened.url


def test_a_look_alike_is_named_and_a_known_site_is_not(opened: Page, context: BrowserContext) -> None:
    mail = inside(opened)
    with context.expect_page() as opening:
        mail.click("#imite")
    expect(opening.value.get_by_text("ressemble à celui d’un site de l’éducation nationale")).to_be_visible()
    expect(mail.locator("#sain")).to_have_attribute("href", "https://www.education.gouv.fr/page")
    expect(mail.locator("#sain")).to_have_attribute("target", "_blank")
    expect(mail.locator("#sain")).to_have_attribute("rel", "noopener noreferrer")


def test_links_of_a_plain_text_are_judged_too(context: BrowserContext, instance: RunningInstance) -> None:
    teacher = instance.demo(address="claire.lefevre@ac-normandie.fr")
    subject = f"Texte {time.time_ns()}"
    append(
        instance,
        teacher,
        letter(subject, text="Ici https://ac-normandie.fr.piege.example/a ou https://eduscol.education.fr/b"),
    )
    page = open_message(context, instance, teacher, subject)
    doubtful = page.locator(".text-body a").first
    asking = "/sortie/?vers=https%3A%2F%2Fac-normandie.fr.piege.example%2Fa&pour=lookalike"
    expect(doubtful).to_have_attribute("href", re.compile(re.escape(asking) + "$"))
    expect(page.locator(".text-body a").last).to_have_attribute("href", "https://eduscol.education.fr/b")


def test_the_page_that_asks_is_for_who_is_signed_in(
    context: BrowserContext, instance: RunningInstance
) -> None:
    page = context.new_page()
    page.goto(f"{instance.web_url('normandie')}/sortie/?vers=https://piege.example/")
    assert "/connexion/" in page.url
    assert page.get_by_role("link", name="Ouvrir quand même").count() == 0


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "", "//piege.example", "https:\\\\a"]
)
def test_it_opens_nothing_but_the_web(opened: Page, address: str) -> None:
    answer = opened.goto(f"{opened.url.partition('/courrier')[0]}/sortie/?{urlencode({'vers': address})}")
    assert answer is not None
    assert answer.status == 404
