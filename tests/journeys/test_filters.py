"""Rules and absence, from the form to what happens to mail that really arrives."""

from __future__ import annotations

import re
import smtplib
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from casier.engines.postfix.engine import queue
from casier.kernel.instance import Port
from casier.mailbox.filters import sieve
from casier.mailbox.filters.rules import Actions
from journeys.jmap import USING, Jmap
from journeys.running import RunningInstance
from journeys.webmail import signed_in
from waiting import wait_until

pytestmark = pytest.mark.journey
OWNER = "ines.van-den-broeck@ac-amiens.fr"
COLLEAGUE = "genevieve.poulain@ac-amiens.fr"
OUTSIDER = "parent@dehors.example"
SIEVE = "https://cyrusimap.org/ns/jmap/sieve"


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="fr-FR", ignore_https_errors=True
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def jmap(instance: RunningInstance) -> Jmap:
    account = instance.demo(address=OWNER)
    return Jmap(instance, OWNER, account["mailboxKey"], instance.app_password(OWNER))


def word() -> str:
    return f"essai{uuid.uuid4().hex[:10]}"


def deliver(
    instance: RunningInstance, subject: str, sender: str = OUTSIDER, to: str = OWNER, list_id: str = ""
) -> None:
    """A message from outside, by SMTP."""
    message = EmailMessage()
    if list_id:
        message["List-Id"] = list_id
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{uuid.uuid4().hex}@dehors.example>"
    message.set_content("Bonjour,\n\nun message ordinaire.\n")
    with smtplib.SMTP("localhost", instance.port(Port.SMTP), "dehors.example", timeout=60) as smtp:
        smtp.send_message(message, sender, [to])


def found(jmap: Jmap, subject: str) -> list[dict[str, Any]]:
    """What bears the word SUBJECT in its subject; looked up without the index, which may be late."""
    latest = [{"property": "receivedAt", "isAscending": False}]
    (box,) = jmap.call(("Email/query", {"sort": latest, "limit": 40}))
    properties = ["subject", "mailboxIds", "keywords", "from"]
    (emails,) = jmap.call(("Email/get", {"ids": box["ids"], "properties": properties}))
    return [email for email in emails["list"] if subject in (email["subject"] or "")]


def arrived(jmap: Jmap, subject: str) -> dict[str, Any]:
    wait_until(f"{subject} to arrive", lambda: bool(found(jmap, subject)), 30)
    return found(jmap, subject)[0]


