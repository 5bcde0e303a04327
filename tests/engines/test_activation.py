"""Activation with a real Redis and Django's own client: what opens it, and everything that must not."""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casier.audit.models import JournalEntry, JournalPayload
from casier.directory.actions.accounts import activate, suspend
from casier.directory.actions.people import NewAccount, create_account
from casier.directory.models import Academy, Account, AccountState
from casier.identity.activation import limits, proving, tickets
from casier.identity.activation.api import accept_all, invite, publish
from casier.identity.activation.documents import BadDocument, due, in_force
from casier.identity.activation.finishing import finish
from casier.identity.activation.models import Acceptance, CorrectionRequest, DocumentKind, Invitation
from casier.identity.api import set_password
from casier.identity.names import find_account
from casier.identity.redis_link import redis
from casier.kernel.errors import Unavailable
from casier.kernel.secret import Secret
from casier.policies.api import shipped
from engines.portal_scene import COOKIE, emptied, new_browser, redis_server
from unit.identity_people import BY, PASSWORD, academy

__all__ = ["emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

NUMEN = "76E1234567ABC"
BORN = date(1987, 3, 14)
DETAILS, CHARTER = "/activation/coordonnees/", "/connexion/charte/"


def newcomer(owner: Academy, numen: str = NUMEN, family: str = "d’Ambray-Lefèvre") -> Account:
    new = NewAccount("Théo", family, numen=Secret(numen), birth_date=BORN, birth_name="Marchand")
    return create_account(owner, new, by=BY, reason="tests", now=timezone.now())


@pytest.fixture
def rouen() -> Academy:
    return academy()


@pytest.fixture
def theo(rouen: Academy) -> Account:
    return newcomer(rouen)


def at(slug: str) -> Client:
    return new_browser(f"{slug}.localhost:8443")


def post(browser: Client, where: str, **fields: str) -> Any:
    return browser.post(where, fields, secure=True)


def show(browser: Client, numen: str = NUMEN, born: date = BORN, name: str = "Lefèvre") -> Any:
    """Answer Rouen's three questions; the last answer."""
    first = post(browser, "/activation/", numen=numen)
    if first.status_code != 302:
        return first
    day = {"jour": str(born.day), "mois": str(born.month), "annee": str(born.year)}
    post(browser, "/activation/naissance/", **day)
    return post(browser, "/activation/nom/", nom=name)


def bare(answer: Any) -> str:
    """A page without what differs each time."""
    text = re.sub(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", "R", answer.content.decode())
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)


def headers(answer: Any) -> dict[str, str]:
    return {name: re.sub(r"\d+", "0", value) for name, value in answer.headers.items()}


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


# the same answer, the same work


def told_apart(owner: Academy) -> dict[str, Any]:
    """What a stranger gets for every kind of account that doesn't open."""
    now, tries = timezone.now(), {}
    people = {name: f"76E00000{place:02}ABC" for place, name in enumerate(("active", "suspended", "late"), 1)}
    accounts = {name: newcomer(owner, numen, f"Nom{name}") for name, numen in people.items()}
    activate(accounts["active"], by=BY, reason="tests", now=now)
    suspend(accounts["suspended"], by=BY, reason="tests", now=now)
    Account.objects.filter(pk=accounts["late"].pk).update(created_at=now - timedelta(days=40))
    elsewhere = newcomer(academy("amiens", ("ac-amiens.fr",)), "80E0000009ABC", "Ailleurs")
    assert elsewhere
    for name, numen in people.items():
        tries[name] = (numen, BORN, f"Nom{name}")
    tries |= {
        "wrong day": (NUMEN, date(1987, 3, 15), "Lefèvre"),
        "wrong name": (NUMEN, BORN, "Lefort"),
        "unknown": ("76E9999999ZZZ", BORN, "Lefèvre"),
        "elsewhere": ("80E0000009ABC", BORN, "Ailleurs"),
    }
    return tries


def test_nobody_learns_from_the_answer_who_waits(rouen: Academy, theo: Account) -> None:
    answers = [show(at("rouen"), *one) for one in told_apart(rouen).values()]
    assert {answer.status_code for answer in answers} == {422}
    assert len({bare(answer) for answer in answers}) == 1
    assert len({json.dumps(headers(answer), sort_keys=True) for answer in answers}) == 1


def test_nobody_learns_it_from_the_work_either(rouen: Academy, theo: Account) -> None:
    """The work is compared, not the clock: a busy machine would decide otherwise."""
    counts, took = {}, {}
    for name, (numen, born, family) in told_apart(rouen).items():
        shown = proving.Shown(rouen, "192.0.2.9", Secret(numen), born, family)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            assert proving.prove(shown, time.time()) == proving.NotProved()
        took[name] = time.perf_counter() - began
        counts[name] = [query["sql"].split(" ")[0] for query in captured]
    assert len({tuple(queries) for queries in counts.values()}) == 1, counts
    assert JournalEntry.objects.filter(action="identity.activation_refused").count() == len(counts)
    assert max(took.values()) < 1


def test_the_same_for_a_code(rouen: Academy) -> None:
    normandie = academy("normandie", ("ac-caen.fr",))
    now, waiting = timezone.now(), {}
    for place, name in enumerate(("active", "suspended", "late")):
        account = newcomer(normandie, f"14E00000{place:02}ABC", f"Nom{name}")
        made = invite(account, by=BY, reason="tests", now=now - timedelta(days=40 if name == "late" else 0))
        waiting[name] = made.secret
        if name == "active":
            finish(account, by=BY, now=now)
        if name == "suspended":
            suspend(account, by=BY, reason="tests", now=now)
    waiting["unknown"] = Secret("222222222222")
    answers, queries = [], set()
    for code in waiting.values():
        assert code
        with CaptureQueriesContext(connection) as captured:
            shown = proving.Shown(normandie, "192.0.2.9", code=code)
            assert proving.prove(shown, time.time()) == proving.NotProved()
        queries.add(tuple(query["sql"].split(" ")[0] for query in captured))
        answers.append(post(at("normandie"), "/activation/", code=code.reveal()))
    assert len(queries) == 1
    assert len({bare(answer) for answer in answers}) == 1


def test_after_a_refusal_the_first_question_leads_on(theo: Account) -> None:
    browser = at("rouen")
    refused = show(browser, name="Lefort")
    assert 'action="/activation/"' in refused.content.decode()
    assert 'name="numen"' in refused.content.decode()
    assert show(browser).status_code == 302


# guessing


def test_who_knows_a_numen_does_not_guess_the_birth_date(rouen: Academy, theo: Account) -> None:
    """A month of guessing from a thousand places, one try whenever it is allowed: some forty, of 16 000
    days.
    """
    now, end, tries, place = 1_000_000.0, 1_000_000.0 + 30 * 86400, 0, 0
    while now < end:
        place += 1
        shown = proving.Shown(
            rouen, f"198.51.{place % 250}.{place // 250}", Secret(NUMEN), date(1950, 1, 1), "Lefèvre"
        )
        outcome = proving.prove(shown, now)
        if isinstance(outcome, proving.Later):
            now += outcome.seconds
        else:
            tries += 1
    assert tries < 60


def test_the_wait_is_the_same_for_a_numen_that_nobody_has(rouen: Academy, theo: Account) -> None:
    waits: list[list[int]] = []
    for numen in (NUMEN, "76E9999999ZZZ"):
        shown = proving.Shown(rouen, f"192.0.2.{len(waits)}", Secret(numen), date(1950, 1, 1), "X")
        outcomes = [proving.prove(shown, 1000.0) for _ in range(7)]
        waits.append([getattr(outcome, "seconds", 0) for outcome in outcomes])
    assert waits[0] == waits[1]
    assert waits[0][-1] > 0


def test_tries_beyond_the_limit_are_not_looked_at(rouen: Academy, theo: Account) -> None:
    for _ in range(5):
        assert show(at("rouen"), name="Lefort").status_code == 422
    late = show(at("rouen"))
    assert late.status_code == 429
    assert "Patientez" in late.content.decode()
    assert int(late["Retry-After"]) > 0


def test_an_invitation_gives_its_owner_the_tries_back(rouen: Academy, theo: Account) -> None:
    for _ in range(6):
        show(at("rouen"), name="Lefort")
    invite(theo, by=BY, reason="tests", now=timezone.now())
    assert show(at("rouen")).status_code == 302


def test_one_place_does_not_walk_through_many_numens(rouen: Academy) -> None:
    outcomes = [
        proving.prove(proving.Shown(rouen, "192.0.2.9", Secret(f"76E{n:07}ABC"), BORN, "X"), 5000.0)
        for n in range(60)
    ]
    looked_at = sum(outcome == proving.NotProved() for outcome in outcomes)
    assert looked_at == limits.FREE_OF_SOURCE


def test_in_a_wave_each_place_has_few_tries_and_an_honest_one_passes(rouen: Academy, theo: Account) -> None:
    for n in range(limits.ALARM):
        proving.prove(proving.Shown(rouen, f"198.51.100.{n}", Secret(f"76E{n:07}ABC"), BORN, "X"), 5000.0)
    outcomes = [
        proving.prove(proving.Shown(rouen, "192.0.2.9", Secret(f"77E{n:07}ABC"), BORN, "X"), 5000.0)
        for n in range(20)
    ]
    assert sum(outcome == proving.NotProved() for outcome in outcomes) == limits.FREE_OF_SOURCE_IN_ALARM
    right = proving.Shown(rouen, "192.0.2.77", Secret(NUMEN), BORN, "Lefèvre")
    assert proving.prove(right, 5000.0) == proving.Proved(theo)


def test_without_redis_nothing_is_refused(
    rouen: Academy, theo: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> int:
        raise ConnectionError

    monkeypatch.setattr(limits, "reserve", down)
    shown = proving.Shown(rouen, "192.0.2.9", Secret(NUMEN), BORN, "Lefèvre")
    with pytest.raises(Unavailable):
        proving.prove(shown, time.time())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4000)), max_size=40))
