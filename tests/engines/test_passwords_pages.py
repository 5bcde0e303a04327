"""Choosing and changing a password: on the way in, signed in, and what an attacker gains there."""

from __future__ import annotations

import logging
import re
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.identity import hashers
from casier.identity.activation import api as activation
from casier.identity.api import create_app_password
from casier.identity.entry import standing
from casier.identity.factors.api import Wanted
from casier.identity.models import AppPassword, PastPassword, User
from casier.identity.passwords import tries
from casier.identity.passwords.api import check_password, force_change, set_password, set_temporary_password
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from casier.policies.api import Policy, adopt, policy_for
from engines.portal_scene import (
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
)
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
NEXT = "girafe-moulin-cerise-tambour-47"
DUTY = "/connexion/mot-de-passe/"
TRY = "/connexion/mot-de-passe/essai/"
OWN = "/compte/mot-de-passe/"
LONGEST_ONE = "kp7-" + "Vw9xe-" * 20 + "lamp"  # 128


@pytest.fixture(autouse=True)
def nothing_else_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents, second factors and means have tests of their own."""
    monkeypatch.setattr(standing.activation, "documents_due", lambda *_: False)
    monkeypatch.setattr(standing.activation, "details_wanted", lambda *_: False)
    monkeypatch.setattr(standing.activation, "memo_wanted", lambda *_: False)
    monkeypatch.setattr(standing.means, "means_wanted", lambda *_: False)
    monkeypatch.setattr(standing.means, "check_due", lambda *_: False)
    monkeypatch.setattr(standing.factors, "at_entry", lambda *_: Wanted())


def policy(account: Account, **changed: Any) -> None:
    now = policy_for(account.academy)
    password = msgspec.structs.replace(now.password, **changed)
    adopt(
        account.academy,
        msgspec.structs.replace(now, password=password),
        by=BY,
        reason="tests",
        now=timezone.now(),
    )


def choose(browser: Client, password: str, page: str = DUTY, **more: str) -> Any:
    return browser.post(page, {"nouveau": password, **more}, secure=True)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_temporary_password_leads_to_ones_own_and_nowhere_else(browser: Client, claire: Account) -> None:
    temporary = set_temporary_password(claire, BY, "letter").reveal()
    assert sign_in(browser, password=temporary)["Location"] == DUTY
    page = browser.get(DUTY, secure=True)
    assert "ne sert qu’une fois" in text_of(page)
    assert not signed_in(browser)
    assert temporary not in text_of(page)
    assert choose(browser, NEXT)["Location"] == "/courrier/"
    assert signed_in(browser)
    assert sign_in(new_browser(), password=temporary).status_code == 422
    assert sign_in(new_browser(), password=NEXT)["Location"] == "/courrier/"


def test_a_temporary_password_isnt_kept_as_ones_own(browser: Client, claire: Account) -> None:
    temporary = set_temporary_password(claire, BY, "letter").reveal()
    sign_in(browser, password=temporary)
    assert choose(browser, temporary).status_code == 422
    assert choose(browser, temporary.upper()).status_code == 422
    assert not signed_in(browser)


def test_a_temporary_password_ends_and_looks_like_a_wrong_one(browser: Client, claire: Account) -> None:
    temporary = set_temporary_password(claire, BY, "letter").reveal()
    User.objects.filter(account=claire).update(temporary_until=timezone.now() - timedelta(seconds=1))
    over = sign_in(browser, password=temporary)
    wrong = sign_in(new_browser(), password="not-this-one-at-all")
    assert over.status_code == wrong.status_code == 422
    assert not check_password(claire, Secret(temporary))


def test_an_expired_person_keeps_mail_but_not_the_web(browser: Client, claire: Account) -> None:
    create_app_password(claire, "Téléphone", BY)
    policy(claire, expires_days=90)
    User.objects.filter(account=claire).update(password_changed_at=timezone.now() - timedelta(days=91))
    assert sign_in(browser)["Location"] == DUTY
    assert "dépassé la durée" in text_of(browser.get(DUTY, secure=True))
    assert not signed_in(browser)
    assert AppPassword.objects.get().revoked_at is None
    assert redis().keys("casier:app-password:*")
    assert choose(browser, PASSWORD).status_code == 422
    assert choose(browser, NEXT)["Location"] == "/courrier/"


def test_a_password_never_ends_where_the_policy_says_zero(browser: Client, claire: Account) -> None:
    policy(claire, expires_days=0)
    User.objects.filter(account=claire).update(password_changed_at=timezone.now() - timedelta(days=9000))
    assert sign_in(browser)["Location"] == "/courrier/"


def test_a_forced_change_ends_the_sessions_and_comes_first(browser: Client, claire: Account) -> None:
    sign_in(browser)
    assert signed_in(browser)
    force_change(claire, BY, "compromised")
    assert not signed_in(browser)
    again = new_browser()
    assert sign_in(again)["Location"] == DUTY
    assert "demande que vous changiez" in text_of(again.get(DUTY, secure=True))
    assert choose(again, NEXT)["Location"] == "/courrier/"


def test_no_password_is_set_before_what_comes_first_on_the_road(
    browser: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stolen letter with a temporary password doesn't lead past the second factor."""
    asked = lambda _account, entry, _now: Wanted(asked=not entry.second_factor_shown)  # noqa: E731
    monkeypatch.setattr(standing.factors, "at_entry", asked)
    temporary = set_temporary_password(claire, BY, "letter").reveal()
    assert sign_in(browser, password=temporary)["Location"] == "/connexion/second-facteur/"
    assert choose(browser, NEXT)["Location"] == "/connexion/second-facteur/"
    assert not check_password(claire, Secret(NEXT))


