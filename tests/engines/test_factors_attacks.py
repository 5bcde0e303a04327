"""Attacks on the second factor, each beside what is allowed; a real Redis and Django's own client."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

import casier
from casier.directory.models import Account
from casier.identity.api import end_sessions, set_password
from casier.identity.entry.road import Proof
from casier.identity.factors import actions
from casier.identity.factors.api import Answer, Proved, Wrong, prove, usable_methods
from casier.identity.factors.models import RecoveryCode, Totp, TrustedDevice, WebAuthnKey
from casier.identity.history.models import NoticeSent
from casier.kernel.secret import Secret
from engines.factors_scene import (
    ADD,
    CONFIRM,
    ENROL,
    MANAGE,
    SHOW,
    Authenticator,
    add_key,
    ask,
    code_of,
    codes_in,
    enrolled,
    enter_by,
    get,
    post,
)
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
SOURCE = "192.0.2.7"


@pytest.fixture
def paul(claire: Account) -> Account:
    return person(claire.academy, "Paul", "Durand", PASSWORD)


def show(account: Account, method: str = "totp", **answer: Any) -> Proved | Wrong | Any:
    return prove(account, method, Answer(**answer), source=SOURCE, now=timezone.now())


# Codes of an application ------------------------------------------------------------------------------
def test_a_code_opens_once(claire: Account) -> None:
    ask(claire.academy)
    code = code_of(enrolled(claire))
    assert show(claire, typed=code) == Proved(Proof.TOTP)
    assert isinstance(show(claire, typed=code), Wrong)


def test_an_older_code_opens_nothing_after_a_newer_one(claire: Account) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    assert show(claire, typed=code_of(secret, 1)) == Proved(Proof.TOTP)
    assert isinstance(show(claire, typed=code_of(secret)), Wrong)


def test_the_same_code_twice_in_the_same_instant_opens_once(claire: Account) -> None:
    ask(claire.academy)
    code = code_of(enrolled(claire))

    def try_it(_: int) -> Any:
        try:
            return show(claire, typed=code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(try_it, range(6)))
    assert outcomes.count(Proved(Proof.TOTP)) == 1


def test_the_step_is_taken_by_the_row_itself(claire: Account) -> None:
    """Without the turn in Redis: the conditional update alone lets one through."""
    ask(claire.academy)
    enrolled(claire)
    free = Totp.objects.filter(account=claire, last_counter__lt=5)
    assert [free.update(last_counter=5), free.update(last_counter=5)] == [1, 0]


def test_the_code_of_another_account_opens_nothing(claire: Account, paul: Account) -> None:
    ask(claire.academy)
    enrolled(claire)
    others = enrolled(paul)
    assert isinstance(show(claire, typed=code_of(others)), Wrong)
    assert show(paul, typed=code_of(others)) == Proved(Proof.TOTP)


def test_a_sealed_secret_copied_to_another_account_opens_nothing(claire: Account, paul: Account) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    enrolled(paul)
    stolen = Totp.objects.get(account=claire).secret_sealed
    Totp.objects.filter(account=paul).update(secret_sealed=stolen)
    with pytest.raises(Exception, match="can't be read"):
        show(paul, typed=code_of(secret))


def test_guessing_is_counted_and_comes_to_an_end(
    claire: Account, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    counted: list[str] = []

    def wait(*_: object) -> int:
        return -1 if len(counted) > 2 else 0

    def note(account: Account, *_: object) -> int:
        counted.append(account.public_id)
        return wait()

    monkeypatch.setattr("casier.identity.factors.proving.note_factor_failure", note)
    monkeypatch.setattr("casier.identity.factors.proving.factor_wait", wait)
    sign_in(browser)
    answers = [post(browser, SHOW, moyen="application", code="000000").status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]
    assert counted == [claire.public_id] * 3
    last = post(browser, SHOW, moyen="application", code=code_of(secret))
    assert last.status_code == 429, "once locked, even the right code is not looked at"
    assert not signed_in(browser)


def test_the_guard_shuts_the_second_factor_and_not_the_passkey(claire: Account, browser: Client) -> None:
    """With the guard's own counting: as many wrong ones as the policy allows, from several browsers."""
    ask(claire.academy)
    key = Authenticator()
    sign_in(browser)
    add_key(browser, ENROL, key)
    secret = enrolled(claire)
    tries = []
    for _ in range(7):
        visitor = new_browser()
        sign_in(visitor)
        tries.append(post(visitor, SHOW, moyen="application", code="000000").status_code)
    assert tries[0] == 422
    assert tries[-1] == 429
    assert post(visitor, SHOW, moyen="application", code=code_of(secret)).status_code == 429
    assert not signed_in(visitor)
    assert enter_by(new_browser(), key).status_code == 302, "its owner still comes in"


