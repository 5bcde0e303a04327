"""*Auto-dépannage*: nothing without a proof, the truth after it, and only what a person may mend."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.actions.accounts import suspend
from casier.directory.models import Account
from casier.identity.guard import api as guard
from casier.identity.history.api import refuse
from casier.policies.api import adopt, policy_for
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from engines.recovery_scene import Outside, desk, outside, post, reachable, rules
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "outside", "reachable", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def prove(browser: Client, outside: Outside, name: str = "claire.lefevre") -> None:
    post(browser, "/depannage/", identifiant=name)
    post(browser, "/depannage/moyen/", moyen="sms")
    outside.work()
    assert post(browser, "/depannage/code/", code=outside.code()).status_code == 302


def state(browser: Client) -> str:
    answer = browser.get("/depannage/etat/", secure=True)
    return str(answer.content.decode()) if answer.status_code == 200 else ""


def lock(account: Account, turn: int = 0) -> None:
    """Wrong passwords, each another: the same again counts once."""
    stranger = Client(headers={"Host": "rouen.localhost:8443", "X-Real-IP": f"203.0.113.{turn}"})
    for number in range(7):
        sign_in(stranger, password=f"faux-mot-de-passe-{turn}-{number}")
    assert guard.block_of(account)


def test_a_locked_lane_is_explained_and_opened(browser: Client, reachable: Account, outside: Outside) -> None:
    lock(reachable)
    sign_in(browser)
    assert not signed_in(browser)
    prove(browser, outside)
    assert "Trop de mots de passe faux" in state(browser)
    mended = post(browser, "/depannage/etat/", reparer="unlock")
    assert "C’est débloqué" in mended.content.decode()
    assert guard.block_of(reachable) is None
    assert guard.known_device(asking(browser), reachable)  # a lane of its own from now on
    sign_in(browser)
    assert signed_in(browser)


def asking(browser: Client) -> HttpRequest:
    """The next request of BROWSER."""
    request: HttpRequest = browser.get("/depannage/", secure=True).wsgi_request
    return request


def test_nothing_is_told_or_mended_without_a_proof(browser: Client, reachable: Account) -> None:
    lock(reachable)
    post(browser, "/depannage/", identifiant="claire.lefevre")
    post(browser, "/depannage/moyen/", moyen="sms")
    assert state(browser) == ""
    assert post(browser, "/depannage/etat/", reparer="unlock").headers["Location"] == "/depannage/"
    assert guard.block_of(reachable)


def test_the_pages_tell_no_accounts_apart(reachable: Account, outside: Outside) -> None:
    lock(reachable)
    seen = []
    for name in ("claire.lefevre", "jeanne.personne"):
        visitor = new_browser()
        steps = [
            post(visitor, "/depannage/", identifiant=name),
            visitor.get("/depannage/moyen/", secure=True),
        ]
        steps.append(post(visitor, "/depannage/moyen/", moyen="sms"))
        outside.work()
        steps += [
            visitor.get("/depannage/code/", secure=True),
            post(visitor, "/depannage/code/", code="123456"),
        ]
        texts = [re.sub(r'value="\w{60,}"|R-\w{4}-\w{4}', "", step.content.decode()) for step in steps]
        seen.append([(step.status_code, text) for step, text in zip(steps, texts, strict=True)])
    assert seen[0] == seen[1]


def test_wrong_second_factors_are_no_matter_for_a_code(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    for _ in range(6):
        guard.note_factor_failure(reachable, "203.0.113.5", timezone.now().timestamp())
    assert guard.factor_wait(reachable, timezone.now().timestamp()) != 0
    prove(browser, outside)
    assert "Trop de codes faux" in state(browser)
    assert "Débloquer maintenant" not in state(browser)
    post(browser, "/depannage/etat/", reparer="unlock")
    assert guard.factor_wait(reachable, timezone.now().timestamp()) != 0


def test_who_was_suspended_learns_why_and_lifts_nothing(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    _, denis = desk(reachable.academy)
    suspend(reachable, by=denis, reason="enquête", now=timezone.now())
    prove(browser, outside)
    page = state(browser)
    assert "Votre compte est suspendu" in page
    assert "enquête" not in page
    post(browser, "/depannage/etat/", reparer="reopen")
    reachable.refresh_from_db()
    assert reachable.state == "suspended"


def test_an_idle_account_is_reopened_where_the_policy_lets(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    suspend(reachable, by=Actor.system("idle-accounts"), reason="idle", now=timezone.now())
    prove(browser, outside)
    assert "Votre compte dort" in state(browser)
    post(browser, "/depannage/etat/", reparer="reopen")
    reachable.refresh_from_db()
    assert reachable.state == "active"
    sign_in(browser)
    assert signed_in(browser)


def test_an_idle_account_stays_shut_where_the_policy_does_not(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    policy = policy_for(reachable.academy)
    idle = msgspec.structs.replace(policy.idle_account, reopen_by_self_service=False)
    now = timezone.now()
    adopt(reachable.academy, msgspec.structs.replace(policy, idle_account=idle), by=BY, reason="t", now=now)
    suspend(reachable, by=Actor.system("idle-accounts"), reason="idle", now=timezone.now())
    prove(browser, outside)
    post(browser, "/depannage/etat/", reparer="reopen")
    reachable.refresh_from_db()
    assert reachable.state == "suspended"


def test_a_network_that_is_not_allowed_is_said(browser: Client, reachable: Account, outside: Outside) -> None:
    rules(reachable.academy, allowed_networks=("10.0.0.0/8",))
    prove(browser, outside)
    assert "Ce réseau n’est pas permis" in state(browser)


def test_repairs_do_not_go_on_for_ever(browser: Client, reachable: Account, outside: Outside) -> None:
    prove(browser, outside)
    done = []
    for turn in range(5):
        lock(reachable, turn)
        done.append("C’est débloqué" in post(browser, "/depannage/etat/", reparer="unlock").content.decode())
    assert done == [True, True, True, True, False]


def test_a_reference_is_explained_to_its_person_alone(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    reference = refuse("locked", account=reachable, academy=reachable.academy, source="203.0.113.5")
    post(browser, "/depannage/reference/", reference=reference)
    before = browser.get("/depannage/reference/", secure=True).content.decode()
    post(browser, "/depannage/reference/", reference="R-2222-2222")
    unknown = browser.get("/depannage/reference/", secure=True).content.decode()
    assert shape(before) == shape(unknown)
    post(browser, "/depannage/reference/", reference=reference.lower())
    prove(browser, outside)
    assert "bloqué après trop d’essais" in browser.get("/depannage/reference/", secure=True).content.decode()
    theirs = refuse("locked", account=desk(reachable.academy)[0], academy=None, source="203.0.113.5")
    post(browser, "/depannage/reference/", reference=theirs)
    assert "bloqué" not in browser.get("/depannage/reference/", secure=True).content.decode()


def shape(page: str) -> str:
    return re.sub(r'value="\w{60,}"|R-\w{4}-\w{4}', "", page)


def test_what_anyone_may_look_at(browser: Client, reachable: Account) -> None:
    answer = browser.get("/depannage/verifier/", secure=True)
    page = browser.get(answer.headers["Location"], secure=True).content.decode()
    assert "Votre navigateur les accepte" in page
    assert "Essai de frappe" in page
    refused = new_browser().get("/depannage/verifier/?vu=1", secure=True).content.decode()
    assert "refuse les cookies" in refused


def test_the_right_password_is_not_what_a_code_gives(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    prove(browser, outside)
    assert not signed_in(browser)
    assert PASSWORD not in state(browser)
