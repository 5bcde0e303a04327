"""Files made to keep the page busy, to reach outside or to hide: shown in bounds, or told in words."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from journeys.mailbox_filling import append, letter
from journeys.preview_files import ALARM, MARKUP, pdf_of
from journeys.running import RunningInstance
from journeys.webmail import signed_in

READER = "claire.lefevre@ac-normandie.fr"
FAR = "https://piege.example"
# The longest that the page's own thread was away, in milliseconds.
WATCH = """() => {
  window.longest = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - last);
    last = now;
  }, 20);
}"""
# Several people may share these processors; what freezes a page lasts many times longer.
AWAY_MS = 3_000


def many_events(count: int) -> bytes:
    """A calendar of COUNT events with hostile text, whose zone changes each second."""
    change = "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0900\r\nRRULE:FREQ=SECONDLY\r\n"
    zone = f"BEGIN:STANDARD\r\n{change}END:STANDARD\r\n"
    event = (
        "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Paris:20261126T160000\r\nDURATION:PT999999999999H\r\n"
        f"SUMMARY:{MARKUP}\r\nDESCRIPTION:{MARKUP}\r\n"
        f"ATTACH:{FAR}/a\r\nURL:javascript:{ALARM}\r\nEND:VEVENT\r\n"
    )
    head = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n{zone}END:VTIMEZONE\r\n"
    )
    return f"{head}{event * count}END:VCALENDAR\r\n".encode()


def traversing_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (
            "../../../etc/passwd",
            "/etc/shadow",
            "C:\\Windows\\a.exe",
            "a\u202efdp.exe",
            f"{MARKUP}.txt",
        ):
            archive.writestr(name, "x")
        archive.writestr("bombe.gz", gzip.compress(bytes(10_000_000)))
    return out.getvalue()


def nested_mail(depth: int) -> bytes:
    """A message in a message, DEPTH times, each with a script and a picture from outside."""
    inside: EmailMessage | None = None
    for level in range(depth):
        message = EmailMessage()
        message["From"] = "Paul Roux <paul.roux@exemple.fr>"
        message["Subject"] = f"Niveau {level}"
        message.set_content("Texte.")
        message.add_alternative(
            f"<p>Niveau {level}</p><script>{ALARM}</script><img src='{FAR}/{level}.png'>", "html"
        )
        if inside is not None:
            message.add_attachment(inside)
        inside = message
    assert inside is not None
    return inside.as_bytes()


def drawn_often() -> bytes:
    """A drawing whose parts hold each other: a thousand million squares when they are put in."""
    uses = "".join(f'<g id="g{level}">{_use(level - 1) * 10}</g>' for level in range(1, 10))
    first = '<g id="g0"><rect width="1" height="1"/></g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg">{first}{uses}</svg>'.encode()


def _use(level: int) -> str:
    return f'<use href="#g{level}"/>'


def linking_pdf() -> bytes:
    """A PDF that opens an address, starts a script and sends a form when it is opened."""
    actions = (
        f"<< /S /URI /URI ({FAR}/uri) >>",
        f"<< /S /JavaScript /JS (app.launchURL\\('{FAR}/js'\\); {ALARM}) >>",
        f"<< /S /SubmitForm /F << /FS /URL /F ({FAR}/form) >> >>",
        "<< /S /Launch /F (/bin/sh) >>",
        f"<< /S /GoToR /F << /FS /URL /F ({FAR}/far.pdf) >> /D [0 /Fit] >>",
    )
    link = f"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A {actions[0]} /AA << /PV {actions[1]} >> >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction [{actions[1]}] /AA << /WC {actions[2]} >> "
        f"/Names << /JavaScript << /Names [(a) {actions[1]}] >> >> "
        f"/AcroForm << /XFA (<a href='{FAR}/xfa'/>) >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [{link}] "
        f"/AA << /O {actions[4]} /C {actions[3]} >> "
        "/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
        "<< /Length 40 >>\nstream\nBT /F1 24 Tf 72 760 Td (Une page) Tj ET   \nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return pdf_of(objects)


CARD = (
    f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{MARKUP}\r\nPHOTO;VALUE=URI:{FAR}/photo.png\r\nLOGO:{FAR}/logo.png\r\n"
    f"SOUND;VALUE=URI:{FAR}/sound\r\nURL:javascript:{ALARM}\r\nKEY:{FAR}/key\r\nEND:VCARD\r\n"
)
PAGE = (
    f"<html><body onload='{ALARM}'><h1>Page</h1><script src={FAR}/a.js></script><img src={FAR}/a.png>"
    f"<style>@import '{FAR}/a.css';h1{{font-family:\"{'url(' * 60_000}\"}}</style>"
    f"<meta http-equiv=refresh content='0;url={FAR}'>"
)
# Name, content, type, and what stands on the screen once it is shown.
TRAPS = (
    ("agenda.ics", many_events(1_000), "text/calendar", ".card"),
    ("fiches.vcf", (CARD * 5_000).encode(), "text/vcard", ".card"),
    ("archive.zip", traversing_zip(), "application/zip", ".archive"),
    ("lien.pdf", linking_pdf(), "application/pdf", ".textLayer"),
    ("page.html", PAGE.encode(), "text/html", ".viewer .mail-frame"),
    ("suite.js", b"$(" * 50_000, "text/javascript", ".code"),
    ("lettres.txt", "Été à Nîmes\n".encode("cp1252"), 'text/plain; charset="utf-7"', ".code"),
    ("long.txt", b"a" * 12_000_000, "text/plain", ".code"),
    ("cases.csv", b";" * 400_000, "text/csv", ".sheet"),
    ("dessin.svg", drawn_often(), "image/svg+xml", ".viewer-note a"),
    ("dix.eml", nested_mail(10), "application/octet-stream", ".inside-head"),
    ("faux.pdf", b"%PDF-1.7\n" + struct.pack(">Q", 1) * 1_000, "application/pdf", ".viewer-note a"),
    ("faux.zip", b"PK\x05\x06" + b"\xff" * 18, "application/zip", ".viewer-note a"),
    ("faux.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" * 40_000, "text/calendar", ".viewer-note a"),
)  # fmt: skip


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(ignore_https_errors=True, locale="fr-FR", timezone_id="Europe/Paris")
    yield context
    context.close()


def test_files_made_to_freeze_reach_or_hide_do_not(
    instance: RunningInstance, context: BrowserContext
) -> None:
    message = letter("Pièces lourdes", "<p>Voici.</p>")
    for name, content, kind, _ in TRAPS:
        main, sub = kind.partition(";")[0].split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    append(instance, instance.demo(address=READER), message)
    page = signed_in(context, instance, READER)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "piege.example" in request.url:
            asked.append(request.url)

    context.on("request", note)
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.get_by_text("Pièces lourdes").first.click()
    page.evaluate(WATCH)
    page.locator("button.attachment-open").first.click()
    away: dict[str, int] = {}
    for at, (name, _, _, shown) in enumerate(TRAPS):
        expect(page.locator(".viewer-title h2")).to_have_text(name)
        expect(page.locator(shown).first).to_be_visible(timeout=20_000)
        away[name] = round(
            page.evaluate("() => { const most = window.longest; window.longest = 0; return most; }")
        )
        if at + 1 < len(TRAPS):
            page.keyboard.press("ArrowRight")
    assert page.evaluate("window.atteint") is None
    assert asked == []
    assert not {name: most for name, most in away.items() if most > AWAY_MS}, away


def test_ten_messages_in_each_other_are_opened_one_by_one(
    instance: RunningInstance, context: BrowserContext
) -> None:
    message = letter("Dix niveaux", "<p>Voici.</p>")
    message.add_attachment(
        nested_mail(10), maintype="application", subtype="octet-stream", filename="dix.eml"
    )
    append(instance, instance.demo(address=READER), message)
    page = signed_in(context, instance, READER)
    page.get_by_text("Dix niveaux").first.click()
    page.locator("button.attachment-open").first.click()
    for level in range(9, 0, -1):
        _is_at(page, level)
        page.locator(".inside-file").first.click()
    _is_at(page, 0)
    for level in range(1, 10):
        page.keyboard.press("Escape")
        _is_at(page, level)
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)


def _is_at(page: Page, level: int) -> None:
    expect(page.locator(".inside-head h3")).to_have_text(f"Niveau {level}", timeout=20_000)
