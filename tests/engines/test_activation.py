"""Activation with a real Redis and Django's own client: what opens it, and who stays outside."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry, JournalPayload
from casier.directory.actions.accounts import suspend
from casier.directory.models import Academy, Account, AccountState
from casier.identity.activation import tickets
from casier.identity.activation.api import invite
from casier.identity.activation.finishing import finish
from casier.identity.activation.models import Acceptance, Invitation
from casier.identity.api import set_password
from casier.identity.names import find_account
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from casier.policies.api import shipped
from engines.activation_scene import CHARTER, DETAILS, NUMEN, at, finished, newcomer, post, rouen, show, theo
from engines.portal_scene import COOKIE, emptied, redis_server
from unit.identity_people import BY, PASSWORD, academy

__all__ = ["emptied", "redis_server", "rouen", "theo"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


# what opens it


@pytest.mark.parametrize("name", ["Lefevre", "D'AMBRAY LEFEVRE", "ambray", "marchand", "Lefèvre-d’Ambray"])
def test_the_three_answers_put_their_owner_on_the_road(theo: Account, name: str) -> None:
    browser = at("rouen")
    answer = show(browser, numen=" 76e 1234567 abc ", name=name)
    assert (answer.status_code, answer["Location"]) == (302, DETAILS)
    page = browser.get(DETAILS, secure=True).content.decode()
    assert "theo.dambray-lefevre@ac-rouen.fr" in page
    assert "••/••/1987" in page
    assert "14" not in re.findall(r"<dd>(.*?)</dd>", page)[1]
    assert NUMEN not in page
    theo.refresh_from_db()
    assert theo.state == AccountState.INVITED


def test_a_numen_alone_is_enough_where_the_policy_says_so() -> None:
    newcomer(academy("nancy-metz", ("ac-nancy-metz.fr",)))
    answer = post(at("nancy-metz"), "/activation/", numen=NUMEN)
    assert (answer.status_code, answer["Location"]) == (302, DETAILS)


def test_the_code_given_on_arrival_opens_it_once_however_it_is_typed() -> None:
    account = newcomer(academy("normandie", ("ac-normandie.fr",)))
    made = invite(account, by=BY, reason="tests", now=timezone.now())
    assert made.secret is not None
    typed = made.secret.reveal().lower()
    answer = post(at("normandie"), "/activation/", code=f"{typed[:4]} {typed[4:8]}-{typed[8:]}")
    assert (answer.status_code, answer["Location"]) == (302, DETAILS)
    finish(account, by=BY, now=timezone.now())
    assert post(at("normandie"), "/activation/", code=typed).status_code == 422


def test_a_new_code_ends_the_one_before() -> None:
    account = newcomer(academy("normandie", ("ac-normandie.fr",)))
    first = invite(account, by=BY, reason="tests", now=timezone.now())
    second = invite(account, by=BY, reason="tests", now=timezone.now())
    assert first.secret
    assert second.secret
    assert post(at("normandie"), "/activation/", code=first.secret.reveal()).status_code == 422
    assert post(at("normandie"), "/activation/", code=second.secret.reveal()).status_code == 302
    assert Invitation.objects.filter(mac__isnull=False).count() == 1


def test_a_code_that_is_not_one_costs_no_try() -> None:
    academy("normandie", ("ac-normandie.fr",))
    for _ in range(12):
        answer = post(at("normandie"), "/activation/", code="ABCD-EFGH-JKMN")
        assert answer.status_code == 422
        assert "Il y a une faute dans ce code" in answer.content.decode()


def test_a_code_too_late_is_worth_nothing() -> None:
    account = newcomer(academy("normandie", ("ac-normandie.fr",)))
    made = invite(account, by=BY, reason="tests", now=timezone.now() - timedelta(days=31))
    assert made.secret
    assert post(at("normandie"), "/activation/", code=made.secret.reveal()).status_code == 422


def test_an_invitation_opens_the_time_again(theo: Account) -> None:
    Account.objects.filter(pk=theo.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert show(at("rouen")).status_code == 422
    invite(theo, by=BY, reason="tests", now=timezone.now())
    assert show(at("rouen")).status_code == 302


def test_a_temporary_password_leads_from_the_sign_in_page_onto_the_road() -> None:
    account = newcomer(academy("amiens", ("ac-amiens.fr",)))
    made = invite(account, by=BY, reason="tests", now=timezone.now())
    assert made.secret
    browser = at("amiens")
    assert "mot de passe temporaire" in browser.get("/activation/", secure=True).content.decode()
    name = "theo.dambray-lefevre@ac-amiens.fr"
    answer = post(browser, "/connexion/", identifiant=name, mot_de_passe=made.secret.reveal())
    assert (answer.status_code, answer["Location"]) == (302, DETAILS)


def test_pages_weigh_little(rouen: Academy) -> None:
    for path in ("/activation/", "/documents/charte/"):
        assert len(at("rouen").get(path, secure=True).content) < 20_000
    assert shipped("rouen").activation.method == "numen_birth_date"


# replay, two at once, fixation


def test_after_activation_the_proof_is_worth_nothing(theo: Account) -> None:
    first = at("rouen")
    show(first)
    assert finish(theo, by=BY, now=timezone.now())
    assert not finish(theo, by=BY, now=timezone.now())
    assert show(at("rouen")).status_code == 422
    # and who was on the road meanwhile isn't any more
    answer = first.get(DETAILS, secure=True)
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/?fin=delai")


def test_a_broken_off_activation_is_taken_up_again(theo: Account) -> None:
    show(at("rouen"))
    assert show(at("rouen")).status_code == 302


def test_of_two_at_once_the_later_goes_on_alone(theo: Account) -> None:
    owner, other = at("rouen"), at("rouen")
    show(owner)
    show(other)
    assert owner.get(DETAILS, secure=True).status_code == 302
    assert other.get(DETAILS, secure=True).status_code == 200


def test_who_takes_it_up_again_sets_the_password_anew(theo: Account) -> None:
    """Somebody who knows the three answers must not walk in behind an owner who has set the password."""
    set_password(theo, Secret(PASSWORD), BY)
    time_before = timezone.now() - timedelta(seconds=5)
    type(theo.user).objects.filter(account=theo).update(password_changed_at=time_before)
    browser = at("rouen")
    show(browser)
    answer = finished(browser)
    assert answer["Location"] == "/connexion/mot-de-passe/"
    assert browser.get("/api/me", secure=True).status_code == 401


def test_an_invited_account_opens_nothing_before_the_end(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    for path in ("/api/me", "/compte/", "/courrier/"):
        assert browser.get(path, secure=True).status_code in {302, 401, 403, 404}


def test_duties_are_not_skipped_by_their_addresses(theo: Account) -> None:
    browser = at("rouen")
    assert browser.get(DETAILS, secure=True)["Location"] == "/connexion/?fin=delai"
    show(browser)
    answer = post(browser, "/activation/memo/")
    assert answer["Location"] == DETAILS
    assert post(browser, CHARTER, document="charte", version="9", reponse="accord")["Location"] == DETAILS
    assert not Acceptance.objects.exists()


def test_questions_are_not_skipped_either(theo: Account) -> None:
    browser = at("rouen")
    assert post(browser, "/activation/nom/", nom="Lefèvre")["Location"] == "/activation/"
    assert browser.get("/activation/naissance/", secure=True)["Location"] == "/activation/"


def test_a_cookie_planted_before_is_not_the_one_after(theo: Account) -> None:
    browser = at("rouen")
    browser.get("/activation/", secure=True)
    post(browser, "/activation/", numen=NUMEN)
    planted = browser.cookies[COOKIE].value
    show(browser)
    assert browser.cookies[COOKIE].value != planted
    thief = at("rouen")
    thief.cookies[COOKIE] = planted
    assert thief.get(DETAILS, secure=True)["Location"] == "/connexion/?fin=delai"


def test_a_suspended_person_is_out_on_the_road_too(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    suspend(theo, by=BY, reason="tests", now=timezone.now())
    assert browser.get(DETAILS, secure=True).status_code == 302


def test_a_form_from_elsewhere_is_refused(theo: Account) -> None:
    browser = Client(headers={"Host": "rouen.localhost:8443"}, enforce_csrf_checks=True)
    assert post(browser, "/activation/", numen=NUMEN).status_code == 403


def test_the_ticket_is_that_of_the_last_proof(theo: Account) -> None:
    first = tickets.issue(theo.public_id)
    assert tickets.issue(theo.public_id) != first


def test_a_code_that_was_used_is_a_name_and_one_that_was_not_is_none() -> None:
    normandie = academy("normandie", ("ac-normandie.fr",))
    account = newcomer(normandie)
    made = invite(account, by=BY, reason="tests", now=timezone.now())
    assert made.secret
    assert find_account(made.secret.reveal(), normandie) is None
    finish(account, by=BY, now=timezone.now())
    assert find_account(made.secret.reveal().lower(), normandie) == account
    assert find_account(made.secret.reveal(), academy("rouen", ("ac-rouen.fr",))) is None


# the NUMEN is nowhere


def test_the_numen_is_nowhere(rouen: Academy, theo: Account, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = at("rouen")
    pages = [post(browser, "/activation/", numen=NUMEN[:-1] + "1")]  # not one: its field stays empty
    pages += [show(browser, name="Lefort"), show(browser)]
    pages.append(browser.get(DETAILS, secure=True))
    post(browser, "/activation/", numen=NUMEN)  # and half-way, in the visitor's session
    for page in pages:
        assert NUMEN[:-1] not in page.content.decode() + str(page.headers)
    for key in redis().scan_iter():
        kind = redis().type(key)
        # As bytes: counts of places and people are no text.
        raw = kind == "string"
        value = redis().execute_command("GET", key, NEVER_DECODE=True) if raw else redis().hgetall(key)
        assert NUMEN not in f"{key}{value}"
        assert "1987-03-14" not in f"{value}"
    assert NUMEN not in caplog.text
    journal = list(JournalEntry.objects.values()) + list(JournalPayload.objects.values())
    assert NUMEN not in str(journal)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert NUMEN not in str(cursor.fetchall()), table


def test_a_code_is_nowhere_but_on_its_sheet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = newcomer(academy("normandie", ("ac-normandie.fr",)))
    made = invite(account, by=BY, reason="tests", now=timezone.now())
    assert made.secret
    post(at("normandie"), "/activation/", code=made.secret.reveal())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert made.secret.reveal() not in str(cursor.fetchall()), table
    assert made.secret.reveal() not in caplog.text