def test_who_is_not_on_the_road_sets_nothing(browser: Client, claire: Account) -> None:
    assert choose(browser, NEXT)["Location"].startswith("/connexion/?fin")
    assert browser.post(TRY, {"nouveau": NEXT}, secure=True).status_code == 403
    assert check_password(claire, Secret(PASSWORD))


def test_every_reason_is_told_at_the_field(browser: Client, claire: Account) -> None:
    sign_in(browser, password=set_temporary_password(claire, BY, "letter").reveal())
    answer = choose(browser, "Lefevre")
    assert answer.status_code == 422
    assert "Il est trop court" in text_of(answer)
    assert "surtout fait de votre nom" in text_of(answer)
    assert "Lefevre" not in text_of(answer)
    assert "autofocus" in text_of(answer)


def test_one_changes_ones_password_with_the_present_one(browser: Client, claire: Account) -> None:
    other = new_browser()
    sign_in(browser), sign_in(other)
    assert "actuel" in text_of(choose(browser, NEXT, OWN))
    assert choose(browser, NEXT, OWN, actuel="not-this-one-at-all").status_code == 422
    assert check_password(claire, Secret(PASSWORD))
    assert choose(browser, NEXT, OWN, actuel=PASSWORD)["Location"] == OWN
    assert signed_in(browser)
    assert not signed_in(other)
    assert "Votre mot de passe est changé" in text_of(browser.get(OWN, secure=True))
    assert check_password(claire, Secret(NEXT))


def test_a_stolen_session_doesnt_find_the_present_password(browser: Client, claire: Account) -> None:
    sign_in(browser)
    for _ in range(tries.CONFIRMING.most):
        choose(browser, NEXT, OWN, actuel="not-this-one-at-all")
    answer = choose(browser, NEXT, OWN, actuel=PASSWORD)
    assert answer.status_code == 422
    assert "Patientez" in text_of(answer)
    assert check_password(claire, Secret(PASSWORD))


def test_a_password_is_weighed_as_one_types(browser: Client, claire: Account) -> None:
    sign_in(browser)
    weak = browser.post(TRY, {"nouveau": "Rentree2026!"}, secure=True).json()
    good = browser.post(TRY, {"nouveau": NEXT}, secure=True).json()
    assert (weak["strength"], bool(weak["against"])) == (1, True)
    assert good == {"strength": 4, "word": "Très bon", "against": []}
    assert len(browser.post(TRY, {"idee": "1"}, secure=True).json()["suggestion"]) > 20
    assert browser.get(TRY, secure=True).status_code == 405


