"""The pages of second factors: showing, enrolling, keeping, giving up, a fresh proof; real Redis."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.identity.entry.road import Entry, Proof, Purpose
from casier.identity.factors import demo
from casier.identity.factors.models import EnrolmentClock, RecoveryCode, Telephone, Totp, WebAuthnKey
from casier.identity.means.api import CodePurpose, Reach, TooManyCodes
from casier.identity.sessions import SessionStore, generation
from casier.portal.middleware import POLICY
from engines.factors_scene import (
    ADD,
    CONFIRM,
    ENROL,
    MANAGE,
    SHOW,
    Authenticator,
    add_key,
    age_proof,
    ask,
    code_of,
    codes_in,
    enrolled,
    get,
    post,
)
from engines.portal_scene import (
    COOKIE,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
)
from unit.identity_people import PASSWORD

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def secret_on(page: Any) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", text_of(page))
    assert found
    return found[1].replace(" ", "")


def enrol_application(browser: Client, base: str) -> Any:
    """Take the secret from the page and type the code, as a telephone would show it."""
    from casier.identity.factors import totp
    from casier.kernel.secret import Secret

    secret = Secret(secret_on(get(browser, f"{base}application/")))
    return post(browser, f"{base}application/", code=totp.code_at(secret, timezone.now().timestamp()))


# On the way in ------------------------------------------------------------------------------------------
def test_who_must_enrol_does_so_once_and_has_codes_on_paper(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    assert sign_in(browser, suite="/compte/")["Location"] == ENROL
    page = enrol_application(browser, ENROL)
    codes = codes_in(page)
    assert len(codes) == 10
    assert not signed_in(browser), "the codes are read first"
    assert post(browser, "/connexion/second-facteur/suite/")["Location"] == "/compte/"
    assert signed_in(browser)
    again = new_browser()
    assert sign_in(again)["Location"] == SHOW
    assert post(again, SHOW, moyen="secours", code=codes[3])["Location"] == "/courrier/"
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"identity.factor_added", "identity.recovery_codes_made"} <= actions


def test_a_wrong_code_enrols_nothing_and_keeps_the_picture(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    sign_in(browser)
    before = secret_on(get(browser, f"{ENROL}application/"))
    answer = post(browser, f"{ENROL}application/", code="000000")
    assert answer.status_code == 422
    assert secret_on(answer) == before
    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", text_of(answer))
    empty = post(browser, f"{ENROL}application/", code="")
    assert (empty.status_code, "Saisissez le code" in text_of(empty)) == (422, True)
    assert not Totp.objects.exists()


def test_what_is_advised_is_put_off_and_comes_back(claire: Account, browser: Client) -> None:
    ask(claire.academy, requirement="advised", enrolment_days=90)
    assert sign_in(browser)["Location"] == ENROL
    assert "obligatoire à partir du" in text_of(get(browser, ENROL))
    assert post(browser, f"{ENROL}plus-tard/")["Location"] == "/courrier/"
    assert sign_in(new_browser())["Location"] == "/courrier/"
    now = timezone.now()
    EnrolmentClock.objects.update(put_off_at=now - timedelta(days=8))
    assert sign_in(new_browser())["Location"] == ENROL
    EnrolmentClock.objects.update(began_at=now - timedelta(days=91))
    late = new_browser()
    assert sign_in(late)["Location"] == ENROL
    assert "Plus tard" not in text_of(get(late, ENROL))


@pytest.mark.parametrize("requirement", ["offered", "off"])
def test_where_nothing_is_asked_nothing_is_shown(claire: Account, browser: Client, requirement: str) -> None:
    ask(claire.academy, requirement=requirement)
    assert sign_in(browser)["Location"] == "/courrier/"


def test_in_its_contexts_a_factor_is_asked(claire: Account, browser: Client) -> None:
    ask(claire.academy, requirement="contextual", contexts=("sensitive_service",))
    enrolled(claire)
    assert sign_in(browser)["Location"] == "/courrier/"
    assert sign_in(new_browser(), suite="/console/")["Location"] == SHOW


def test_a_factor_that_the_policy_takes_no_more_counts_for_nothing(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    enrolled(claire)
    ask(claire.academy, methods=("webauthn", "recovery_codes"))
    assert sign_in(browser)["Location"] == ENROL
    assert get(browser, f"{ENROL}application/").status_code == 404


def test_the_other_ways_are_one_link_away(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    sign_in(browser)
    add_key(browser, ENROL, Authenticator())
    post(browser, "/connexion/second-facteur/suite/")
    enrol_application(browser, ADD)
    visitor = new_browser()
    sign_in(visitor)
    page = text_of(get(visitor, SHOW))
    assert 'data-key="get"' in page, "what resists deception comes first"
    for name in ("application", "secours"):
        assert f"{SHOW}?moyen={name}" in page
        assert 'name="code"' in text_of(get(visitor, f"{SHOW}?moyen={name}"))


def test_who_has_to_show_one_anew_does_so_on_a_trusted_device_too(claire: Account, inside: Client) -> None:
    visitor = new_browser()
    sign_in(visitor)
    post(visitor, SHOW, moyen="application", code=demo_code(claire), confiance="on")
    later = new_browser()
    for name, cookie in visitor.cookies.items():
        if "confiance" in name:
            later.cookies[name] = cookie.value
    sign_in(later)
    assert get(later, f"{SHOW}?preuve=1").status_code == 200
    assert get(later, SHOW).status_code == 200, "the way back without it goes round nothing"
    assert post(later, SHOW, moyen="application", code="000000").status_code == 422
    Totp.objects.update(last_counter=0)
    assert post(later, SHOW, moyen="application", code=demo_code(claire))["Location"] == "/courrier/"


def test_pages_hold_no_script_of_their_own(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    sign_in(browser)
    for address in (ENROL, f"{ENROL}application/", f"{ENROL}cle/?genre=acces"):
        answer = get(browser, address)
        assert answer["Content-Security-Policy"] == POLICY
        assert answer["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style", text_of(answer))


def test_the_content_policy_allows_our_own_scripts_and_nothing_more() -> None:
    rules = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


# A telephone --------------------------------------------------------------------------------------------
@pytest.fixture
def gateway(claire: Account, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, CodePurpose]]:
    """A verified telephone; codes are 424242, each for its purpose."""
    sent: list[tuple[str, CodePurpose]] = []
    reaches = [Reach("t1", "sms", "06 •• •• •• 12"), Reach("t1", "voice", "06 •• •• •• 12")]

    def of(account: Account, kinds: tuple[str, ...] = ("mail", "sms", "voice")) -> list[Reach]:
        return [one for one in reaches if account == claire and one.kind in kinds]

    def send(account: Account, reach: Reach, purpose: CodePurpose, **_: str) -> str:
        if len(sent) == 3:
            raise TooManyCodes(seconds=90)
        sent.append((reach.kind, purpose))
        return f"challenge-{len(sent)}"

    def check(challenge: str, typed: str, purpose: CodePurpose) -> str:
        number = int(challenge.removeprefix("challenge-"))
        return claire.public_id if (typed, purpose) == ("424242", sent[number - 1][1]) else ""

    for place in ("identity.factors.facts.means", "portal.factors.showing", "portal.factors.enrolling"):
        monkeypatch.setattr(f"casier.{place}.reaches", of)
    monkeypatch.setattr("casier.portal.factors.showing.send_code", send)
    monkeypatch.setattr("casier.portal.factors.enrolling.check_code", check)
    monkeypatch.setattr("casier.identity.factors.proving.check_code", check)
    return sent


def test_a_telephone_is_enrolled_and_then_asked(
    claire: Account, browser: Client, gateway: list[tuple[str, CodePurpose]]
) -> None:
    ask(claire.academy, methods=("sms", "voice", "totp", "recovery_codes"))
    sign_in(browser)
    page = text_of(get(browser, f"{ENROL}telephone/"))
    assert "SMS au" in page
    assert "Appel vocal au" in page
    assert post(browser, f"{ENROL}telephone/", envoyer="oui", numero="sms:t1").status_code == 200
    assert post(browser, f"{ENROL}telephone/", code="111111").status_code == 422
    assert len(codes_in(post(browser, f"{ENROL}telephone/", code="424242"))) == 10
    assert Telephone.objects.get(account=claire).means_id == "t1"

    visitor = new_browser()
    sign_in(visitor)
    assert "Envoyer le code" in text_of(get(visitor, f"{SHOW}?moyen=sms"))
    assert post(visitor, SHOW, moyen="sms", code="424242").status_code == 422, "none was sent here"
    post(visitor, SHOW, moyen="appel", envoyer="oui")
    assert gateway[-1] == ("voice", CodePurpose.SECOND_FACTOR)
    assert post(visitor, SHOW, moyen="appel", code="424242")["Location"] == "/courrier/"
    assert Telephone.objects.get(account=claire).used_at is not None


def test_too_many_codes_and_a_silent_gateway_leave_a_way_on(
    claire: Account, browser: Client, gateway: list[tuple[str, CodePurpose]]
) -> None:
    ask(claire.academy, methods=("sms", "voice", "totp", "recovery_codes"))
    sign_in(browser)
    for _ in range(3):
        assert post(browser, f"{ENROL}telephone/", envoyer="oui", numero="sms:t1").status_code == 200
    answer = post(browser, f"{ENROL}telephone/", envoyer="oui", numero="sms:t1")
    assert (answer.status_code, "dans 2 minutes" in text_of(answer)) == (429, True)


def recovering(claire: Account, browser: Client, *proofs: Proof) -> None:
    """Put Claire on the road of who comes back in by PROOFS."""
    entry = Entry(
        claire.public_id, Purpose.RECOVERY, int(time.time()), proofs,
        generation=generation(claire.public_id),
    )  # fmt: skip
    get(browser, "/connexion/")
    store = SessionStore(browser.cookies[COOKIE].value if COOKIE in browser.cookies else None)
    if store.session_key is None:
        store.create()
    store["entry"] = entry.as_data()
    store.save()
    browser.cookies[COOKIE] = str(store.session_key)


def test_the_telephone_that_replaced_the_password_is_no_second_factor(
    claire: Account, browser: Client, gateway: list[tuple[str, CodePurpose]]
) -> None:
    ask(claire.academy)
    Telephone.objects.create(account=claire, name="06", means_id="t1", created_at=timezone.now())
    recovering(claire, browser, Proof.PHONE_CODE)
    answer = get(browser, SHOW)
    assert (answer.status_code, "Il faut une autre preuve" in text_of(answer)) == (403, True)
    assert post(browser, SHOW, moyen="sms", envoyer="oui").status_code == 403
    assert not gateway
    secret = enrolled(claire)
    page = text_of(get(browser, SHOW))
    assert "Code par SMS" not in page
    assert post(browser, SHOW, moyen="sms", envoyer="oui").status_code == 422
    assert not gateway
    assert post(browser, SHOW, moyen="application", code=code_of(secret)).status_code == 302


def test_a_trusted_device_brings_nobody_back_in(claire: Account, inside: Client) -> None:
    visitor = new_browser()
    sign_in(visitor)
    post(visitor, SHOW, moyen="application", code=demo_code(claire), confiance="on")
    recovering(claire, visitor, Proof.LINK)
    assert get(visitor, SHOW).status_code == 200


# One's own list -----------------------------------------------------------------------------------------
@pytest.fixture
def inside(claire: Account, browser: Client) -> Client:
    """Claire, signed in with an application of codes."""
    ask(claire.academy)
    sign_in(browser)
    enrol_application(browser, ENROL)
    post(browser, "/connexion/second-facteur/suite/")
    return browser


def test_the_list_names_each_factor(claire: Account, inside: Client) -> None:
    page = text_of(get(inside, MANAGE))
    assert "Application de codes" in page
    assert "Il vous reste 10 codes" in page


def test_the_last_required_factor_stays_until_there_is_another(claire: Account, inside: Client) -> None:
    row = Totp.objects.get(account=claire)
    address = f"{MANAGE}application/{row.id}/retirer/"
    assert get(inside, address).status_code == 200
    refused = post(inside, address)
    assert (refused.status_code, "le dernier" in text_of(refused)) == (422, True)
    assert Totp.objects.filter(account=claire).exists()
    add_key(inside, ADD, Authenticator())
    assert post(inside, address)["Location"] == MANAGE
    assert not Totp.objects.filter(account=claire).exists()
    assert WebAuthnKey.objects.filter(account=claire).exists()
    assert JournalEntry.objects.filter(action="identity.factor_removed").count() == 1


def test_who_gives_up_the_last_one_where_they_may_keeps_no_paper(claire: Account, inside: Client) -> None:
    ask(claire.academy, requirement="offered")
    row = Totp.objects.get(account=claire)
    assert post(inside, f"{MANAGE}application/{row.id}/retirer/")["Location"] == MANAGE
    assert not RecoveryCode.objects.exists()


def test_nobody_takes_away_what_is_another_s(claire: Account, inside: Client) -> None:
    from unit.identity_people import person

    paul = person(claire.academy, "Paul", "Durand", PASSWORD)
    enrolled(paul)
    his = Totp.objects.get(account=paul)
    assert post(inside, f"{MANAGE}application/{his.id}/retirer/").status_code == 404
    assert post(inside, f"{MANAGE}inconnu/{his.id}/retirer/").status_code == 404
    assert Totp.objects.filter(account=paul).exists()


def test_codes_are_made_anew_and_shown_once(claire: Account, inside: Client) -> None:
    assert not codes_in(get(inside, f"{MANAGE}codes/"))
    first = codes_in(post(inside, f"{MANAGE}codes/"))
    assert len(first) == 10
    assert not set(first) & set(codes_in(post(inside, f"{MANAGE}codes/")))


# A fresh proof ------------------------------------------------------------------------------------------
def test_what_is_sensitive_asks_for_a_fresh_proof(claire: Account, inside: Client) -> None:
    age_proof(inside)
    row = Totp.objects.get(account=claire)
    for address in (ADD, f"{ADD}application/", f"{MANAGE}codes/", f"{MANAGE}application/{row.id}/retirer/"):
        assert get(inside, address)["Location"].startswith(f"{CONFIRM}?suite=")
        assert post(inside, address)["Location"].startswith(f"{CONFIRM}?suite=")
    assert get(inside, MANAGE).status_code == 200
    page = text_of(get(inside, f"{CONFIRM}?suite={ADD}"))
    assert 'type="password"' not in page, "who has a second factor shows that"
    assert post(inside, CONFIRM, moyen="mot-de-passe", code=PASSWORD).status_code == 422
    code = demo_code(claire)
    assert post(inside, CONFIRM, moyen="application", code=code, suite=ADD)["Location"] == ADD
    assert get(inside, ADD).status_code == 200


def demo_code(account: Account) -> str:
    """A code whose step wasn't used at enrolment."""
    from engines.factors_scene import secret_of

    return code_of(secret_of(account), 1)


