"""« It wasn't me », attacked and used: by the link of a notice, and by who is signed in."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.actions.accounts import close
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState, Office
from casier.identity import sessions
from casier.identity.api import check_password, create_app_password, live_app_passwords
from casier.identity.factors.models import Totp
from casier.identity.history.api import (
    ConclusionWanted,
    Notice,
    SignInResult,
    as_facts,
    close_report,
    note_sign_in,
    refusal_with,
    report,
    reports,
    sign_ins,
    tell,
)
from casier.identity.history.deciding import Measure
from casier.identity.history.models import Disavowal, NoticeSent, Report
from casier.identity.means.actions import add, read_address, verify
from casier.identity.means.models import Means
from casier.identity.models import User
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.errors import NotAllowed
from casier.kernel.secret import Secret
from engines.history_scene import Letters, active, bring_all, letters, officer
from engines.portal_scene import (
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
    state_of,
)
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "letters", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def told(account: Account, letters: Letters, notice: Notice = Notice.NEW_DEVICE, **facts: str) -> str:
    """Tell ACCOUNT; the token of its link. What other rooms had to tell goes first."""
    bring_all()
    with transaction.atomic():
        tell(account, notice, {"device": "Firefox, Windows", "source": "203.0.113.9", **facts})
    bring_all()
    return letters.token(account)


def backup_address(account: Account, address: str, ago: timedelta = timedelta()) -> Means:
    """A backup address of ACCOUNT, verified some time AGO."""
    row = verify(add(account, read_address(address), BY), BY)
    then = timezone.now() - ago
    Means.objects.filter(pk=row.pk).update(added_at=then, verified_at=then)
    return row


@pytest.fixture
def way_back(claire: Account) -> Means:
    """Claire has a backup address, for months."""
    return backup_address(claire, "claire@laposte.net", timedelta(days=90))


def visit(browser: Client, token: str) -> Any:
    return browser.get(f"/securite/{token}/", secure=True)


def press(browser: Client, token: str) -> Any:
    return browser.post(f"/securite/{token}/", secure=True)


def prove_second_factor(browser: Client) -> None:
    """As after a second factor was shown a moment ago."""
    digest = sessions.digest_of(browser.cookies["__Host-casier"].value)
    state = state_of(browser)
    state.data[sessions.TERMS] |= {"proofs": ["pwd", "totp"], "proved_at": int(time.time())}
    redis().set(published.session_key(digest), state.dumps(), keepttl=True)


# The link ---------------------------------------------------------------------------------------


def test_a_look_changes_nothing(claire: Account, browser: Client, letters: Letters) -> None:
    """Scanners of mail open every link."""
    sign_in(browser)
    token = told(active(claire), letters)
    stranger = new_browser()
    for _ in range(3):
        page = visit(stranger, token)
        assert page.status_code == 200
        assert stranger.head(f"/securite/{token}/", secure=True).status_code == 200
    assert signed_in(browser)
    assert check_password(claire, Secret(PASSWORD))
    assert not Report.objects.exists()
    assert "Protéger mon compte" in page.content.decode()
    assert "Le mot de passe actuel ne sert plus" in page.content.decode()


def test_the_page_tells_nothing_that_the_mail_did_not(claire: Account, letters: Letters) -> None:
    page = visit(new_browser(), told(active(claire), letters)).content.decode()
    assert "Lefèvre" not in page
    assert "claire" not in page.lower()
    assert "203.0.113.9" not in page


def test_the_link_protects(claire: Account, browser: Client, letters: Letters, way_back: Means) -> None:
    claire = active(claire)
    before = create_app_password(claire, "Téléphone", BY).row
    type(before).objects.update(created_at=timezone.now() - timedelta(days=3))
    sign_in(browser)
    token = told(claire, letters)
    create_app_password(claire, "Outlook", BY)
    waiting = redis().pubsub(ignore_subscribe_messages=True)
    waiting.subscribe(published.CHANNEL_ENDED)
    waiting.get_message(timeout=1)

    page = press(new_browser(), token)

    assert "Votre compte est protégé" in page.content.decode()
    assert "Outlook" in page.content.decode()
    assert not signed_in(browser)
    assert not check_password(claire, Secret(PASSWORD))
    assert [row.name for row in live_app_passwords(claire)] == ["Téléphone"]
    heard = [message["data"] for _ in range(20) if (message := waiting.get_message(timeout=0.05))]
    assert f"{claire.public_id} {published.ENDED_CONNECTIONS}" in heard
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE  # there is a way back: the help desk isn't needed
    assert 'href="/oubli/"' in page.content.decode()
    assert sign_in(new_browser()).status_code == 422


def test_without_a_way_back_the_account_is_suspended(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    page = press(new_browser(), told(claire, letters)).content.decode()
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    assert "Appelez l’assistance" in page


def test_what_a_thief_wrote_down_is_no_way_back(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    token = told(claire, letters)
    theirs = backup_address(claire, "thief@laposte.net")
    page = press(new_browser(), token).content.decode()
    theirs.refresh_from_db()
    assert theirs.removed_at is not None
    assert theirs.hint in page
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED


def test_what_a_thief_enrolled_is_gone_and_named(claire: Account, letters: Letters, way_back: Means) -> None:
    claire = active(claire)
    made = {"account": claire, "secret_sealed": b"x", "created_at": timezone.now() - timedelta(days=9)}
    Totp.objects.create(**made, name="Téléphone de Claire")
    token = told(claire, letters)
    Totp.objects.create(**made | {"created_at": timezone.now()}, name="Téléphone du voleur")
    page = press(new_browser(), token).content.decode()
    assert [row.name for row in Totp.objects.filter(account=claire)] == ["Téléphone de Claire"]
    assert "Téléphone du voleur" in page
    assert ["revoke_since", "totp", "Téléphone du voleur"] in Report.objects.get().done


def test_of_two_at_once_one_reports(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    begin = Barrier(2)

    def both(_: int) -> bool:
        begin.wait()
        try:
            return "Votre compte est protégé" in press(new_browser(), token).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(both, range(2)))
    assert outcomes == [False, True]
    assert Report.objects.count() == 1


def test_a_means_from_before_stays(claire: Account, letters: Letters, way_back: Means) -> None:
    press(new_browser(), told(active(claire), letters))
    way_back.refresh_from_db()
    assert way_back.removed_at is None


def test_after_a_change_the_account_is_suspended_whatever_its_means(
    claire: Account, letters: Letters, way_back: Means
) -> None:
    claire = active(claire)
    press(new_browser(), told(claire, letters, Notice.MEANS_CHANGED, what="mail"))
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED


def test_wrong_guesses_shut_nobody_out(claire: Account, browser: Client, letters: Letters) -> None:
    """Whoever makes Claire afraid must not gain that she locks herself out."""
    sign_in(browser)
    page = press(new_browser(), told(active(claire), letters, Notice.LOCKED)).content.decode()
    assert "Personne n’était entré" in page
    assert signed_in(browser)
    assert check_password(claire, Secret(PASSWORD))
    assert Report.objects.get().event == "try"


def test_a_link_works_once_and_says_so(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    press(new_browser(), token)
    for answer in (press(new_browser(), token), visit(new_browser(), token)):
        assert "Ce lien a déjà servi" in answer.content.decode()
    assert Report.objects.count() == 1


def test_all_links_of_a_notice_are_used_by_one(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    outside = letters.backup[-1][1]
    other = outside.link[1].rstrip("/").rpartition("/")[2]
    assert other != token
    press(new_browser(), other)
    assert "a déjà servi" in press(new_browser(), token).content.decode()
    assert Report.objects.get().road == "mail"


def test_over_unknown_and_invented_links_look_alike(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    Disavowal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    pages = []
    for tried in (token, "A" * 43, "x", "é" * 40, "B" * 5000):
        for answer in (visit(new_browser(), tried), press(new_browser(), tried)):
            assert answer.status_code == 404
            page = answer.content.decode()
            reference = page.partition("<code>")[2].partition("</code>")[0]
            found = refusal_with(reference)
            assert found is not None
            assert found.refusal.account is None
            pages.append(page.replace(reference, ""))
    assert len({page.replace("/securite/", "") for page in pages}) == 1
    assert not Report.objects.exists()


def test_a_link_lives_seven_days(claire: Account, letters: Letters) -> None:
    told(active(claire), letters)
    for link in Disavowal.objects.all():
        assert link.expires_at - link.made_at == timedelta(days=7)


def test_the_token_lies_nowhere(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    press(new_browser(), token)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall()), table


def test_a_link_of_a_closed_account_opens_nothing(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    close(claire, by=BY, reason="tests", now=timezone.now())
    assert visit(new_browser(), token).status_code == 404
    assert press(new_browser(), token).status_code == 404


def test_another_site_cannot_press_the_button(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    strict = Client(enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443"})
    assert strict.post(f"/securite/{token}/", secure=True).status_code == 403
    assert not Report.objects.exists()


def test_someone_elses_session_is_left_alone(claire: Account, browser: Client, letters: Letters) -> None:
    """A colleague follows the link on their own computer: their own session has nothing to do with it."""
    paul = active(person(claire.academy, "Paul", "Martin", PASSWORD))
    sign_in(browser, "paul.martin")
    press(browser, told(active(claire), letters))
    assert signed_in(browser)
    paul.refresh_from_db()
    assert paul.state == AccountState.ACTIVE


# Reports -----------------------------------------------------------------------------------------


def test_it_is_journalled_reported_and_told(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    security, desk = officer(claire.academy), officer(claire.academy, Office.HELP_DESK, "Henri")
    press(new_browser(), told(claire, letters))
    (row,) = reports(claire.academy)
    assert (row.account, row.road, row.event) == (claire, "mailbox", "came_in")
    assert row.done[0][0] == Measure.SUSPEND
    assert JournalEntry.objects.filter(action="identity.disowned", origin="192.0.2.7").exists()
    bring_all()
    subjects = {account: letter.subject for account, letter in letters.mailbox}
    assert subjects[claire] == "Votre compte a été mis en sécurité"
    assert row.reference in subjects[security]
    assert row.reference in subjects[desk]
    assert json.loads(json.dumps(as_facts(row)))["done"][0][0] == "suspend"


def test_an_officer_who_was_robbed_is_not_the_one_to_look_into_it(claire: Account, letters: Letters) -> None:
    robbed, colleague = officer(claire.academy), officer(claire.academy, given="Yves")
    press(new_browser(), told(robbed, letters))
    bring_all()
    told_of_it = [account for account, letter in letters.mailbox if letter.subject.startswith("Signalement")]
    assert told_of_it == [colleague]
    with pytest.raises(NotAllowed):
        close_report(Report.objects.get().reference, "rien à signaler", robbed)


def test_a_report_is_closed_by_who_may_with_words_and_once(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    security = officer(claire.academy)
    press(new_browser(), told(claire, letters))
    reference = Report.objects.get().reference
    with pytest.raises(NotAllowed):
        close_report(reference, "tout va bien", claire)
    with pytest.raises(ConclusionWanted):
        close_report(reference, "  ", security)
    close_report(reference.lower(), "Appelée : c’était elle.", security)
    with pytest.raises(WrongState):
        close_report(reference, "encore", security)
    assert reports(claire.academy) == []
    assert reports(claire.academy, closed=True) == [report(reference)]


# Signed in ---------------------------------------------------------------------------------------


def came_in(account: Account, **more: Any) -> int:
    """Another sign-in, from elsewhere; its line."""
    note_sign_in(
        account, SignInResult.OPENED, academy=account.academy, source="203.0.113.9",
        device="Firefox, Windows", proofs=("pwd",), **more,
    )  # fmt: skip
    return sign_ins(account)[0].pk


def test_the_page_shows_the_days_and_hides_nobody_elses(claire: Account, browser: Client) -> None:
    claire = active(claire)
    sign_in(browser)
    other = came_in(active(person(claire.academy, "Paul", "Martin", PASSWORD)))
    line = came_in(claire)
    page = browser.get("/compte/activite/", secure=True).content.decode()
    assert f"/compte/activite/connexion/{line}/" in page
    assert "Firefox, Windows, hors du réseau de l’académie (adresse 203.0.113.9)" in page
    assert "cette session" in page
    assert f"/connexion/{other}/" not in page
    assert browser.get(f"/compte/activite/connexion/{other}/", secure=True).status_code == 404
    assert browser.post(f"/compte/activite/connexion/{other}/", secure=True).status_code == 404
    assert browser.get(f"/compte/activite/?avant={other}", secure=True).status_code == 200


def test_the_page_asks_no_more_of_the_database_for_more_lines(claire: Account, browser: Client) -> None:
    claire = active(claire)
    sign_in(browser)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/compte/activite/", secure=True)
        return len(captured)

    few = asked()
    for number in range(30):
        came_in(claire)
        with transaction.atomic():
            tell(claire, Notice.APP_PASSWORD_WAITS, {"name": str(number), "id": str(number)})
    assert asked() <= few + 1


def test_nobody_signed_in_sees_nothing(claire: Account) -> None:
    line = came_in(active(claire))
    for path in ("", f"connexion/{line}/", "mot-de-passe/"):
        answer = new_browser().get(f"/compte/activite/{path}", secure=True)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion/")


def test_a_session_with_the_password_alone_ends_as_well(
    claire: Account, browser: Client, way_back: Means
) -> None:
    """It may be the thief's, who disowns its owner to stay alone inside."""
    claire = active(claire)
    sign_in(browser)
    line = came_in(claire)
    ask = browser.get(f"/compte/activite/connexion/{line}/", secure=True).content.decode()
    assert "Vous serez aussi déconnecté ici" in ask
    page = browser.post(f"/compte/activite/connexion/{line}/", secure=True)
    assert "Votre compte est protégé" in page.content.decode()
    assert not signed_in(browser)
    assert not check_password(claire, Secret(PASSWORD))


