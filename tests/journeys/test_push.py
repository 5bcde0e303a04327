"""New mail told while no page is open, and mail as an application of the device."""

from __future__ import annotations

import imaplib
import json
import re
import smtplib
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from email.header import Header
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import tomli_w
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from casier.kernel.instance import Port
from journeys.jmap import Jmap
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance
from journeys.webmail import signed_in
from push_service import PushService, Subscribed
from waiting import wait_until

ADDRESS = "olivier.dharcourt@ac-normandie.fr"
COLLEAGUE = "claire.lefevre@ac-normandie.fr"
WITHIN = 30  # seconds from SMTP to the push service, on a machine that does other things too
# The browser's half of a subscription: the only thing that needs the outside.
SUBSCRIBED = """([endpoint, keys]) => {
  const made = {
    endpoint, options: { applicationServerKey: null }, toJSON: () => ({ endpoint, keys }),
    unsubscribe: () => { current = null; return Promise.resolve(true); },
  };
  let current = null;
  PushManager.prototype.subscribe = () => Promise.resolve((current = made));
  PushManager.prototype.getSubscription = () => Promise.resolve(current);
}"""
TOLD = """() => navigator.serviceWorker.getRegistration('/')
  .then((worker) => worker.getNotifications()).then((all) => all.map(({ title, body }) => [title, body]))"""


@pytest.fixture(scope="module")
def service(instance: RunningInstance) -> Iterator[PushService]:
    """A push service on this machine that the instance may reach."""
    settings = instance.root / "instance.toml"
    before = settings.read_bytes()
    with tempfile.TemporaryDirectory(prefix="casier-push-") as folder:
        Path(folder).chmod(0o755)
        with PushService(Path(folder)) as running:
            # A pause that can be waited for; how long it is by itself, `engines/test_push.py` holds.
            said = {**running.settings, "push_pause": 3}
            settings.write_bytes(tomli_w.dumps(said).encode() + before)
            yield running
            settings.write_bytes(before)


