"""Attacks on passkeys and security keys, each beside what is allowed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

import casier
from casier.directory.models import Account
from casier.identity.factors.api import usable_methods
from casier.identity.factors.models import WebAuthnKey
from casier.identity.history.models import NoticeSent
from engines.factors_scene import ENROL, SHOW, Authenticator, add_key, ask, codes_in, enter_by, paul, post
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY

__all__ = ["browser", "claire", "emptied", "paul", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
SOURCE = "192.0.2.7"


@pytest.fixture
def passkey(claire: Account, browser: Client) -> Authenticator:
    """Claire's, enrolled on the way in."""
    ask(claire.academy)
    key = Authenticator()
    sign_in(browser)
    page = add_key(browser, ENROL, key)
    assert len(codes_in(page)) == 10
    return key


def test_a_passkey_opens_alone_and_is_both_factors(claire: Account, passkey: Authenticator) -> None:
    visitor = new_browser()
    assert enter_by(visitor, passkey)["Location"] == "/courrier/"
    assert signed_in(visitor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://rouen.localhost:8443.evil.example"},
        {"origin": "https://rouen.localhost"},
        {"origin": "http://rouen.localhost:8443"},
        {"origin": "https://evil.example"},
        {"crossOrigin": True},
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
        {"challenge": ""},
    ],
)
def test_what_another_site_made_the_key_sign_opens_nothing(
    passkey: Authenticator, wrong: dict[str, Any]
) -> None:
    visitor = new_browser()
    assert enter_by(visitor, passkey, **wrong).status_code == 422
    assert not signed_in(visitor)
    assert enter_by(visitor, passkey).status_code == 302


def test_the_origin_comes_from_the_directory_never_from_the_request(passkey: Authenticator) -> None:
    """A Host of the attacker's making changes neither the origin nor the relying party."""
    visitor = new_browser("evil.example:8443")
    assert post(visitor, "/connexion/passkey/options/").status_code == 404
    visitor = new_browser("rouen.localhost:666")
    passkey.origin = "https://rouen.localhost:666"
    assert enter_by(visitor, passkey).status_code == 422


def test_another_relying_party_opens_nothing(passkey: Authenticator) -> None:
    passkey.rp_id = "amiens.localhost"
    assert enter_by(new_browser(), passkey).status_code == 422


def test_an_answer_is_good_once_and_in_its_own_session(passkey: Authenticator) -> None:
    visitor, thief = new_browser(), new_browser()
    options = post(visitor, "/connexion/passkey/options/").json()
    answer = passkey.show(options)
    post(thief, "/connexion/passkey/options/")
    assert post(thief, "/connexion/passkey/", reponse=answer).status_code == 422
    assert post(visitor, "/connexion/passkey/", reponse=answer).status_code == 302
    assert post(visitor, "/connexion/passkey/", reponse=answer).status_code == 422


def test_a_challenge_is_used_up_even_where_the_session_forgot(
    claire: Account, passkey: Authenticator
) -> None:
    """Two answers in the same instant both find the challenge in the session: Redis lets one through."""
    from casier.identity.factors import webauthn
    from casier.identity.factors.proving import prove_passkey

    passkey.counter = -1  # an authenticator without a counter: always 0
    question = webauthn.ask(claire.academy, None)
    answer = passkey.show(question.options)
    found = [
        prove_passkey(claire.academy, question.state, answer, source=SOURCE, now=timezone.now())
        for _ in range(2)
    ]
    assert found == [claire, None]