def test_no_order_of_tries_gets_more_looks_than_the_limit(steps: list[tuple[bool, int]]) -> None:
    """Whatever the waits between wrong tries, within a week no more are looked at than free ones and the
    delays in between allow; a right one starts the count again.
    """
    redis().flushdb()
    now, wrong, until = 1_000_000.0, 0, 0.0
    attempt = limits.Attempt("i", "192.0.2.1", "a")
    for right, pause in steps:
        now += pause
        wait = limits.reserve(redis(), attempt, now, 5)
        assert (wait > 0) == (until > now)
        if wait:
            continue
        if right:
            limits.succeed(redis(), attempt)
            wrong, until = 0, 0.0
            continue
        wrong += 1
        if wrong >= 5:
            until = now + min(limits.FIRST_DELAY * 2 ** (wrong - 5), limits.LONGEST_OF_PERSON)


# replay, two at once, fixation


def finished(browser: Client) -> Any:
    """Walk to the end: details, documents, password; then whatever the other rooms still ask."""
    post(browser, DETAILS)
    for kind in DocumentKind:
        read = {"document": kind.value, "version": "1", "reponse": "accord"}
        answer = post(browser, CHARTER, **read)
    return answer


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


# details and documents


def test_what_is_wrong_is_kept_for_the_help_desk_and_the_road_goes_on(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    where = f"{DETAILS}signaler/"
    assert post(browser, where, inexact="name").status_code == 422
    assert post(browser, where, precision="x").status_code == 422
    answer = post(browser, where, inexact="name", precision="<b>Dambray</b>")
    row = CorrectionRequest.objects.get()
    assert (row.wrong, row.text, row.account) == (["name"], "<b>Dambray</b>", theo)
    assert row.reference in answer.content.decode()
    assert post(browser, DETAILS)["Location"] == CHARTER
    for _ in range(6):
        post(browser, where, inexact="other", precision="again")
    assert CorrectionRequest.objects.count() == 3


def test_both_documents_are_read_one_after_the_other(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    post(browser, DETAILS)
    page = browser.get(CHARTER, secure=True).content.decode()
    assert "Charte d’usage" in page
    assert "a changé" not in page
    assert "Académie de rouen" in page
    post(browser, CHARTER, document="charte", version="1", reponse="accord")
    assert "Notice de confidentialité" in browser.get(CHARTER, secure=True).content.decode()
    answer = post(browser, CHARTER, document="confidentialite", version="1", reponse="accord")
    assert answer["Location"] == "/connexion/mot-de-passe/"
    rows = {row.kind: row for row in Acceptance.objects.filter(account=theo)}
    assert set(rows) == set(DocumentKind)
    assert rows["charte"].source == "192.0.2.7"
    assert rows["charte"].digest == in_force(theo.academy)[DocumentKind.CHARTER].digest("fr")


def test_who_declines_is_out_with_a_reason(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    post(browser, DETAILS)
    answer = post(browser, CHARTER, document="charte", version="1", reponse="refus")
    assert "Votre boîte reste fermée" in answer.content.decode()
    assert browser.get(CHARTER, secure=True).status_code == 302
    assert not Acceptance.objects.exists()
    assert show(at("rouen")).status_code == 302


def test_a_new_version_is_asked_again_where_it_says_so(theo: Account) -> None:
    rouen, now = theo.academy, timezone.now()
    accept_all(theo, BY, now)
    assert due(theo) == []
    said = {"fr": "# Charte\n\nMieux."}
    publish(rouen, DocumentKind.CHARTER, said, by=BY, reason="faute", now=now, reaccept=False)
    assert due(theo) == []
    publish(rouen, DocumentKind.CHARTER, {"fr": "# Charte\n\nAutre."}, by=BY, reason="CSA", now=now)
    assert [document.version for document in due(theo)] == [3]
    publish(
        rouen,
        DocumentKind.CHARTER,
        {"fr": "# Charte\n\nMot."},
        by=BY,
        reason="faute",
        now=now,
        reaccept=False,
    )
    assert [(document.version, document.asked_from) for document in due(theo)] == [(4, 3)]
    accept_all(theo, BY, now)
    assert due(theo) == []
    with pytest.raises(BadDocument):
        publish(rouen, DocumentKind.CHARTER, {"en": "# Charter\n\nx"}, by=BY, reason="", now=now)
    with pytest.raises(BadDocument):
        publish(rouen, DocumentKind.CHARTER, {"fr": "Sans titre"}, by=BY, reason="", now=now)


def test_documents_in_force_are_open_to_everyone(rouen: Academy) -> None:
    for kind in DocumentKind:
        answer = at("rouen").get(f"/documents/{kind.value}/", secure=True)
        assert answer.status_code == 200
        assert "script" not in answer.content.decode()
    assert at("rouen").get("/documents/autre/", secure=True).status_code == 404
    english = at("rouen").get("/documents/charte/", headers={"Accept-Language": "en"}, secure=True)
    assert "Charter of use" in english.content.decode()


def test_the_ticket_is_that_of_the_last_proof(theo: Account) -> None:
    first = tickets.issue(theo.public_id)
    assert tickets.issue(theo.public_id) != first


def test_pages_weigh_little(rouen: Academy) -> None:
    for path in ("/activation/", "/documents/charte/"):
        assert len(at("rouen").get(path, secure=True).content) < 20_000
    assert shipped("rouen").activation.method == "numen_birth_date"


def test_a_code_that_was_used_is_a_name_and_one_that_was_not_is_none() -> None:
    normandie = academy("normandie", ("ac-normandie.fr",))
    account = newcomer(normandie)
    made = invite(account, by=BY, reason="tests", now=timezone.now())
    assert made.secret
    assert find_account(made.secret.reveal(), normandie) is None
    finish(account, by=BY, now=timezone.now())
    assert find_account(made.secret.reveal().lower(), normandie) == account
    assert find_account(made.secret.reveal(), academy("rouen", ("ac-rouen.fr",))) is None
