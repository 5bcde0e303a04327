"""HTML mail runs nothing, loads nothing unasked and reaches nothing of the session."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance
from journeys.webmail import signed_in

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)

HOSTILE = """<html><head><title>x</title>
<base href="https://piege.example/"><meta http-equiv="refresh" content="0;url=https://piege.example/meta">
<link rel="stylesheet" href="https://piege.example/feuille.css">
<style>@import url(https://piege.example/import.css);
@font-face { font-family: piege; src: url(https://piege.example/police.woff2) }
p.a { background: url("https://piege.example/fond.png"); color: rgb(1, 2, 3) }
p.b { --x: u\\72l(https://piege.example/variable.png); background: var(--x) }
p.c { background-image: image-set("https://piege.example/jeu.png" 1x); position: fixed; animation: a 1s }
</style></head>
<body background="https://piege.example/corps.png" onload="top.atteint = 1">
<script>parent.atteint = 1; fetch("https://piege.example/script")</script>
<p class="a b c" onclick="top.atteint = 1">Un texte ordinaire.</p>
<img src="x" onerror="top.atteint = 1"><img src="https://piege.example/image.png" alt="La photo">
<img src="https://piege.example/espion.gif" width="1" height="1">
<img srcset="https://piege.example/grand.png 2x" src="//piege.example/relatif.png">
<svg><script>top.atteint = 1</script><image href="https://piege.example/svg.png"/></svg>
<math><mtext><table><mglyph><style><img src onerror="top.atteint = 1"></style></mglyph></table></mtext></math>
<iframe src="https://piege.example/cadre"></iframe><object data="https://piege.example/objet"></object>
<video src="https://piege.example/film" poster="https://piege.example/affiche" autoplay></video>
<form action="https://piege.example/vol"><input name="mot" autofocus><button>Envoyer</button></form>
<a id="js" href="javascript:top.atteint = 1">Un</a>
<a id="vrai" href="https://autre.example/chemin">https://banque.example/compte</a>
<a id="data" href="data:text/html,<script>1</script>">Trois</a>
<p style="background: url(https://piege.example/attribut.png)">Fin.</p>
</body></html>"""


@pytest.fixture
def teacher(instance: RunningInstance) -> dict[str, Any]:
    return instance.demo(address="claire.lefevre@ac-normandie.fr")


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(ignore_https_errors=True, locale="fr-FR", timezone_id="Europe/Paris")
    yield context
    context.close()


@pytest.fixture
def outside(context: BrowserContext) -> list[str]:
    """Every address asked for that isn't the platform's; pictures of the trap are answered."""
    asked: list[str] = []

    def note(request: Any) -> None:
        host = urlsplit(request.url).hostname or ""
        if request.url.startswith("http") and not host.endswith("localhost"):
            asked.append(request.url)

    context.on("request", note)
    context.route(
        "https://piege.example/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png")
    )
    return asked


def open_message(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], subject: str
) -> Page:
    page = signed_in(context, instance, teacher["address"])
    page.locator(".row[data-thread]", has_text=subject).first.click()
    expect(page.locator(".subject")).to_have_text(subject)
    return page


def test_hostile_mail_is_only_text(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], outside: list[str]
) -> None:
    subject = f"Piège {time.time_ns()}"
    append(instance, teacher, letter(subject, HOSTILE))
    page = open_message(context, instance, teacher, subject)
    expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    mail = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
    expect(mail.get_by_text("Un texte ordinaire.")).to_be_visible()
    expect(page.get_by_text("Les images distantes ne sont pas affichées.")).to_be_visible()
    for absent in (
        "script",
        "iframe",
        "object",
        "form",
        "input",
        "video",
        "svg",
        "[onerror]",
        "[onclick]",
        "#js[href]",
    ):
        expect(mail.locator(absent)).to_have_count(0)
    expect(mail.locator("#data[href]")).to_have_count(0)
    expect(mail.locator("#vrai")).to_have_attribute("rel", "noopener noreferrer")
    expect(mail.get_by_text("mène à autre.example")).to_be_visible()
    assert outside == []
    assert page.evaluate("'atteint' in window") is False


def test_the_frame_has_no_script_and_another_origin(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any]
) -> None:
    subject = f"Cadre {time.time_ns()}"
    append(instance, teacher, letter(subject, "<p>Bonjour</p>"))
    page = open_message(context, instance, teacher, subject)
    frame = page.locator(".mail-frame iframe:not(.mail-twin)")
    expect(frame).to_have_attribute("sandbox", "allow-popups allow-popups-to-escape-sandbox")
    assert frame.evaluate("frame => frame.contentDocument") is None
    for each in page.locator("iframe").all():
        tokens = (each.get_attribute("sandbox") or "").split()
        assert "allow-scripts" not in tokens
    policy = frame.evaluate("frame => frame.srcdoc")
    assert "default-src 'none'" in policy
    assert "img-src data:;" in policy


@pytest.fixture
def far_pictures(instance: RunningInstance) -> Iterator[PictureServer]:
    """A server of pictures that the platform may ask, as it may ask the academy's own."""
    settings = instance.root / "instance.toml"
    before = settings.read_bytes()
    with PictureServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.write_bytes(b'image_networks = ["127.0.0.1/32"]\n' + before)
        yield server
        settings.write_bytes(before)
        server.shutdown()


class PictureServer(ThreadingHTTPServer):
    """Gives a picture to whoever asks, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Picture)
        self.asked: list[dict[str, str]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class Picture(BaseHTTPRequestHandler):
    server: PictureServer

    def do_GET(self) -> None:
        self.server.asked.append(
            {"path": self.path, **{name.lower(): text for name, text in self.headers.items()}}
        )
        body = b"<svg xmlns='http://www.w3.org/2000/svg'/>" if self.path.endswith(".svg") else PIXEL
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def test_images_are_shown_when_asked_for_and_the_reader_stays_hidden(
    context: BrowserContext,
    instance: RunningInstance,
    teacher: dict[str, Any],
    far_pictures: PictureServer,
    outside: list[str],
) -> None:
    subject = f"Photo {time.time_ns()}"
    photo, drawing, spy = (
        far_pictures.url(f"{time.time_ns()}-{name}") for name in ("a.png", "b.svg", "c.png")
    )
    html = (
        f'<p>Bonjour</p><img alt="La photo" src="{photo}"><img alt="Le dessin" src="{drawing}">'
        f'<img src="{spy}" width="1" height="1"><p style="background: url({photo})">Fin</p>'
    )
    append(instance, teacher, letter(subject, html))
    page = open_message(context, instance, teacher, subject)
    expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    assert far_pictures.asked == []
    page.get_by_role("button", name="Afficher les images").click()
    mail = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
    expect(mail.get_by_alt_text("La photo")).to_have_js_property("naturalWidth", 1)
    expect(page.get_by_text("Une image n’a pas pu être affichée.")).to_be_visible()
    assert sorted(one["path"][-5:] for one in far_pictures.asked) == ["a.png", "b.svg"], (
        "once each, the spy never"
    )
    told = {name for one in far_pictures.asked for name in one}
    assert told == {"path", "host", "user-agent", "accept", "accept-encoding"}
    assert outside == []


def test_a_sender_is_remembered_and_forgotten(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], far_pictures: PictureServer
) -> None:
    subjects = [f"Lettre {number} {time.time_ns()}" for number in range(2)]
    for subject in subjects:
        message = letter(subject, f'<img alt="La photo" src="{far_pictures.url(str(time.time_ns()))}">')
        message.replace_header("From", "La lettre <lettre.fidele@exemple.fr>")
        append(instance, teacher, message)
    page = open_message(context, instance, teacher, subjects[0])
    page.get_by_role("button", name="Toujours pour cet expéditeur").click()
    mail = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
    expect(mail.get_by_alt_text("La photo")).to_have_js_property("naturalWidth", 1)
    page.locator(".row[data-thread]", has_text=subjects[1]).first.click()
    expect(page.locator(".subject")).to_have_text(subjects[1])
    expect(mail.get_by_alt_text("La photo")).to_have_js_property("naturalWidth", 1)
    page.get_by_role("button", name="Réglages").first.click()
    page.get_by_role("tab", name="Images distantes").or_(
        page.get_by_role("button", name="Images distantes")
    ).click()
    page.get_by_role("button", name="Retirer lettre.fidele@exemple.fr").click()
    expect(page.get_by_text("Aucun pour l’instant.")).to_be_visible()


def test_an_installation_without_outside_says_so(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], outside: list[str]
) -> None:
    subject = f"Photos {time.time_ns()}"
    append(instance, teacher, letter(subject, HOSTILE))
    page = open_message(context, instance, teacher, subject)
    page.get_by_role("button", name="Afficher les images").click()
    expect(page.get_by_text("Cette installation n’a pas d’accès à l’extérieur")).to_be_visible()
    expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    assert outside == []


def test_pictures_of_the_message_are_shown(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], outside: list[str]
) -> None:
    subject = f"Logo {time.time_ns()}"
    message = letter(subject, '<p>Bonjour</p><img alt="Logo" src="cid:logo@exemple">')
    body = message.get_payload()
    assert isinstance(body, list)
    body[1].add_related(PIXEL, "image", "png", cid="<logo@exemple>")
    append(instance, teacher, message)
    page = open_message(context, instance, teacher, subject)
    mail = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
    expect(mail.get_by_alt_text("Logo")).to_have_js_property("naturalWidth", 1)
    expect(page.locator(".attachment")).to_have_count(0)
    assert outside == []


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_huge_message_does_not_freeze_the_page(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any], kind: str
) -> None:
    subject = f"Long {time.time_ns()}"
    line = "Compte rendu du conseil pédagogique, point par point, sans rien oublier. "
    if kind == "html":
        message = letter(subject, "<p>Début</p>" + f"<p>{line * 4}</p>" * 11_000)
    else:
        message = letter(subject, text=(line + "\n") * 44_000)
    append(instance, teacher, message)
    page = open_message(context, instance, teacher, subject)
    part = page.locator(".message-body")
    shown = page.frame_locator(".mail-frame iframe:not(.mail-twin)") if kind == "html" else part
    expect(shown.get_by_text("Compte rendu").first).to_be_visible()
    if kind == "html":  # the frame takes its height, and the button its place
        expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    began = time.monotonic()
    # By key: the button lies below a very tall frame and may still move under a pointer.
    page.get_by_role("button", name="Afficher le message entier").press("Enter")
    expect(page.get_by_role("button", name="Afficher le message entier")).to_have_count(0)
    expect(part.get_by_text("Compte rendu").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator(".dialog")).to_be_visible()
    assert time.monotonic() - began < 5
