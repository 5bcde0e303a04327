"""The pages of means: on the way in, in one's account, twice a year; and who may not reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.dispatch.gateways.outcome import Refused
from casier.identity.dispatch.models import Dispatch
from casier.identity.factors.demo import enrol_known_totp
from casier.identity.history.models import NoticeSent
from casier.identity.means import actions
from casier.identity.means.api import means_wanted
from casier.identity.means.models import Means
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from engines.means_scene import Post, Telephones, code_in, lane, plain, want_means
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DOOR, MANAGE, ADD = "/connexion/secours/", "/compte/secours/", "/compte/secours/ajouter/"


@pytest.fixture(autouse=True)
def with_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"kind": "http", "name": "operateur", "url": "https://sms.example/", "voice": True, "json": {}}
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {"gateways": [one]})


def get(browser: Client, path: str) -> Any:
    return browser.get(path, secure=True)


def post(browser: Client, path: str, **values: str) -> Any:
    return browser.post(path, values, secure=True)


def sent() -> str:
    """The code that the lane has just sent."""
    mails, telephones = Post(), Telephones()
    lane(telephones, mail=mails).step()
    codes = [plain(mail) for mail in mails.mails if "votre code" in str(mail["Subject"])]
    return code_in([*codes, *(message.text for message in telephones.sent)][-1])


def recorded(account: Account, value: str = "claire@laposte.net") -> Means:
    read = actions.read_address if "@" in value else actions.read_number
    means = actions.add(account, read(value), BY)
    Means.objects.filter(pk=means.pk).update(verified_at=timezone.now(), checked_at=timezone.now())
    means.refresh_from_db()
    return means


def test_the_mailbox_opens_once_a_means_is_verified(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    assert sign_in(browser)["Location"] == DOOR
    for elsewhere in ("/courrier/", "/compte/", MANAGE, ADD):
        assert not signed_in(browser)
        assert get(browser, elsewhere).status_code in {302, 404}
    assert 'autocomplete="email"' in get(browser, DOOR).content.decode()
    assert post(browser, DOOR, valeur="claire@laposte.net")["Location"] == f"{DOOR}code/"
    page = get(browser, f"{DOOR}code/").content.decode()
    assert "c•••••@laposte.net" in page
    assert 'autocomplete="one-time-code"' in page
    assert means_wanted(claire)
    answer = post(browser, f"{DOOR}code/", code=sent())
    assert (answer.status_code, answer["Location"]) == (302, "/courrier/")
    assert signed_in(browser)


def test_it_can_not_be_skipped(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    for path in (f"{DOOR}verifier/", f"{DOOR}code/", f"{DOOR}code/autre/"):
        post(browser, path, reponse="plus-tard", code="00000000")
        assert not signed_in(browser)
    assert get(browser, f"{DOOR}code/")["Location"] == DOOR


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"valeur": ""}, "Indiquez une adresse"),
        ({"valeur": "claire.lefevre@ac-rouen.fr"}, "messagerie professionnelle"),
        ({"valeur": "claire"}, "incomplète"),
        ({"valeur": "0899123456", "par": "telephone"}, "surtaxé"),
        ({"valeur": "+447911123456", "par": "telephone"}, "pays"),
        ({"valeur": "<script>", "par": "telephone"}, "incomplet"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    claire: Account, browser: Client, typed: dict[str, str], word: str
) -> None:
    want_means(claire.academy)
    sign_in(browser)
    answer = post(browser, DOOR, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert word in page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page
    assert not Dispatch.objects.exists()


def test_a_telephone_may_be_called_instead(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    assert 'autocomplete="tel"' in get(browser, f"{DOOR}?par=telephone").content.decode()
    post(browser, DOOR, valeur="06 12 34 56 01", par="telephone")
    text = sent()
    post(browser, f"{DOOR}code/autre/", par="voix")
    assert Dispatch.objects.order_by("-created_at")[0].kind == "voice"
    telephones = Telephones()
    lane(telephones).step()
    assert post(browser, f"{DOOR}code/", code=text).status_code == 422
    assert post(browser, f"{DOOR}code/", code=telephones.sent[0].code)["Location"] == "/courrier/"


def test_a_landline_is_called(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    post(browser, DOOR, valeur="02 35 12 34 56", par="telephone")
    assert [row.kind for row in Dispatch.objects.all()] == ["voice"]


def test_wrong_codes_are_counted_in_words_and_then_it_is_over(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    post(browser, DOOR, valeur="claire@laposte.net")
    code = sent()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    pages = [post(browser, f"{DOOR}code/", code=wrong).content.decode() for _ in range(5)]
    assert "4 essais" in pages[0]
    assert "1 essai." in pages[3]
    assert "ne peut plus servir" in pages[4]
    assert "R-" in pages[4]
    assert post(browser, f"{DOOR}code/", code=code).status_code == 422
    post(browser, f"{DOOR}code/autre/")
    assert post(browser, f"{DOOR}code/", code=sent())["Location"] == "/courrier/"


def test_asking_too_often_is_refused_with_a_reference_and_a_time(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    for _ in range(5):
        post(browser, DOOR, valeur="claire@laposte.net")
    answer = post(browser, DOOR, valeur="claire@laposte.net")
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "minutes" in page
    assert "R-" in page


def test_when_no_gateway_answers_the_page_says_so(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    redis().set("casier:gateway-rests:operateur", "1", ex=30)
    answer = post(browser, DOOR, valeur="06 12 34 56 01", par="telephone")
    assert answer.status_code == 503
    assert "Rien n’est perdu" in answer.content.decode()
    assert post(browser, DOOR, valeur="claire@laposte.net")["Location"] == f"{DOOR}code/"


def test_a_message_that_could_not_go_is_told_on_the_page(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    post(browser, DOOR, valeur="06 12 34 56 01", par="telephone")
    telephones = Telephones()
    telephones.answers = [Refused("no such number")]
    lane(telephones).step()
    assert "n’a pas pu partir" in get(browser, f"{DOOR}code/").content.decode()


def test_without_gateways_there_is_no_telephone_on_the_page(
    claire: Account, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {})
    want_means(claire.academy)
    sign_in(browser)
    assert "téléphone" not in get(browser, f"{DOOR}?par=telephone").content.decode()


# Who may not ------------------------------------------------------------------------------------
def test_a_password_alone_puts_no_telephone_beside_a_second_factor(claire: Account, browser: Client) -> None:
    """Who has stolen a password, and is asked for a factor, can't record a telephone of their own first."""
    want_means(claire.academy)
    enrol_known_totp(claire, Secret("JBSWY3DPEHPK3PXP"))
    policy_on(claire)
    assert sign_in(browser)["Location"] == "/connexion/second-facteur/"
    assert post(browser, DOOR, valeur="eve@laposte.net")["Location"] == "/connexion/second-facteur/"
    assert not Means.objects.exists()