@pytest.fixture
def context(chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """Chromium with a profile on disk, as people have it: in others nothing can be installed."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=CHROMIUM,
        # A worker's file is fetched by rules of its own: the context's leave to trust doesn't reach it.
        args=[*CHROMIUM_ARGUMENTS, "--ignore-certificate-errors"],
        viewport={"width": 1440, "height": 900},
        locale="fr-FR",
        ignore_https_errors=True,
        bypass_csp=True,
        permissions=["notifications"],
    )
    yield context
    context.close()


def subscribed(page: Page, service: PushService, name: str) -> Subscribed:
    """The settings open at notifications, in a browser that subscribes at SERVICE."""
    hers = service.subscribe(f"{name}-{time.time_ns()}")
    given = hers.given()
    page.evaluate(SUBSCRIBED, [given["endpoint"], {"p256dh": given["p256dh"], "auth": given["auth"]}])
    # The worker stands once it is installed.
    page.wait_for_function(
        "navigator.serviceWorker.getRegistration('/').then((found) => found !== undefined)"
    )
    page.locator(".account-button").click()
    page.locator(".menu-line", has_text="Réglages").click()
    page.get_by_role("dialog").get_by_text("Notifications", exact=True).first.click()
    return hers


def arrive(
    instance: RunningInstance,
    subject: str,
    author: str = "proviseur@lycee.example",
    *,
    to: str = ADDRESS,
    login: str = "",
) -> float:
    """Mail from outside by SMTP, or handed in by LOGIN; when it was accepted."""
    lines = [
        f"From: Quelqu'un <{author}>",
        f"To: <{to}>",
        f"Subject: {Header(subject, 'utf-8').encode()}",
    ]
    lines += [f"Message-ID: <{time.time_ns()}@lycee.example>", "", "Un secret."]
    text = "\r\n".join(lines).encode()
    if login:
        with smtplib.SMTP_SSL("localhost", instance.port(Port.SMTPS), context=instance.tls) as smtp:
            smtp.login(login, instance.app_password(login, "push"))
            smtp.sendmail(author, [to], text)
    else:
        with smtplib.SMTP("127.0.0.1", instance.port(Port.SMTP)) as smtp:
            smtp.sendmail(author, [to], text)
    return time.monotonic()


def test_a_day_with_the_tab_closed(
    context: BrowserContext, instance: RunningInstance, service: PushService
) -> None:
    page = signed_in(context, instance, ADDRESS)
    hers = subscribed(page, service, "phone")
    tick = page.get_by_role("checkbox", name="Prévenir cet appareil")
    tick.click()
    expect(tick).to_be_checked()
    page.get_by_role("button", name="Essayer").click()
    assert hers.said(service.wait(hers, 1))["type"] == "trial"
    assert Axe().run(page, context=".dialog").response["violations"] == []

    subject = f"La page est ouverte {time.time_ns()}"
    arrive(instance, subject)
    expect(page.locator(".row", has_text=subject)).to_be_attached()
    page.close()
    sent = arrive(instance, "Bulletin de Camille : confidentiel")
    push = service.wait(hers, 2, WITHIN)
    took = push.at - sent
    assert took < WITHIN
    print(f"from SMTP to the push service: {took:.2f} s")
    assert hers.said(push) == {"type": "mail", "count": 1, "language": "fr"}
    told = json.dumps([push.path, push.headers, push.claims]) + push.body.decode("latin-1")
    for word in ("Bulletin", "Camille", "olivier", "dharcourt", "proviseur", "secret", "ouverte"):
        assert word.lower() not in told.lower()
    assert len(service.to(hers)) == 2, "nothing was told of what the open page showed"

    # Signing out ends it.
    page = context.new_page()
    page.goto(instance.web_url("normandie") + "/deconnexion/")
    page.locator("form[action='/deconnexion/'] button").click()
    page.wait_for_url(re.compile("/connexion/"))
    arrive(instance, "Après la déconnexion")
    with pytest.raises(AssertionError):
        service.wait(hers, 3, 4)


def test_only_people_one_knows(
    context: BrowserContext, instance: RunningInstance, service: PushService
) -> None:
    page = signed_in(context, instance, ADDRESS)
    hers = subscribed(page, service, "tablet")
    page.get_by_role("checkbox", name="Prévenir cet appareil").click()
    page.get_by_role("radio", name=re.compile("déjà écrit")).click()
    expect(page.get_by_role("radio", name=re.compile("déjà écrit"))).to_be_checked()
    expect(page.get_by_role("button", name="Essayer")).to_be_enabled()
    page.close()
    stranger = f"inconnu-{time.time_ns()}@lycee.example"
    arrive(instance, "D’un inconnu", stranger)
    arrive(instance, "De la maison", COLLEAGUE, login=COLLEAGUE)
    push = service.wait(hers, 1, WITHIN)
    assert hers.said(push)["count"] == 1, "the stranger's isn't counted"
    write_to(instance, stranger)
    arrive(instance, "De quelqu’un qui a reçu un message", stranger)
    # A device rings at most once in a while.
    assert hers.said(service.wait(hers, 2, 25))["count"] == 2


def write_to(instance: RunningInstance, address: str) -> None:
    """Something in Sent went to ADDRESS."""
    message = f"From: <{ADDRESS}>\r\nTo: <{address}>\r\nSubject: Bonjour\r\n\r\nBonjour\r\n"
    with imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls) as imap:
        imap.login(ADDRESS, instance.app_password(ADDRESS, "push"))
        status, _ = imap.append("Sent", "\\Seen", None, message.encode())
        assert status == "OK"


MEMBER, BECAUSE = ("functional", "member"), ("--reason", "test")


@pytest.fixture
def box(instance: RunningInstance) -> Iterator[str]:
    """A mailbox that Olivier and a colleague share; it is theirs as long as the test lasts."""
    address = f"push-{time.time_ns()}@ac-normandie.fr"
    what = ("--academy", "normandie", "--name", "Intendance", "--address", address, *BECAUSE)
    instance.casier("functional", "create", *what)
    for person in (ADDRESS, COLLEAGUE):
        instance.casier(*MEMBER, "add", address, person, "--role", "answer", *BECAUSE)
    yield address
    for person in (ADDRESS, COLLEAGUE):
        instance.casier(*MEMBER, "remove", address, person, *BECAUSE, check=False)


def test_mailboxes_of_others_ring_by_choice_and_by_right(
    context: BrowserContext, instance: RunningInstance, service: PushService, box: str
) -> None:
    page = signed_in(context, instance, ADDRESS)
    folders = page.get_by_role("navigation").get_by_text("Intendance")
    expect(folders.first).to_be_visible(timeout=30_000)
    hers = subscribed(page, service, "desk")
    page.get_by_role("checkbox", name="Prévenir cet appareil").click()
    expect(page.get_by_role("radio", name="Tous")).to_be_checked()
    with page.expect_response(re.compile("/api/push/here$")) as told:
        page.get_by_role("checkbox", name="Intendance").click()
    assert json.loads(told.value.request.post_data or "")["mailboxes"] == [box]
    assert told.value.ok
    expect(page.locator(".push")).to_contain_text("boîtes cochées plus haut")
    assert Axe().run(page, context=".dialog").response["violations"] == []
    # The page is open: it shows what comes.
    arrive(instance, "La page est ouverte", to=box)
    shared = Jmap(instance, ADDRESS, box, instance.app_password(ADDRESS, "push"))
    wait_until("it to be there", lambda: shared.subjects(contains="La page est ouverte"))
    time.sleep(2)
    page.close()
    arrive(instance, "Un devis confidentiel", to=box)
    push = service.wait(hers, 1, WITHIN)
    assert hers.said(push) == {"type": "mail", "count": 1, "language": "fr"}
    told_all = json.dumps([push.path, push.headers, push.claims])
    assert not any(word in told_all for word in (box, "Intendance", "devis"))

    # What Olivier himself sends in the mailbox's name isn't news to him; what a colleague does is.
    arrive(instance, "De la part de tous", box, to=box, login=ADDRESS)
    arrive(instance, "À tous", COLLEAGUE, to=box, login=COLLEAGUE)
    assert hers.said(service.wait(hers, 2, 25))["count"] == 2

    # A right that is withdrawn: neither rung nor counted.
    instance.casier(*MEMBER, "remove", box, ADDRESS, *BECAUSE)
    arrive(instance, "Ce n’est plus à lui", to=box)
    arrive(instance, "Dans sa boîte")
    assert hers.said(service.wait(hers, 3, 25))["count"] == 1
    assert len(service.to(hers)) == 3


RENEWED = """([before, endpoint, keys]) => new Promise((done) => {
  const one = (endpoint) => ({
    endpoint, options: { applicationServerKey: null }, toJSON: () => ({ endpoint, keys }),
    unsubscribe: () => Promise.resolve(true),
  });
  const event = new ExtendableEvent('pushsubscriptionchange');
  Object.defineProperties(event, {
    oldSubscription: { value: one(before) }, newSubscription: { value: one(endpoint) },
    waitUntil: { value: (work) => work.then(done) },
  });
  self.dispatchEvent(event);
})"""


def test_a_subscription_that_the_browser_renews_with_no_page_of_mail_open(
    context: BrowserContext, instance: RunningInstance, service: PushService
) -> None:
    page = signed_in(context, instance, ADDRESS)
    hers = subscribed(page, service, "renewing")
    page.get_by_role("checkbox", name="Prévenir cet appareil").click()
    expect(page.get_by_role("button", name="Essayer")).to_be_visible()
    worker_of(context, page)
    page.goto(instance.web_url("normandie") + "/aide/")
    (worker,) = context.service_workers
    renewed = service.subscribe(f"renewed-{time.time_ns()}")
    given = renewed.given()
    keys = {"p256dh": given["p256dh"], "auth": given["auth"]}
    worker.evaluate(RENEWED, [hers.endpoint, given["endpoint"], keys])
    arrive(instance, "Après le renouvellement")
    assert renewed.said(service.wait(renewed, 1, WITHIN))["count"] == 1
    assert service.to(hers) == []
    # Nobody is signed in: nothing changes, and no error is thrown at the browser.
    context.clear_cookies()
    stranger = service.subscribe(f"stranger-{time.time_ns()}")
    worker.evaluate(RENEWED, [given["endpoint"], stranger.endpoint, keys])
    arrive(instance, "Toujours là")
    assert renewed.said(service.wait(renewed, 2, 25))["count"] == 2
    assert service.to(stranger) == []


def worker_of(context: BrowserContext, page: Page) -> tuple[CDPSession, str]:
    """The registration of the service worker, once it runs."""
    found: list[dict[str, Any]] = []
    session = context.new_cdp_session(page)
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return session, str(found[-1]["registrationId"])


MAIL_PAGES = """clients.matchAll({ type: 'window', includeUncontrolled: true })
  .then((all) => all.filter(({ url }) => new URL(url).pathname.startsWith('/courrier/')).length)"""


def left_the_mail(context: BrowserContext) -> bool:
    """Whether the worker, too, knows that no page of mail is open: a page that one left lingers a moment."""
    (worker,) = context.service_workers
    return bool(worker.evaluate(MAIL_PAGES) == 0)


def only_told(page: Page, what: list[str]) -> bool:
    """Whether the one notification there is says WHAT: its title and its words."""
    return bool(page.evaluate(TOLD) == [what])


def test_the_application_and_its_worker(context: BrowserContext, instance: RunningInstance) -> None:
    page = signed_in(context, instance, ADDRESS)
    session, registration = worker_of(context, page)
    assert session.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    manifest = session.send("Page.getAppManifest")
    assert manifest.get("errors", []) == []
    said = json.loads(manifest["data"])
    assert said["name"].startswith("Courrier – Académie de Normandie")
    for icon in said["icons"]:
        answer = page.evaluate(
            "(src) => fetch(src).then((got) => [got.status, got.headers.get('content-type')])", icon["src"]
        )
        assert answer == [200, "image/png"]

    origin = instance.web_url("normandie")
    # Another page of the site: the mail itself isn't looked at.
    page.goto(origin + "/aide/")
    wait_until("the mail is left", partial(left_the_mail, context))
    push = {"origin": origin, "registrationId": registration}
    three = json.dumps({"type": "mail", "count": 3, "language": "fr"})
    many, one = "Ouvrez votre courrier pour les lire.", "Ouvrez votre courrier pour le lire."
    for data, told in ((three, ["3\xa0nouveaux messages", many]), ("noise", ["Nouveau message", one])):
        # A busy browser may lose what is put into it by hand; the same message twice is told once.
        for patience in (10, 10, 30):
            session.send("ServiceWorker.deliverPushMessage", {**push, "data": data})
            with suppress(AssertionError):
                wait_until(f"only {told}", partial(only_told, page, told), patience)
                break
        assert only_told(page, told)

    link = "mailto:cpe@lycee.example?subject=R%C3%A9union&body=Bonjour"
    page.goto(f"{origin}/courrier/?mailto={quote(link, safe='')}")
    # The page and the composer are loaded: half a minute of a busy machine.
    expect(page.get_by_label("Objet", exact=True)).to_have_value("Réunion", timeout=30_000)
    expect(page.locator(".editor-text")).to_contain_text("Bonjour")
    page.goto(origin + "/courrier/?rechercher")
    expect(page.locator("#search")).to_be_focused(timeout=30_000)