def test_a_session_with_a_fresh_second_factor_stays_and_chooses_a_new_password(
    claire: Account, browser: Client, way_back: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casier.portal.activity import protecting

    monkeypatch.setattr(protecting, "usable_methods", lambda _account: ("totp",))
    claire = active(claire)
    thief = new_browser()
    sign_in(thief)
    sign_in(browser)
    prove_second_factor(browser)
    line = came_in(claire)
    answer = browser.post(f"/compte/activite/connexion/{line}/", secure=True)
    assert answer["Location"] == "/compte/activite/mot-de-passe/"
    assert signed_in(browser)
    assert not signed_in(thief)
    assert not check_password(claire, Secret(PASSWORD))
    assert claire.state == AccountState.ACTIVE
    fresh = "cerise-Lagon-58-falaise"
    answer = browser.post("/compte/activite/mot-de-passe/", {"nouveau": fresh}, secure=True)
    assert answer["Location"] == "/compte/activite/"
    assert check_password(claire, Secret(fresh))
    assert signed_in(browser)
    # It is for who has none: any other change asks for the present one.
    assert browser.get("/compte/activite/mot-de-passe/", secure=True)["Location"] == "/compte/mot-de-passe/"


def test_the_new_password_page_is_for_who_showed_a_second_factor(claire: Account, browser: Client) -> None:
    active(claire)
    sign_in(browser)
    user = User.objects.get(account=claire)
    user.set_unusable_password()
    User.objects.filter(account=claire).update(password=user.password)
    state = state_of(browser)
    assert state.data[SESSION_KEY]
    answer = browser.post(
        "/compte/activite/mot-de-passe/", {"nouveau": "cerise-Lagon-58-falaise"}, secure=True
    )
    assert answer.status_code == 302
    assert not check_password(claire, Secret("cerise-Lagon-58-falaise"))


def test_a_notice_is_disowned_in_the_list_too_and_once(
    claire: Account, browser: Client, letters: Letters
) -> None:
    claire = active(claire)
    token = told(claire, letters, Notice.LOCKED)
    sign_in(browser)
    notice = NoticeSent.objects.get(notice=Notice.LOCKED)
    there = f"/compte/activite/avis/{notice.id}/"
    # As the list itself leads there.
    assert f'href="{there}"' in browser.get("/compte/activite/", secure=True).content.decode()
    assert browser.get(there, secure=True).status_code == 200
    for _ in range(2):
        answer = browser.post(there, secure=True)
        assert answer["Location"] == "/compte/activite/"
    assert Report.objects.count() == 1
    assert "a déjà servi" in visit(new_browser(), token).content.decode()


def test_a_waiting_program_is_refused_and_nothing_else(
    claire: Account, browser: Client, letters: Letters
) -> None:
    claire = active(claire)
    made = create_app_password(claire, "Tablette", BY).row
    create_app_password(claire, "Téléphone", BY)
    sign_in(browser)
    press(new_browser(), told(claire, letters, Notice.APP_PASSWORD_WAITS, what="Outlook", id=made.id.hex))
    assert [row.name for row in live_app_passwords(claire)] == ["Téléphone"]
    assert signed_in(browser)