def test_weighing_is_limited_and_needs_a_token(browser: Client, claire: Account) -> None:
    sign_in(browser)
    strict = Client(enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443"})
    strict.cookies = browser.cookies
    assert strict.post(TRY, {"nouveau": NEXT}, secure=True).status_code == 403
    codes = [
        browser.post(TRY, {"nouveau": "x"}, secure=True).status_code for _ in range(tries.WEIGHING.most + 2)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_no_password_that_was_typed_stands_anywhere(
    browser: Client, claire: Account, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the log, nor in the journal, nor in Redis, nor in the database; not even of refused ones."""
    caplog.set_level(logging.DEBUG)
    policy(claire, history=3)
    sign_in(browser)
    marks = ("Zq9-wapiti-refused", "short", "girafe-moulin-cerise-tambour-47")
    browser.post(TRY, {"nouveau": marks[0]}, secure=True)
    choose(browser, "Zq9-wapiti-refused" * 9, OWN, actuel=PASSWORD)
    choose(browser, marks[2], OWN, actuel=PASSWORD)
    temporary = set_temporary_password(claire, BY, "letter").reveal()
    stored = "".join(serializers.serialize("json", model.objects.all()) for model in apps.get_models())
    kept = "".join(str(redis().dump(key)) for key in redis().scan_iter("*"))
    for text in (caplog.text, stored, kept):
        for secret in (marks[0], marks[2], PASSWORD, temporary):
            assert secret not in text
    assert JournalEntry.objects.filter(action="identity.temporary_password_set").exists()


def test_the_last_ones_are_not_taken_again_whatever_their_case(browser: Client, claire: Account) -> None:
    policy(claire, history=2)
    sign_in(browser)
    used = [PASSWORD, NEXT, "fusain-orage-hibou-lampion-31"]
    for before, after in pairwise(used):
        assert choose(browser, after, OWN, actuel=before).status_code == 302
    now = used[-1]
    for again in (PASSWORD, NEXT, NEXT.capitalize(), NEXT.upper(), now, now.upper()):
        assert choose(browser, again, OWN, actuel=now).status_code == 422, again
    accents = "hétre-Éclair-forêt-ondée-52"
    decomposed = "he\u0301tre-E\u0301clair-fore\u0302t-onde\u0301e-52"
    assert choose(browser, accents, OWN, actuel=now).status_code == 302
    assert choose(browser, decomposed, OWN, actuel=accents).status_code == 422
    assert PastPassword.objects.filter(account=claire).count() == 2
    assert choose(browser, PASSWORD, OWN, actuel=decomposed).status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        "le perroquet mange  douze figues ",
        "hêtre-Éclair-forêt-ondée-52",
        "図書館の猫が五匹-7眠る朝",
        LONGEST_ONE,
    ],
)
def test_what_was_set_opens_the_door_as_it_was_typed(browser: Client, claire: Account, password: str) -> None:
    set_password(claire, Secret(password), BY)
    assert sign_in(browser, password=password)["Location"] == "/courrier/"
    assert sign_in(new_browser(), password=password.strip() + "x").status_code == 422


@pytest.mark.parametrize(
    "password", ["tulipe\0Verte-93-orage", "a" * 1_000_000, "\x7f" * 40, "'; DROP TABLE", " " * 40]
)
def test_nothing_odd_is_set_or_breaks_the_page(browser: Client, claire: Account, password: str) -> None:
    sign_in(browser)
    assert choose(browser, password, OWN, actuel=PASSWORD).status_code in {400, 413, 422}
    assert browser.post(TRY, {"nouveau": password}, secure=True).status_code in {200, 400, 413}
    assert check_password(claire, Secret(PASSWORD))


def test_a_right_and_a_wrong_present_password_take_as_long(claire: Account) -> None:
    nobody = Account(academy=claire.academy, person=claire.person)

    def spent(account: Account, password: str) -> float:
        began = time.process_time()
        check_password(account, Secret(password))
        return time.process_time() - began

    hashers.no_password()
    # By turns, the least of each: what others do on the machine slows a turn down, and makes none quicker.
    turns = [(spent(claire, PASSWORD), spent(claire, "x" * 20), spent(nobody, "x" * 20)) for _ in range(6)]
    right, wrong, none = (min(times) for times in zip(*turns, strict=True))
    assert max(right, wrong, none) < 1.6 * min(right, wrong, none)


def test_the_pages_are_light_and_work_without_script(browser: Client, claire: Account) -> None:
    sign_in(browser, password=set_temporary_password(claire, BY, "letter").reveal())
    page = browser.get(DUTY, secure=True)
    text = text_of(page)
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick", text)
    assert 'autocomplete="new-password"' in text
    assert "maxlength=" not in text
    assert "Au moins 10 caractères" in text
    assert choose(browser, NEXT, encore="other").status_code == 422
    assert choose(browser, NEXT, encore=NEXT).status_code == 302


def test_documents_are_a_duty_of_their_own() -> None:
    """What this file's fixture puts aside exists."""
    assert callable(activation.documents_due)
    assert isinstance(Policy().password.min_length, int)
