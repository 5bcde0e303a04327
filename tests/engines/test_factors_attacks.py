"""Attacks on codes, paper and the duty itself, each beside what is allowed; with a real Redis."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from casier.directory.models import Account
from casier.identity.entry.road import Proof
from casier.identity.factors import actions
from casier.identity.factors.api import Answer, Proved, Wrong, prove, usable_methods
from casier.identity.factors.models import RecoveryCode, Totp
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
    enrolled,
    enter_by,
    get,
    paul,
    post,
)
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY

__all__ = ["browser", "claire", "emptied", "paul", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
SOURCE = "192.0.2.7"


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


# Going round the duty ---------------------------------------------------------------------------------
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
