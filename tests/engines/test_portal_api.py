"""Application passwords, `/api/` and pages, with a real Redis and Django's own client."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Account, Posting, Role
from casier.identity.api import create_app_password, revoke_app_password
from casier.identity.models import AppPassword
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.published import AppPasswordState
from casier.portal.api.people import find_people
from engines.portal_scene import (
    HOST,
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
)
from unit.identity_people import BY, PASSWORD, academy, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_an_application_password_is_shown_once_and_published(claire: Account, browser: Client) -> None:
    sign_in(browser)
    page = browser.post(
        "/compte/mots-de-passe/nouveau/", {"nom": "Téléphone", "protocole": ["imap", "smtp"]}, secure=True
    ).content.decode()
    password = re.search(r"<code[^>]*>([2-9a-z-]{29})</code>", page)
    assert password
    assert password[1] not in browser.get("/compte/mots-de-passe/", secure=True).content.decode()
    keys = list(redis().scan_iter(published.app_password_key("*")))
    state = AppPasswordState.loads(str(redis().get(keys[0])))
    assert (len(keys), state.account, state.protocols) == (1, claire.public_id, ["imap", "smtp"])
    row = AppPassword.objects.get()
    assert password[1] not in str(row.__dict__)
    done = browser.post(f"/compte/mots-de-passe/{row.id}/revoquer/", secure=True, follow=True)
    assert "ne fonctionne plus" in done.content.decode()
    assert list(redis().scan_iter(published.app_password_key("*"))) == []


def test_nobody_revokes_what_is_not_theirs(claire: Account) -> None:
    made = create_app_password(claire, "Téléphone", BY)
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    assert other.post(f"/compte/mots-de-passe/{made.row.id}/revoquer/", secure=True).status_code == 404
    assert revoke_app_password(claire, made.row.id.hex, BY).revoked_at


def test_the_journal_and_the_log_hold_no_password(
    claire: Account, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(browser, password="wrong-Secret-31")
    sign_in(browser)
    made = create_app_password(claire, "Téléphone", BY)
    told = caplog.text + str(list(JournalEntry.objects.values())) + repr(made)
    for secret in (PASSWORD, "wrong-Secret-31", made.password.reveal()):
        assert secret not in told


def test_the_api_tells_who_one_is(claire: Account, browser: Client) -> None:
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    sign_in(browser)
    me = browser.get("/api/me", secure=True).json()
    assert me["account"] == {
        "id": claire.public_id,
        "name": "Claire Lefèvre",
        "address": "claire.lefevre@ac-rouen.fr",
        "mailboxKey": claire.mailbox_key,
    }
    assert [identity["email"] for identity in me["identities"]] == [
        "claire.lefevre@ac-rouen.fr",
        "claire.lefevre@ac-normandie.fr",
        # As the mailbox, and on its behalf: under one's own name.
        shared,
        shared,
    ]
    assert [box["email"] for box in me["shared"]] == [shared]
    assert me["limits"]["attachmentBytes"] == 100_000_000


def test_the_api_changes_nothing_for_another_site(claire: Account, browser: Client) -> None:
    sign_in(browser)
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "https://amiens.localhost:8443"}):
        answer = browser.patch("/api/me", '{"locale": "en"}', "application/json", headers=origin, secure=True)
        assert (answer.status_code, answer.json()["type"]) == (403, "wrong_origin")
    form = browser.patch("/api/me", "locale=en", "text/plain", headers={"Origin": ORIGIN}, secure=True)
    assert form.status_code == 403
    own = browser.patch(
        "/api/me", '{"locale": "en"}', "application/json", headers={"Origin": ORIGIN}, secure=True
    )
    assert (own.status_code, own.json()["locale"]) == (200, "en")


def test_choices_are_kept_whole_and_in_their_shape(claire: Account, browser: Client) -> None:
    sign_in(browser)

    def put(section: str, body: str) -> int:
        headers = {"Origin": ORIGIN}
        path = f"/api/settings/{section}"
        return browser.put(path, body, "application/json", headers=headers, secure=True).status_code

    assert put("reading", '{"conversations": false}') == 204
    kept = {"conversations": False, "shortcuts": True, "pane": "right"}
    assert browser.get("/api/me", secure=True).json()["settings"] == {"reading": kept}
    for section, body in [
        ("reading", '{"conversations": "no"}'),
        ("reading", '{"unknown": 1}'),
        ("reading", "{"),
        ("elsewhere", "{}"),
        ("reading", '{"pane": "' + "x" * 70_000 + '"}'),
    ]:
        assert put(section, body) == 422, body[:40]
    assert browser.get("/api/me", secure=True).json()["settings"] == {"reading": kept}


def test_the_api_is_closed_to_who_is_not_signed_in(claire: Account, browser: Client) -> None:
    for method, path in [
        ("get", "/api/me"),
        ("patch", "/api/me"),
        ("get", "/api/people?q=cl"),
        ("post", "/api/send"),
        ("get", "/api/send"),
        ("delete", "/api/send/00"),
        ("put", "/api/settings/reading"),
    ]:
        answer = getattr(browser, method)(path, headers={"Origin": ORIGIN}, secure=True)
        assert answer.status_code == 401, path
        assert answer["Content-Type"] == "application/problem+json"
        assert re.fullmatch(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.json()["reference"])


def test_completion_finds_colleagues_of_ones_own_academy(claire: Account, browser: Client) -> None:
    person(claire.academy, "Éloïse", "Benali")
    person(academy("amiens", ("ac-amiens.fr",)), "Éloïse", "Picard")
    sign_in(browser)

    def found(typed: str) -> list[str]:
        return [row["email"] for row in browser.get("/api/people", {"q": typed}, secure=True).json()]

    assert found("elo") == found("Éloïse ben") == found("benali") == ["eloise.benali@ac-rouen.fr"]
    assert found("e") == []
    person(claire.academy, "Olivier", "d'Harcourt")
    assert found("d’harc") == found("D'HARC") == ["olivier.dharcourt@ac-rouen.fr"]


def test_completion_tells_where_they_work_today_and_asks_no_query_for_each(claire: Account) -> None:
    school = actions.create_school(
        claire.academy,
        NewSchool("0760999Y", "Lycée Jules-Ferry", city="Rouen"),
        by=BY,
        reason="t",
        now=timezone.now(),
    )
    today = timezone.localdate()
    for number in range(5):
        one = person(claire.academy, f"Zoé{'abcde'[number]}", "Ferrand").person
        Posting.objects.create(person=one, school=school, function="ENS", ends_on=today - timedelta(days=1))
        if number:
            Posting.objects.create(
                person=one, school=school, function="ENS", label="Lettres", ends_on=today + timedelta(days=90)
            )
    with CaptureQueriesContext(connection) as asked:
        found = find_people(claire, "ferrand")
    assert [row.detail for row in found] == ["", *["Lettres, Lycée Jules-Ferry"] * 4]
    with CaptureQueriesContext(connection) as alone:
        find_people(claire, "zoéa")
    assert len(asked) == len(alone)


def test_a_draft_is_queued_and_taken_back(claire: Account, browser: Client) -> None:
    sign_in(browser)
    body = {
        "emailId": "M1",
        "accountId": claire.mailbox_key,
        "mailFrom": "claire.lefevre@ac-rouen.fr",
        "rcptTo": ["ali@ac-rouen.fr"],
    }
    headers = {"Origin": ORIGIN}
    queued = browser.post("/api/send", json.dumps(body), "application/json", headers=headers, secure=True)
    assert queued.status_code == 202
    listed = browser.get("/api/send", secure=True).json()
    assert [(row["id"], row["state"]) for row in listed] == [(queued.json()["id"], "waiting")]
    undone = browser.delete(f"/api/send/{queued.json()['id']}", headers=headers, secure=True)
    assert undone.status_code == 204
    forged = json.dumps({**body, "mailFrom": "ministre@education.gouv.fr"})
    refused = browser.post("/api/send", forged, "application/json", headers=headers, secure=True)
    assert (refused.status_code, refused.json()["type"]) == (403, "sender_not_yours")


def test_autoconfig_tells_the_ports_at_both_addresses(claire: Account) -> None:
    from xml.etree import ElementTree

    for path in ("/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml"):
        answer = new_browser().get(path, {"emailaddress": "claire.lefevre@ac-normandie.fr"}, secure=True)
        root = ElementTree.fromstring(answer.content)
        assert [domain.text for domain in root.iter("domain")] == ["ac-rouen.fr", "ac-normandie.fr"]
        assert [port.text for port in root.iter("port")] == ["8993", "8465", "8587"]
        assert [kind.text for kind in root.iter("socketType")] == ["SSL", "SSL", "STARTTLS"]
        assert {host.text for host in root.iter("hostname")} == {"rouen.localhost"}
    elsewhere = new_browser("autoconfig.ac-rouen.fr").get("/mail/config-v1.1.xml", secure=True)
    assert "<hostname>rouen.localhost</hostname>" in elsewhere.content.decode()


def test_nobody_is_sent_to_another_site_after_signing_in(claire: Account) -> None:
    for wanted in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/api/me",
    ):
        assert sign_in(new_browser(), suite=wanted)["Location"] == "/courrier/"
    assert sign_in(new_browser(), suite="/courrier/dossier?x=1")["Location"] == "/courrier/dossier?x=1"


def test_a_page_of_ones_own_asks_to_sign_in_and_comes_back(claire: Account, browser: Client) -> None:
    for path in ("/compte/", "/compte/mots-de-passe/", "/compte/logiciels/"):
        asked = browser.get(path, secure=True)
        assert (asked.status_code, asked["Location"]) == (302, f"/connexion/?suite={path}")
    for path in ("/compte/sessions/fermer/", "/compte/preferences/", "/compte/mots-de-passe/nouveau/"):
        assert browser.post(path, secure=True).status_code == 302
    assert AppPassword.objects.count() == 0
    assert sign_in(browser, suite="/compte/logiciels/")["Location"] == "/compte/logiciels/"


def test_pages_allow_only_scripts_of_their_own_and_are_not_kept(claire: Account, browser: Client) -> None:
    page = browser.get("/connexion/", secure=True)
    assert "default-src 'none'; script-src 'self';" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    scripts = re.findall(r"<script[^>]*>([^<]*)</script>", page.content.decode())
    assert not any(scripts)
    assert 'style="' not in page.content.decode()


def test_a_form_of_another_site_signs_nobody_in(claire: Account) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Host": HOST})
    answer = sign_in(strict)
    assert answer.status_code == 403
    assert "R-" in answer.content.decode()


def test_what_is_not_there_has_a_page_with_a_reference(browser: Client) -> None:
    page = browser.get("/nulle-part/", secure=True)
    assert page.status_code == 404
    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", page.content.decode())
    assert browser.get("/api/nowhere", secure=True)["Content-Type"] == "application/problem+json"


def test_the_sign_in_page_speaks_english_on_request(claire: Account, browser: Client) -> None:
    assert "Mot de passe" in browser.get("/connexion/", secure=True).content.decode()
    browser.post("/connexion/langue/", {"langue": "en"}, secure=True)
    assert "Password" in browser.get("/connexion/", secure=True).content.decode()


def test_preferences_are_kept_with_the_account(claire: Account, browser: Client) -> None:
    sign_in(browser)
    browser.post("/compte/preferences/", {"langue": "en", "theme": "dark"}, secure=True)
    page = new_browser()
    sign_in(page)
    text = page.get("/compte/", secure=True).content.decode()
    assert 'lang="en" data-theme="dark"' in text
    assert "My account" in text


def test_the_theme_is_that_of_the_academy(claire: Account, browser: Client) -> None:
    assert "--accent: #1b5e57" in browser.get("/theme.css", secure=True).content.decode()
    assert new_browser("localhost").get("/theme.css", secure=True).content == b""


def test_the_page_begins_with_few_questions_to_the_database(
    claire: Account, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(browser)
    # Two of them for mailboxes of colleagues that are open to one.
    with django_assert_max_num_queries(14):
        assert browser.get("/api/me", secure=True).status_code == 200
