"""What a mailbox must hold so that every screen has something to show. Made once; again does no harm."""

from __future__ import annotations

import json
import tempfile
import uuid
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from casier.kernel.instance import Port
from journeys import preview_files as files
from journeys.jmap import Jmap
from journeys.mailbox_filling import letter
from journeys.running import RunningInstance

ANSWERED = "Sortie au musée : autorisations"
SAFETY = "Votre avis sur la salle informatique"
FILES = "Dossier du conseil de classe"
ELSEWHERE = {"Gagnez un séjour pour deux": "junk", "Ancienne note de service": "trash"}
DOUBTFUL = "Votre compte sera fermé"
HTML = """<h2>La salle informatique</h2><p>Bonjour, merci de répondre au
<a href="https://enquete.example/salle">questionnaire</a> avant vendredi.</p>
<table><tr><th>Jour</th><th>Salle</th></tr><tr><td>Lundi</td><td>B12</td></tr></table>
<img src="https://images.example/logo.png" alt="Logo" width="120" height="40">"""
MASKED = """<p>Connectez-vous sur <a href="https://xn--c-rouen-lva.example/connexion">https://www.ac-rouen.fr</a>
avant ce soir.</p>"""
SETTINGS: dict[str, Any] = {
    "labels": {
        "labels": [
            {"keyword": "urgent_2026", "name": "Urgent", "color": "red"},
            {"keyword": "parents", "name": "Parents d’élèves", "color": "teal"},
            {"keyword": "vie_scolaire", "name": "Vie scolaire et assiduité", "color": "violet"},
        ]
    },
    "searches": {"searches": [{"name": "Pièces de la semaine", "text": "pièce:oui après:7j"}]},
}


def fill(instance: RunningInstance, person: dict[str, Any]) -> None:
    """The letters that the screens are about, in the inbox of PERSON; one as junk, one thrown away."""
    letters = [*_exchange(), letter(DOUBTFUL, MASKED), _survey(), _with_files()]
    letters += [letter(subject, text="Bonjour.\n") for subject in ELSEWHERE]
    with tempfile.TemporaryDirectory(prefix="casier-t-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        for number, message in enumerate(letters):
            file = Path(folder) / f"{number:02}.eml"
            file.write_bytes(_addressed(message, person).as_bytes())
            file.chmod(0o644)
        instance.casier("mail", "import", person["address"], folder)
    password = instance.app_password(person["address"])
    jmap = Jmap(instance, person["address"], person["mailboxKey"], password)
    inbox = {"inMailbox": jmap.mailbox("inbox")}
    newest = {"property": "receivedAt", "isAscending": False}
    (found,) = jmap.call(("Email/query", {"filter": inbox, "sort": [newest], "limit": 30}))
    (heads,) = jmap.call(("Email/get", {"ids": found["ids"], "properties": ["subject"]}))
    moved = {
        head["id"]: {"mailboxIds": {jmap.mailbox(ELSEWHERE[head["subject"]]): True}}
        for head in heads["list"]
        if head["subject"] in ELSEWHERE
    }
    jmap.call(("Email/set", {"update": moved}))


def _exchange() -> list[EmailMessage]:
    """A conversation of five."""
    made: list[EmailMessage] = []
    said = ("Qui vient ?", "Moi.", "Moi aussi.", "Il manque deux autorisations.", "C’est noté.")
    for text in said:
        message = letter(f"Re: {ANSWERED}" if made else ANSWERED, text=f"{text}\n")
        if made:
            message["In-Reply-To"] = message["References"] = made[-1]["Message-ID"]
            quoted = "Le 20 novembre, Une correspondante a écrit :\n> Qui vient ?\n"
            message.set_content(f"{text}\n\n{quoted}")
        made.append(message)
    return made


def _survey() -> EmailMessage:
    """A page with a far picture, important, whose sender wants to know when it is read."""
    message = letter(SAFETY, HTML)
    message["Disposition-Notification-To"] = "correspondante@exemple.fr"
    message["X-Priority"] = "1"
    return message


def _addressed(message: EmailMessage, person: dict[str, Any]) -> EmailMessage:
    del message["To"]
    message["To"] = f"{person['name']} <{person['address']}>" if "name" in person else person["address"]
    message["Cc"] = "Geneviève Poulain <genevieve.poulain@ac-amiens.fr>"
    return message


def _with_files() -> EmailMessage:
    message = letter(FILES, "<p>Voici les pièces.</p>")
    for content, name, kind in (
        (files.pdf(), "rapport.pdf", "application/pdf"),
        (files.png(640, 400), "photo.png", "image/png"),
        (files.SVG, "logo.svg", "image/svg+xml"),
        (files.TABLE, "notes.csv", "text/csv"),
        (files.PROGRAM, "moyenne.py", "text/x-python"),
        (files.PAGE, "bilan.html", "text/html"),
        (files.CALENDAR, "conseil.ics", "application/octet-stream"),
        (files.CARD, "jeanne.vcf", "text/vcard"),
        (files.archive(), "sorties.zip", "application/zip"),
        (
            b"PK\x03\x04",
            "compte-rendu.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"\x00\x01", "inconnu.xyz", "application/octet-stream"),
    ):
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    message.add_attachment(files.inside())
    return message


PUT = """async ([path, method, body]) => {
    const answer = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body });
    return [answer.status, await answer.text()];
}"""


def ask(page: Page, method: str, path: str, body: Any) -> Any:
    """What /api/ answers to the person whose PAGE it is."""
    status, text = page.evaluate(PUT, [path, method, json.dumps(body)])
    assert status < 300, (method, path, status, text)
    return json.loads(text) if text else None


def choose(page: Page) -> None:
    """Labels, kept searches and a template."""
    for section, value in SETTINGS.items():
        ask(page, "PUT", f"/api/settings/{section}", value)
    there = page.evaluate("async () => (await fetch('/api/writing/templates')).json()")
    if not any(one["name"] == "Convocation" for one in there):
        made = {"name": "Convocation", "subject": "Convocation", "html": "<p>Vous êtes convoqué le…</p>"}
        ask(page, "POST", "/api/writing/templates", made)


def announce(instance: RunningInstance, academy: str) -> list[str]:
    """An announcement of each kind; the commands that take them back."""
    made = []
    for level, french, english in (
        (
            "critique",
            "Hameçonnage en cours : n’ouvrez pas « Votre compte sera fermé ».",
            "Phishing under way.",
        ),
        ("avertissement", "Maintenance ce soir de 20 h à 22 h.", "Maintenance tonight from 8 to 10 pm."),
        ("information", "Le guide de la rentrée est en ligne.", "The guide to the new year is online."),
    ):
        words = ("--academy", academy, "--level", level, "--fr", french, "--en", english)
        made.append(instance.json("announce", "create", *words)["id"])
    return made


def notify(instance: RunningInstance, person: dict[str, Any]) -> str:
    """Something in the bell; the service that posted it."""
    host = f"bulletins.ac-{person['academy']}.fr"
    name = f"Bulletins {uuid.uuid4().hex[:4]}"
    made = instance.json("service", "create", name, "--academy", person["academy"], "--host", host)
    headers = {"Authorization": f"Bearer {made['token']}", "Idempotency-Key": uuid.uuid4().hex}
    body = {
        "to": person["address"], "title": "Bulletins du premier trimestre",
        "text": "Vingt-huit bulletins à signer.", "link": f"https://{host}/3B",
    }  # fmt: skip
    with httpx.Client(verify=instance.tls) as client:
        url = f"https://localhost:{instance.port(Port.WEB)}/api/services/notifications"
        answer = client.post(url, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    return str(made["id"])