def test_secrets_cannot_be_read_in_the_database(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    codes = [code.reveal() for code in actions.renew_codes(claire, BY, timezone.now())]
    sign_in(browser)
    post(browser, SHOW, moyen="application", code=code_of(secret), confiance="on")
    token = next(v.value for k, v in browser.cookies.items() if "confiance" in k)
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if "identity" in name]
        dump = b""
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                dump += b"\n".join(
                    bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row
                )
    assert claire.public_id.encode() in dump.replace(b"-", b"")
    for kept in (secret.reveal(), *codes, codes[0].replace("-", ""), token):
        assert kept.encode() not in dump


def test_the_secret_that_waits_in_the_session_is_sealed(claire: Account, browser: Client) -> None:
    from casier.identity.redis_link import redis

    ask(claire.academy)
    sign_in(browser)
    page = get(browser, f"{ENROL}application/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret
    plain = secret[1].replace(" ", "")
    for key in redis().scan_iter():
        if redis().type(key) == "string":
            assert plain not in str(redis().get(key))
    assert get(browser, f"{ENROL}application/").content.decode().count(secret[1]) == 1, "a reload keeps it"


# Paper ------------------------------------------------------------------------------------------------
def test_a_recovery_code_opens_once_and_for_its_owner_only(claire: Account, paul: Account) -> None:
    ask(claire.academy)
    enrolled(claire)
    enrolled(paul)
    code = actions.renew_codes(claire, BY, timezone.now())[0].reveal()
    actions.renew_codes(paul, BY, timezone.now())
    assert isinstance(show(paul, "recovery_codes", typed=code), Wrong)
    assert show(claire, "recovery_codes", typed=code.upper()) == Proved(Proof.RECOVERY_CODE)
    assert isinstance(show(claire, "recovery_codes", typed=code), Wrong)
    assert RecoveryCode.objects.filter(account=claire, used_at__isnull=True).count() == 9


def test_codes_made_anew_end_the_ones_before(claire: Account) -> None:
    ask(claire.academy)
    enrolled(claire)
    old = actions.renew_codes(claire, BY, timezone.now())[0].reveal()
    actions.renew_codes(claire, BY, timezone.now())
    assert isinstance(show(claire, "recovery_codes", typed=old), Wrong)


def test_paper_alone_is_no_second_factor(claire: Account) -> None:
    ask(claire.academy)
    actions.renew_codes(claire, BY, timezone.now())
    assert usable_methods(claire) == ()


# Going round the duty -----------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/api/me", "/compte/", MANAGE, ADD, CONFIRM, f"{MANAGE}codes/"])
def test_the_password_alone_opens_nothing(claire: Account, browser: Client, address: str) -> None:
    ask(claire.academy)
    enrolled(claire)
    assert sign_in(browser)["Location"] == SHOW
    answer = get(browser, address)
    assert answer.status_code in {302, 401}
    assert "/connexion/" in answer.get("Location", "/connexion/")


def test_the_edge_knows_no_session_before_the_factor(claire: Account, browser: Client) -> None:
    from casier.identity.redis_link import redis
    from casier.kernel import published

    ask(claire.academy)
    secret = enrolled(claire)
    sign_in(browser)
    assert not list(redis().scan_iter(f"{published.PREFIX}session:*"))
    assert post(browser, SHOW, moyen="application", code=code_of(secret))["Location"] == "/courrier/"
    assert list(redis().scan_iter(f"{published.PREFIX}session:*"))


def test_nobody_enrols_a_factor_of_their_own_by_the_password_alone(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    enrolled(claire)
    sign_in(browser)
    for page in ("", "application/", "cle/", "telephone/"):
        assert get(browser, f"{ENROL}{page}")["Location"] == SHOW
    assert post(browser, f"{ENROL}application/", code="123456")["Location"] == SHOW
    assert post(browser, f"{ENROL}cle/options/", genre="acces").status_code == 302
    assert Totp.objects.filter(account=claire).count() == 1


def test_what_is_required_cannot_be_put_off(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    assert sign_in(browser)["Location"] == ENROL
    assert "Plus tard" not in get(browser, ENROL).content.decode()
    assert post(browser, f"{ENROL}plus-tard/")["Location"] == ENROL
    assert post(browser, "/connexion/second-facteur/suite/")["Location"] == ENROL
    assert not signed_in(browser)


def test_forms_of_other_sites_change_nothing(claire: Account) -> None:
    ask(claire.academy)
    strict = Client(headers={"Host": "rouen.localhost:8443"}, enforce_csrf_checks=True)
    for address in (
        SHOW, f"{ENROL}application/", f"{ENROL}cle/", f"{ENROL}plus-tard/", f"{ADD}application/",
        CONFIRM, "/connexion/passkey/", "/connexion/passkey/options/", f"{MANAGE}codes/",
        f"{MANAGE}appareils/oublier/",
    ):  # fmt: skip
        assert post(strict, address, code="123456").status_code == 403, address


# Trusted devices ----------------------------------------------------------------------------------------
def pass_once(browser: Client, secret: Secret, **more: str) -> Any:
    sign_in(browser, **more)
    return post(browser, SHOW, moyen="application", code=code_of(secret), confiance="on")


def again_with(cookies: Any, **more: str) -> tuple[Client, Any]:
    """Another sign-in of a browser that has kept nothing but the cookie of trust."""
    later = new_browser()
    for name, cookie in cookies.items():
        if "confiance" in name:
            later.cookies[name] = cookie.value
    sign_in(later, **more)
    return later, get(later, SHOW)


def test_a_trusted_device_is_not_asked_again_and_its_cookie_is_safe(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    cookie = next(cookie for name, cookie in browser.cookies.items() if "confiance" in name)
    assert cookie.key.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    later, answer = again_with(browser.cookies)
    assert answer["Location"] == "/courrier/"
    assert signed_in(later)


def test_trust_of_another_account_is_worth_nothing(claire: Account, paul: Account, browser: Client) -> None:
    ask(claire.academy)
    enrolled(paul)
    pass_once(browser, enrolled(claire))
    token = next(v.value for k, v in browser.cookies.items() if "confiance" in k)
    from casier.identity.factors import trust

    other = new_browser()
    other.cookies[trust.cookie_name(paul)] = token
    sign_in(other, "paul.durand")
    assert get(other, SHOW).status_code == 200
    assert not signed_in(other)


@pytest.mark.parametrize("end", ["password", "everywhere", "forgotten", "policy"])
def test_trust_ends(claire: Account, browser: Client, end: str) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    password = PASSWORD
    if end == "password":
        password = "Ardoise-Craie-Encre-2048"
        set_password(claire, Secret(password), BY)
    elif end == "everywhere":
        end_sessions(claire, "tests", BY)
    elif end == "forgotten":
        assert post(browser, f"{MANAGE}appareils/oublier/")["Location"] == MANAGE
    else:
        ask(claire.academy, trusted_days=0)
    later, answer = again_with(browser.cookies, password=password)
    assert answer.status_code == 200
    assert not signed_in(later)


def test_one_browser_that_signs_out_stays_trusted(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    browser.post("/deconnexion/", secure=True)
    assert again_with(browser.cookies)[1]["Location"] == "/courrier/"


def test_a_shared_computer_is_never_trusted(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    sign_in(browser, poste_partage="on")
    assert "confiance" not in get(browser, SHOW).content.decode()
    post(browser, SHOW, moyen="application", code=code_of(secret), confiance="on")
    assert signed_in(browser)
    assert not TrustedDevice.objects.exists()


# Keys -------------------------------------------------------------------------------------------------
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