def policy_on(account: Account) -> None:
    from msgspec.structs import replace

    from casier.policies.api import adopt, policy_for

    policy = policy_for(account.academy)
    asked = replace(policy, second_factor=replace(policy.second_factor, requirement="required"))
    adopt(account.academy, asked, by=BY, reason="tests", now=timezone.now())


def test_a_session_left_open_changes_nothing_without_a_fresh_proof(claire: Account, browser: Client) -> None:
    means = recorded(claire)
    sign_in(browser)
    session = sessions.SessionStore(browser.cookies["__Host-casier"].value)
    session[sessions.TERMS] = {**session[sessions.TERMS], "proved_at": 1}
    session.save()
    for path in (ADD, f"{MANAGE}{means.pk}/retirer/"):
        for answer in (get(browser, path), post(browser, path, valeur="eve@laposte.net")):
            assert answer["Location"].startswith("/compte/confirmer/?suite=")
    means.refresh_from_db()
    assert means.removed_at is None
    assert Means.objects.count() == 1


def test_nobody_takes_away_what_is_somebody_elses(claire: Account) -> None:
    means = recorded(claire)
    person(claire.academy, "Eve", "Noire", PASSWORD)
    eve = new_browser()
    assert sign_in(eve, "eve.noire")["Location"] == "/courrier/"
    path = f"{MANAGE}{means.pk}/retirer/"
    assert (get(eve, path).status_code, post(eve, path).status_code) == (404, 404)


def test_forms_need_their_token(claire: Account) -> None:
    from django.test import Client as Plain

    strict = Plain(enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443"})
    assert strict.post(f"{MANAGE}toujours-bon/", secure=True).status_code == 403


# In one's account --------------------------------------------------------------------------------
def test_a_means_is_added_and_the_old_ones_hear_of_it(claire: Account, browser: Client) -> None:
    recorded(claire)
    sign_in(browser)
    assert "c•••••@laposte.net" in get(browser, MANAGE).content.decode()
    post(browser, ADD, valeur="06 12 34 56 01", par="telephone")
    answer = post(browser, f"{ADD}code/", code=sent())
    assert answer["Location"] == MANAGE
    page = get(browser, MANAGE).content.decode()
    assert "est vérifié" in page
    assert "06\u00a0••\u00a0••\u00a0••\u00a001" in page
    notice = NoticeSent.objects.get(notice="means_changed")
    new = Means.objects.get(kind="telephone")
    assert (notice.notice, notice.not_by) == ("means_changed", new.id.hex)


def test_a_means_is_taken_away_and_told_itself(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    means = recorded(claire)
    sign_in(browser)
    path = f"{MANAGE}{means.pk}/retirer/"
    assert "Retirer c•••••@laposte.net" in get(browser, path).content.decode()
    refused = post(browser, path)
    assert refused.status_code == 409
    assert "dernier moyen" in refused.content.decode()
    recorded(claire, "0612345601")
    assert post(browser, path)["Location"] == MANAGE
    assert NoticeSent.objects.get(notice="means_changed").not_by == ""
    assert means in actions.told(claire)


# Twice a year ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "place", "again"),
    [("oui", "/courrier/", False), ("plus-tard", "/courrier/", True), ("non", MANAGE, True)],
)
def test_still_good(claire: Account, browser: Client, answer: str, place: str, again: bool) -> None:
    recorded(claire)
    Means.objects.update(checked_at=timezone.now() - timedelta(days=200))
    assert sign_in(browser)["Location"] == f"{DOOR}verifier/"
    assert "c•••••@laposte.net" in get(browser, f"{DOOR}verifier/").content.decode()
    assert not signed_in(browser)
    assert post(browser, f"{DOOR}verifier/", reponse=answer)["Location"] == place
    assert signed_in(browser)
    asked = sign_in(new_browser())["Location"] == f"{DOOR}verifier/"
    assert asked is again


def test_pages_are_small_and_no_secret_is_in_an_address(claire: Account, browser: Client) -> None:
    want_means(claire.academy)
    sign_in(browser)
    answer = post(browser, DOOR, valeur="claire@laposte.net")
    assert "?" not in answer["Location"]
    for path in (DOOR, f"{DOOR}code/"):
        assert len(get(browser, path).content) < 10_000