def scripts(jmap: Jmap, *methods: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    calls = [[name, {"accountId": jmap.key, **args}, str(n)] for n, (name, args) in enumerate(methods)]
    answer = jmap.http.post("/jmap/", json={"using": [*USING, SIEVE], "methodCalls": calls})
    return [body for _, body, _ in answer.json()["methodResponses"]]


def put_script(jmap: Jmap, name: str, text: str) -> None:
    """What another JMAP client does: a script of its own, active from now on."""
    upload = jmap.http.post(
        f"/jmap/upload/{jmap.key}/", content=text, headers={"Content-Type": "application/sieve"}
    )
    new = {"name": name, "blobId": upload.json()["blobId"]}
    (there,) = scripts(jmap, ("SieveScript/get", {}))
    known = next((script["id"] for script in there["list"] if script["name"] == name), "")
    change = {"update": {known: new}} if known else {"create": {"new": new}}
    (answer,) = scripts(jmap, ("SieveScript/set", {**change, "onSuccessActivateScript": known or "#new"}))
    assert not answer.get("notCreated"), answer
    assert not answer.get("notUpdated"), answer


def waiting_for(instance: RunningInstance, address: str) -> list[str]:
    """Senders of what waits in the queue for ADDRESS: the demonstration sends nothing outside."""
    return [m.sender for m in queue(instance.layout) if any(w.address == address for w in m.recipients)]


def panel(page: Page, name: str) -> Locator:
    page.get_by_role("button", name="Réglages", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
    return page.locator(".settings-part")


def test_a_rule_is_tried_then_works_on_what_arrives(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    mark = word()
    deliver(instance, f"Avant l’École {mark}")
    before = arrived(jmap, mark)
    page = signed_in(context, instance, OWNER)
    filters = panel(page, "Filtres")
    filters.get_by_role("button", name="Nouvelle règle").click()
    filters.get_by_label("Nom de la règle").fill(mark)
    filters.get_by_label("Partie du message").select_option("subject")
    filters.get_by_label("Valeur").fill(f"ecole {mark}")
    filters.get_by_role("checkbox", name="Classer dans").check()
    filters.get_by_label("Choisir un dossier").select_option(label="Archives")
    filters.get_by_label("Ajouter une étoile").check()

    def tried() -> bool:
        filters.get_by_role("button", name="Essayer sur les messages existants").click()
        said = filters.get_by_text(re.compile("message existant ne correspond|message existant correspond"))
        expect(said).to_be_visible()
        return said.inner_text() == "Un message existant correspond."

    wait_until("the index to know the message", tried, 60)
    filters.get_by_role("button", name="Appliquer à ce message").click()
    expect(filters.get_by_text("La règle a été appliquée à un message.")).to_be_visible()
    moved = arrived(jmap, mark)
    assert set(moved["mailboxIds"]) == {jmap.mailbox("archive")}
    assert "$flagged" in moved["keywords"]
    filters.locator(".try").get_by_role("button", name="Annuler").click()
    expect(filters.get_by_text("Tout est revenu comme avant.")).to_be_visible()
    back = arrived(jmap, mark)
    assert (back["mailboxIds"], back["keywords"]) == (before["mailboxIds"], before["keywords"])
    filters.get_by_role("button", name="Enregistrer").click()
    expect(filters.get_by_text(re.compile("classer dans «.Archives?.»"))).to_be_visible()

    second = word()
    deliver(instance, f"Après l'école {mark} {second}")
    filed = arrived(jmap, second)
    assert set(filed["mailboxIds"]) == {jmap.mailbox("archive")}
    assert "$flagged" in filed["keywords"]
    switch = filters.get_by_label(re.compile(f"Active.: {mark}"))
    switch.click()
    expect(switch).not_to_be_checked()
    third = word()
    deliver(instance, f"Encore École {mark} {third}")
    assert set(arrived(jmap, third)["mailboxIds"]) == {jmap.mailbox("inbox")}


def test_a_redirect_outside_is_refused_in_the_form_and_at_the_engines(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    page = signed_in(context, instance, OWNER)
    filters = panel(page, "Filtres")
    filters.get_by_role("button", name="Nouvelle règle").click()
    filters.get_by_label("Valeur").fill("peu importe")
    filters.get_by_role("checkbox", name="Renvoyer à").check()
    filters.get_by_role("combobox", name="Renvoyer à").fill("vol@ailleurs.example")
    filters.get_by_role("button", name="Enregistrer").click()
    expect(filters.get_by_role("alert")).to_contain_text("n’autorise pas le renvoi")

    put_script(jmap, "telephone", 'require "copy"; redirect :copy "vol@ailleurs.example";')
    mark = word()
    deliver(instance, mark)
    kept = arrived(jmap, mark)
    assert set(kept["mailboxIds"]) == {jmap.mailbox("inbox")}
    assert "$sievefailed" in kept["keywords"]
    assert waiting_for(instance, "vol@ailleurs.example") == []

    put_script(jmap, "telephone", f'require "copy"; redirect :copy "{COLLEAGUE}";')
    colleague = Jmap(
        instance, COLLEAGUE, instance.demo(address=COLLEAGUE)["mailboxKey"], instance.app_password(COLLEAGUE)
    )
    inside = word()
    deliver(instance, inside)
    arrived(colleague, inside)

    circle = sieve.redirects(Actions(redirect=(OWNER,), keep_copy=False))
    put_script(jmap, "telephone", "\n".join(['require "copy";', *circle]))
    turned = word()
    deliver(instance, turned)
    assert set(arrived(jmap, turned)["mailboxIds"]) == {jmap.mailbox("inbox")}


def test_what_another_program_wrote_is_shown_and_goes_on(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    put_script(jmap, "telephone", 'require "imap4flags"; addflag "$telephone";')
    page = signed_in(context, instance, OWNER)
    filters = panel(page, "Filtres")
    running = re.compile("«.telephone.» d’une autre application sont actives")
    expect(filters.get_by_text(running)).to_be_visible()
    filters.get_by_role("button", name="Les activer").click()
    line = filters.get_by_text("Règles écrites par une autre application (telephone)")
    line.click()
    expect(filters.locator("pre.sieve", has_text="$telephone").first).to_be_visible()
    mark = word()
    deliver(instance, mark)
    assert "$telephone" in arrived(jmap, mark)["keywords"]


def test_an_absence_answers_inside_and_outside_in_other_words_until_it_is_stopped(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    page = signed_in(context, instance, OWNER)
    absence = panel(page, "Absence")
    subject = word()
    absence.get_by_label("Répondre automatiquement").check()
    absence.get_by_label("Objet").fill(f"Absente {subject}")
    absence.locator("textarea").first.fill(f"Je suis en stage ({subject}).\n.Un point.")
    absence.get_by_label("Un autre message").check()
    absence.locator("textarea").nth(1).fill("L’établissement est fermé.")
    absence.get_by_label("Adresse, indiquée dans la réponse").fill(COLLEAGUE)
    absence.get_by_label("Nom", exact=True).fill("Geneviève Poulain")
    absence.get_by_role("button", name="Enregistrer").click()
    expect(absence.get_by_text("Enregistré.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Votre réponse d’absence est active.")).to_be_visible()

    colleague = Jmap(
        instance, COLLEAGUE, instance.demo(address=COLLEAGUE)["mailboxKey"], instance.app_password(COLLEAGUE)
    )
    colleague.submit(colleague.draft(OWNER, word()), OWNER)
    answer = arrived(colleague, subject)
    assert answer["from"][0]["email"] == OWNER
    (read,) = colleague.call(
        ("Email/get", {"ids": [answer["id"]], "properties": ["bodyValues"], "fetchTextBodyValues": True})
    )
    text = next(iter(read["list"][0]["bodyValues"].values()))["value"]
    assert f"Je suis en stage ({subject}).\n.Un point.\n" in text.replace("\r", "")
    assert f"Geneviève Poulain ({COLLEAGUE})" in text

    outsider = f"{word()}@dehors.example"
    deliver(instance, word(), sender=outsider)
    wait_until("an answer to the outsider", lambda: waiting_for(instance, outsider) == [""], 30)

    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_text("Votre réponse d’absence est active.")).to_have_count(0)
    late = f"{word()}@dehors.example"
    mark = word()
    deliver(instance, mark, sender=late)
    arrived(jmap, mark)
    assert waiting_for(instance, late) == []


def folder_of(jmap: Jmap, name: str) -> str:
    """A new folder."""
    (made,) = jmap.call(("Mailbox/set", {"create": {"f": {"name": name}}}))
    return str(made["created"]["f"]["id"])


def filter_from(page: Page, subject: str) -> Locator:
    """The form that begins with the message called SUBJECT."""
    page.get_by_text(subject).first.click()
    page.locator(".message-acts .menu-anchor button").first.click()
    page.get_by_role("menuitem", name="Créer un filtre à partir de ce message").click()
    return page.get_by_role("dialog", name="Créer un filtre")


def test_a_filter_from_a_message_fills_a_folder_and_the_review_says_that_nobody_reads_it(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    mark = word()
    sender, name = f"{mark}@dehors.example", f"Circulaires {mark}"
    folder = folder_of(jmap, name)
    deliver(instance, f"Circulaire {mark}", sender)
    arrived(jmap, mark)
    page = signed_in(context, instance, OWNER)
    sheet = filter_from(page, f"Circulaire {mark}")
    expect(sheet.get_by_label("Partie du message")).to_have_value("from")
    expect(sheet.get_by_label("Valeur")).to_have_value(sender)
    sheet.get_by_role("checkbox", name="Classer dans").check()
    sheet.get_by_label("Choisir un dossier").select_option(label=name)
    sheet.get_by_role("button", name="Enregistrer").click()
    expect(sheet).to_have_count(0)
    for at in range(3):
        deliver(instance, f"Suite {at} {mark}", sender)
    filed = wait_until(
        "three messages in the folder",
        lambda: [one for one in found(jmap, mark) if set(one["mailboxIds"]) == {folder}][2:],
        30,
    )
    assert filed
    filters = panel(page, "Filtres")
    line = filters.locator(".review li", has_text=name)
    expect(line).to_contain_text("3 messages, aucun lu")
    expect(line).to_contain_text("Personne ne lit ce dossier")
    line.get_by_role("button", name="Désactiver la règle").click()
    expect(filters.get_by_label(re.compile(f"Active.: {re.escape(sender)}"))).not_to_be_checked()
    expect(line).to_have_count(0)
    late = word()
    deliver(instance, f"Encore {late}", sender)
    assert set(arrived(jmap, late)["mailboxIds"]) == {jmap.mailbox("inbox")}


def test_a_filter_from_a_list_is_about_the_list(
    context: BrowserContext, instance: RunningInstance, jmap: Jmap
) -> None:
    mark = word()
    deliver(instance, f"Lettre {mark}", f"{mark}@dehors.example", list_id=f"Lettre <{mark}.listes.example>")
    arrived(jmap, mark)
    page = signed_in(context, instance, OWNER)
    sheet = filter_from(page, f"Lettre {mark}")
    expect(sheet.get_by_label("Partie du message")).to_have_value("list")
    expect(sheet.get_by_label("Valeur")).to_have_value(f"{mark}.listes.example")
    sheet.get_by_label("Ajouter une étoile").check()
    sheet.get_by_role("button", name="Enregistrer").click()
    expect(sheet).to_have_count(0)
    second = word()
    deliver(instance, f"Lettre {second}", list_id=f"<{mark}.listes.example>")
    assert "$flagged" in arrived(jmap, second)["keywords"]