def test_a_challenge_ends_after_five_minutes(passkey: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = new_browser()
    options = post(visitor, "/connexion/passkey/options/").json()
    monkeypatch.setattr("casier.portal.factors.showing.CHALLENGE_SECONDS", -1)
    assert post(visitor, "/connexion/passkey/", reponse=passkey.show(options)).status_code == 422


def test_a_key_whose_counter_goes_back_is_given_up(claire: Account, passkey: Authenticator) -> None:
    assert enter_by(new_browser(), passkey).status_code == 302
    passkey.counter = 0
    assert enter_by(new_browser(), passkey).status_code == 422
    key = WebAuthnKey.objects.get(account=claire)
    assert key.copied_at is not None
    told = NoticeSent.objects.filter(account=claire).order_by("-at")
    assert [row.notice for row in told].count("factor_copied") == 1
    assert "factor_removed" not in {row.notice for row in told}
    notice = told.get(notice="factor_copied")
    assert notice.facts == {"name": key.name, "source": SOURCE}
    passkey.counter = 1000
    assert enter_by(new_browser(), passkey).status_code == 422, "neither of the two opens any more"
    assert usable_methods(claire) == ()


def test_without_finger_face_or_pin_a_key_does_not_stand_alone(passkey: Authenticator) -> None:
    passkey.verifies = False
    assert enter_by(new_browser(), passkey).status_code == 422


def test_the_key_of_another_is_no_second_factor(
    claire: Account, paul: Account, passkey: Authenticator
) -> None:
    his = Authenticator()
    visitor = new_browser()
    sign_in(visitor, "paul.durand")
    add_key(visitor, ENROL, his, "cle")
    visitor = new_browser()
    sign_in(visitor, "paul.durand")
    for key, status in ((passkey, 422), (his, 302)):
        options = post(visitor, f"{SHOW}options/").json()
        assert post(visitor, SHOW, moyen="cle", reponse=key.show(options)).status_code == status
    assert signed_in(visitor)


def test_a_handle_of_another_person_opens_nothing(paul: Account, passkey: Authenticator) -> None:
    from casier.identity.factors.webauthn import handle_of

    passkey.handle = handle_of(paul)
    assert enter_by(new_browser(), passkey).status_code == 422


def test_a_security_key_does_not_open_alone(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    key = Authenticator()
    sign_in(browser)
    add_key(browser, ENROL, key, "cle")
    assert enter_by(new_browser(), key).status_code == 422


def test_one_key_is_nobody_elses(paul: Account, passkey: Authenticator) -> None:
    visitor = new_browser()
    sign_in(visitor, "paul.durand")
    assert add_key(visitor, ENROL, passkey).status_code == 422
    assert not WebAuthnKey.objects.filter(account=paul).exists()


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_a_passkey_opens_no_account_that_is_out(claire: Account, passkey: Authenticator, state: str) -> None:
    Account.objects.filter(pk=claire.pk).update(state=state)
    assert enter_by(new_browser(), passkey).status_code == 422


def test_where_passkeys_do_not_stand_alone_none_is_asked_for(claire: Account, passkey: Authenticator) -> None:
    import msgspec

    from casier.policies.api import adopt, policy_for

    visitor = new_browser()
    options = post(visitor, "/connexion/passkey/options/").json()
    policy = policy_for(claire.academy)
    without = msgspec.structs.replace(policy, sign_in=msgspec.structs.replace(policy.sign_in, passkeys=False))
    adopt(claire.academy, without, by=BY, reason="tests", now=timezone.now())
    assert post(visitor, "/connexion/passkey/", reponse=passkey.show(options)).status_code == 422
    assert post(visitor, "/connexion/passkey/options/").status_code == 404


@pytest.mark.parametrize(
    "answer", ["", "null", "[]", "{}", '{"response": {}}', "x" * 30_000, '{"response": 1}']
)
def test_nonsense_is_refused_calmly(passkey: Authenticator, answer: str) -> None:
    visitor = new_browser()
    post(visitor, "/connexion/passkey/options/")
    assert post(visitor, "/connexion/passkey/", reponse=answer).status_code == 422


def test_there_is_no_switch_for_insecure_origins() -> None:
    """Nobody, for a test or a quick try, leaves out the check of the origin."""
    for module in Path(casier.__file__).parent.rglob("*.py"):
        text = module.read_text("utf-8").lower()
        assert "insecure_origin" not in text, module
        assert not re.search(r"verify_origin\s*=\s*lambda[^:\n]*:\s*true", text), module
    assert not [name for name in dir(settings) if "WEBAUTHN" in name]