def test_without_a_factor_the_password_is_the_proof(claire: Account, browser: Client) -> None:
    ask(claire.academy, requirement="offered")
    sign_in(browser)
    assert get(browser, ADD).status_code == 200, "just signed in"
    age_proof(browser)
    assert get(browser, ADD).status_code == 302
    wrong = post(browser, CONFIRM, moyen="mot-de-passe", code="tulipe")
    assert wrong.status_code == 422
    done = post(browser, CONFIRM, moyen="mot-de-passe", code=PASSWORD)
    assert (done.status_code, "C’est confirmé" in text_of(done)) == (200, True)
    assert get(browser, ADD).status_code == 200


def test_a_trusted_device_is_no_fresh_proof(claire: Account, inside: Client) -> None:
    visitor = new_browser()
    sign_in(visitor)
    post(visitor, SHOW, moyen="application", code=demo_code(claire), confiance="on")
    later = new_browser()
    for name, cookie in visitor.cookies.items():
        if "confiance" in name:
            later.cookies[name] = cookie.value
    sign_in(later)
    assert get(later, SHOW)["Location"] == "/courrier/"
    assert get(later, ADD)["Location"].startswith(CONFIRM)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/compte/",
        "/compte/\\evil.example",
        "javascript:alert(1)",
        "/deconnexion/",
    ],
)
def test_the_way_back_stays_on_this_site(claire: Account, inside: Client, elsewhere: str) -> None:
    answer = get(inside, f"{CONFIRM}?suite={elsewhere}")
    assert (answer.status_code, answer.get("Location", "")) == (200, "")


# The demo -----------------------------------------------------------------------------------------------
def test_demo_people_have_an_application_that_everyone_can_read(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    address = "claire.lefevre@ac-rouen.fr"
    with pytest.raises(demo.NoKnownFactor):
        demo.code_of(address)
    for _ in range(2):
        demo.enrol_known_totp(claire, demo.known_secret(address))
    for visitor in (browser, new_browser()):  # the second one doesn't wait for the next half minute
        sign_in(visitor)
        assert post(visitor, SHOW, moyen="application", code=demo.code_of(address)).status_code == 302
    assert Totp.objects.filter(account=claire).count() == 1
