"""What other services may tell people, and all that they may not: attacks first."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry, JournalPayload
from casier.directory.errors import AlreadyThere
from casier.directory.models import Account, AccountState, Role
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.mailbox.notifications import quota
from casier.mailbox.notifications.actions import KEPT, forget_old, notifications_of
from casier.mailbox.notifications.errors import BadService
from casier.mailbox.notifications.models import Notification, Service
from casier.mailbox.notifications.services import NewService, create_service, revoke_service
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, academy, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

PATH = "/api/services/notifications"
CLAIRE = "claire.lefevre@ac-rouen.fr"
GOOD = {"to": CLAIRE, "title": "Bulletins à signer"}


@pytest.fixture
def service(claire: Account) -> NewService:
    return made(claire, "Bulletins", ["bulletins.ac-rouen.fr"])


def made(account: Account, name: str, hosts: list[str]) -> NewService:
    return create_service(account.academy, name, hosts, by=BY, reason="tests", now=timezone.now())


_keys = iter(range(10_000))


def post(service: NewService | str, body: Any = None, key: str | None = None, **more: Any) -> Any:
    token = service if isinstance(service, str) else service.token.reveal()
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": key or f"test-key-{next(_keys)}",
        **more,
    }
    data = body if isinstance(body, str) else json.dumps({**GOOD, **(body or {})})
    return new_browser().post(PATH, data, content_type="application/json", secure=True, headers=headers)


def refused(answer: Any, status: int, code: str) -> None:
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert (answer.status_code, said["type"], said["status"]) == (status, code, status)
    assert said["title"]
    assert said["reference"].startswith("R-")
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("token", ["", "x", "casier-service-" + "A" * 43, "é", "' OR 1=1 --"])
def test_without_the_token_nothing_passes(service: NewService, token: str) -> None:
    answer = post(token.encode().decode("latin-1"))
    refused(answer, 401, "service_token_refused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token_and_a_token_is_no_session(service: NewService, browser: Client) -> None:
    sign_in(browser)
    answer = browser.post(
        PATH, GOOD, content_type="application/json", secure=True, headers={"Origin": ORIGIN}
    )
    refused(answer, 401, "service_token_refused")
    bearer = {"Authorization": f"Bearer {service.token.reveal()}", "Origin": ORIGIN}
    for path in ("/api/notifications", "/api/me", "/api/announcements"):
        assert new_browser().get(path, secure=True, headers=bearer).status_code == 401


def test_a_revoked_token_is_none(service: NewService) -> None:
    revoke_service(service.row.id.hex, by=BY, reason="tests", now=timezone.now())
    refused(post(service), 401, "service_token_refused")


def test_guessing_tokens_ends(service: NewService) -> None:
    for _ in range(quota.WRONG_TOKENS):
        assert post("wrong").status_code == 401
    answer = post("wrong")
    refused(answer, 429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_nobody_of_another_academy_and_it_does_not_tell_who_is_there(service: NewService) -> None:
    person(academy("nancy-metz", ("ac-nancy-metz.fr",)), "Zoé", "Schmitt")
    there = post(service, {"to": "zoe.schmitt@ac-nancy-metz.fr"})
    nobody = post(service, {"to": "nobody.here@ac-nancy-metz.fr"})
    outside = post(service, {"to": "someone@example.org"})
    for answer in (there, nobody, outside):
        refused(answer, 403, "not_your_academy")
    assert {**there.json(), "reference": ""} == {**nobody.json(), "reference": ""}


def test_only_people_who_are_here(service: NewService, claire: Account) -> None:
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    for address in ("nobody.here@ac-rouen.fr", shared):
        refused(post(service, {"to": address}), 404, "unknown_recipient")
    Account.objects.filter(pk=claire.pk).update(state=AccountState.CLOSED)
    refused(post(service), 404, "unknown_recipient")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//bulletins.ac-rouen.fr",
        "data:text/html,<script>alert(1)</script>",
        "http://bulletins.ac-rouen.fr/",
        "//bulletins.ac-rouen.fr/",
        "https://evil.example/",
        "https://bulletins.ac-rouen.fr.evil.example/",
        "https://bulletins.ac-rouen.fr@evil.example/",
        "https://evil.example\\@bulletins.ac-rouen.fr/",
        "https://user:pass@bulletins.ac-rouen.fr/",
        "https://bulletins.ac-rouen.fr:8443/",
        "https://bulletins.ac-rouen.fr:x/",
        "https://bulletins.ac-rouen.fr/\nSet-Cookie: a=b",
        "https://bulletins.ac-rouen.fr/ javascript:alert(1)",
        "\x01https://bulletins.ac-rouen.fr/",
        "https://bulletins.ac-rouen.fr/\u202e",
        "https://bulletins\u3002ac-rouen.fr/",
        "https:bulletins.ac-rouen.fr",
        "https:///bulletins.ac-rouen.fr",
        "https://[::1]/",
        "https://[/",
        "https://bulletins.ac-rouen.fr/" + "a" * 500,
    ],
)
def test_links_that_lead_elsewhere(service: NewService, link: str) -> None:
    refused(post(service, {"link": link}), 422, "bad_notification")


@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"title": " \u200b\u202e "},
        {"title": "x" * 121},
        {"text": "x" * 501},
        {"to": "claire"},
        {"to": "claire.lefevre@ac-rouen.fr, ali@ac-rouen.fr"},
    ],
)
def test_texts_and_addresses_that_are_none(service: NewService, more: dict[str, str]) -> None:
    refused(post(service, more), 422, "bad_notification")


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{", '{"to": 1}', '{"to":"a@b.fr","title":"t","html":"<b>"}']
)
def test_bodies_that_are_none(service: NewService, body: str) -> None:
    answer = post(service, body)
    refused(answer, 400, "invalid_request")


def test_a_body_that_is_too_large_is_not_read(service: NewService) -> None:
    refused(post(service, {"text": "x" * 20_000}), 413, "notification_too_large")


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "with spaces in it", "clé-accentuée"])
def test_a_key_is_needed(service: NewService, key: str) -> None:
    more = {"Idempotency-Key": key.encode().decode("latin-1")}
    refused(post(service, None, **more), 400, "idempotency_key_missing")


def test_a_flood_for_one_person_ends_and_others_go_on(service: NewService, claire: Account) -> None:
    person(claire.academy, "Ali", "Benali")
    answers = [post(service).status_code for _ in range(quota.FOR_ONE_PERSON_AN_HOUR + 3)]
    assert answers.count(201) == quota.FOR_ONE_PERSON_AN_HOUR
    assert set(answers[-3:]) == {429}
    assert post(service, {"to": "ali.benali@ac-rouen.fr"}).status_code == 201
    assert post(made(claire, "Cantine", [])).status_code == 201


def test_a_flood_of_requests_ends(service: NewService) -> None:
    redis().set(f"{published.PREFIX}service:{service.row.id.hex}:minute", quota.A_MINUTE)
    answer = post(service)
    refused(answer, 429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_sent_again_it_is_the_same(service: NewService) -> None:
    first, again = post(service, key="bulletin-2026-1"), post(service, key="bulletin-2026-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = post(service, {"title": "Autre chose"}, key="bulletin-2026-1")
    assert (other.status_code, other.json()["type"]) == (409, "idempotency_key_used")
    assert Notification.objects.count() == 1


def test_two_of_the_same_at_once_are_one(service: NewService) -> None:
    def one(_: int) -> int:
        try:
            return int(post(service, key="at-the-same-time").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(one, range(4)))
    assert set(answers) <= {200, 201}
    assert Notification.objects.count() == 1


def test_a_key_of_one_service_is_free_for_another(service: NewService, claire: Account) -> None:
    assert post(service, key="the-same-key").status_code == 201
    assert post(made(claire, "Cantine", []), key="the-same-key").status_code == 201


def test_it_is_told_with_the_service_s_name_and_markup_is_text(service: NewService, browser: Client) -> None:
    body = {
        "title": "<img src=x onerror=alert(1)>\nBulletins",
        "text": "</script><script>alert(1)</script> \u202eà signer",
        "link": "https://bulletins.ac-rouen.fr/classe/3B?x=1&y=2",
    }
    listening = redis().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    listening.subscribe(published.CHANNEL_PUSH)
    listening.get_message(timeout=1)
    assert post(service, body).status_code == 201
    pushed = json.loads(listening.get_message(timeout=1)["data"])
    # what goes to the browser by itself holds nothing of it
    assert pushed == {"account": service.row.academy.accounts.get().mailbox_key, "type": "notifications"}
    sign_in(browser)
    bell = browser.get("/api/notifications", secure=True).json()
    assert bell["unread"] == 1
    shown = bell["notifications"][0]
    assert shown["service"] == "Bulletins"
    assert shown["title"] == "<img src=x onerror=alert(1)> Bulletins"
    assert shown["text"] == "</script><script>alert(1)</script> à signer"
    assert shown["link"] == body["link"]


def test_the_bell_is_one_s_own(service: NewService, claire: Account, browser: Client) -> None:
    person(claire.academy, "Ali", "Benali", PASSWORD)
    mine = post(service).json()["id"]
    sign_in(browser, "ali.benali")
    assert browser.get("/api/notifications", secure=True).json() == {"unread": 0, "notifications": []}
    for act in ("read", "removed"):
        assert acted(browser, act, mine) == 204
        assert acted(browser, act, mine, "https://evil.example") == 403
    sign_in(claires := new_browser())
    assert claires.get("/api/notifications", secure=True).json()["unread"] == 1
    assert acted(claires, "read", mine) == 204
    assert claires.get("/api/notifications", secure=True).json()["unread"] == 0
    assert acted(claires, "removed", mine) == 204
    assert claires.get("/api/notifications", secure=True).json()["notifications"] == []
    assert Notification.objects.get().title == ""


def acted(browser: Client, act: str, notification: str, origin: str = ORIGIN) -> int:
    path = f"/api/notifications/{act}"
    body = {"ids": [notification]}
    headers = {"Origin": origin}
    return browser.post(path, body, content_type="application/json", secure=True, headers=headers).status_code


def test_what_is_old_is_forgotten(service: NewService, claire: Account) -> None:
    post(service)
    later = timezone.now() + KEPT
    assert not notifications_of(claire, later).exists()
    assert forget_old(later) == 1


def test_the_token_is_kept_nowhere(
    service: NewService, claire: Account, caplog: pytest.LogCaptureFixture
) -> None:
    post(service)
    revoke_service(service.row.id.hex, by=BY, reason="tests", now=timezone.now())
    post(service)
    kept = [*Service.objects.values(), *JournalEntry.objects.values(), *JournalPayload.objects.values()]
    assert service.token.reveal() not in str(kept) + caplog.text + repr(service)
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"service.created", "service.revoked"} <= actions


def test_names_and_hosts(claire: Account) -> None:
    for name, hosts in (
        ("", []),
        ("x" * 61, []),
        ("A", ["https://a.fr"]),
        ("A", ["127.0.0.1"]),
        ("A", ["a_b.fr"]),
    ):
        with pytest.raises(BadService):
            made(claire, name, hosts)
    made(claire, "Bulletins", [])
    with pytest.raises(AlreadyThere):
        made(claire, "BULLETINS", [])
